"""Figures of computations that a sealed plan quotes: reviewers read and cite them, and nothing beyond them."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse

from qingyuan.kernel import storage
from qingyuan.pilots.models import Pilot, Submission
from qingyuan.review import scoring
from qingyuan.review.drafts import save_assessment
from qingyuan.review.models import Case
from qingyuan.review.scoring import places_of
from tests.assessment_maker import Panel, drafted, user_of
from tests.kernel.gate.samples import png
from tests.people.strict import strict
from tests.pilots.workspace import signed_in
from tests.run_maker import computed_for, newer


@pytest.fixture
def quoting_case(maker, review):
    """A received application whose plan quotes a computation, made before it was handed in again."""
    world = maker.world
    case = next(one for one in review.cases if one.submission.pilot.applicant_id == world.park.pk)
    pilot = Pilot.objects.get(pk=case.submission.pilot_id)
    run = computed_for(maker, pilot)
    # The seal is made anew with a chapter that quotes; how versions replace each other is tested where it belongs.
    snapshot = {**case.submission.snapshot}
    figure = run.findings.get(key="select:cost")
    first, *others = snapshot["chapters"]
    html = f'<p>年费用<data data-quote="finding:{figure.code}:{run.number}">{figure.text}</data>。</p>'
    snapshot["chapters"] = [{**first, "html": html}, *others]
    Submission.objects.filter(pk=case.submission_id).update(snapshot=snapshot)
    return Case.objects.select_related("round__call__joint_body", "submission__pilot").get(pk=case.pk), run


@pytest.mark.clause("N9", "N1")
def test_a_quoted_figure_can_be_cited_as_evidence_and_stays_what_was_sealed(maker, quoting_case):
    case, run = quoting_case
    panel = Panel(maker.world, case)
    newer(maker, run, cost="999.00")
    anchor = f"finding-{run.findings.get(key='select:cost').code}-{run.number}"
    assert any(one.id == anchor and "541.63" in one.title for one in places_of(panel.case))
    first = panel.assignments[0]
    made = drafted(first)
    dimension = next(iter(made.sheet.weights))
    client = signed_in(user_of(first))
    answer = client.get(reverse("review:assess", args=[first.pk]))
    strict(answer)
    page = answer.content.decode()
    assert f'id="{anchor}"' in page
    assert "541.63" in page
    assert "999.00" not in page
    content = scoring.Content.of(made)
    cited = scoring.Content(**{**vars(content), "evidence": {dimension: [anchor]}})
    saved = save_assessment(made, content=cited, revision=made.draft_revision, by=user_of(first))
    assert saved.evidence == {dimension: [anchor]}


def test_experts_read_what_was_quoted_and_never_the_data_behind_it(maker, quoting_case):
    case, run = quoting_case
    panel = Panel(maker.world, case)
    for user in panel.users:
        client = signed_in(user)
        for url in (
            reverse("audits:run", args=[run.pk]),
            reverse("audits:run-file", args=[run.pk, "result.json"]),
            reverse("audits:audit-report-docx", args=[run.pk]),
            reverse("audits:tables", args=[run.dataset_id]),
            reverse("audits:dataset", args=[run.dataset_id]),
            reverse("audits:quotes", args=[run.dataset.pilot_id]),
        ):
            assert client.get(url).status_code == 404, url
        page = client.get(reverse("review:assess", args=[panel.assignments[0].pk])).content.decode()
        assert f"/runs/{run.pk}/" not in page


def test_the_places_of_a_plan_cost_the_same_however_much_it_quotes(
    quoting_case, django_assert_max_num_queries
):
    case, _run = quoting_case
    with django_assert_max_num_queries(3):
        places_of(case)


@pytest.mark.clause("N9", "N1")
def test_a_chart_of_the_sealed_plan_can_be_cited_as_evidence(maker, quoting_case):
    case, _run = quoting_case
    picture = png(8)
    blob = storage.put(io.BytesIO(picture))
    snapshot = {**case.submission.snapshot}
    first, *others = snapshot["chapters"]
    upload = "0f9d6a52-7c1e-4ad0-9a53-2f1f0e1a7f61"
    shown = f'<img data-upload="{upload}" alt="演示断面浓度〔k7x2m5qa.3〕">'
    snapshot["chapters"] = [{**first, "html": first["html"] + shown}, *others]
    snapshot["pictures"] = [{"upload": upload, "name": "演示.png", "size": blob.size, "sha256": blob.sha256}]
    Submission.objects.filter(pk=case.submission_id).update(snapshot=snapshot)
    case = Case.objects.select_related("round__call__joint_body", "submission__pilot").get(pk=case.pk)
    panel = Panel(maker.world, case)
    assignment = panel.assignments[0]
    made = drafted(assignment)
    dimension = next(iter(made.sheet.weights))
    client, url = signed_in(user_of(assignment)), reverse("review:assess", args=[assignment.pk])
    answer = client.get(url)
    strict(answer)
    page = answer.content.decode()
    assert 'id="chart-k7x2m5qa-3"' in page
    assert "引用的图：演示断面浓度" in page
    address = reverse("review:case-file", args=[assignment.pk, blob.sha256])
    assert b"".join(client.get(address).streaming_content) == picture
    given = {"revision": made.draft_revision, f"evidence-{dimension}": ["chart-k7x2m5qa-3"]}
    assert client.post(url, given).status_code == 302
    made.refresh_from_db()
    assert made.evidence == {dimension: ["chart-k7x2m5qa-3"]}
