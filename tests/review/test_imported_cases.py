"""A case of a province that does not use the product: experts read its files, its visit comes to an end, papers are made."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse

from qingyuan.kernel import clock, todos
from qingyuan.kernel.models import Mail
from qingyuan.people.models import Interest
from qingyuan.review import actions, scoring
from qingyuan.review.actions.visits import Member
from qingyuan.review.decisions import Row
from qingyuan.review.models import Case, Round, Visit
from qingyuan.review.queries.visits import RELATED
from tests.assessment_maker import assignment_of, content_of, opened, submitted, user_of
from tests.house.test_route_matrix import body_of
from tests.people.strict import client_of, strict, words
from tests.review.state_rounds import state_round, taken_in
from tests.review.test_state_imports import GOOD, posted, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(review):
    """The State's round with one imported case, its plan and its letter uploaded."""
    with state_round(review) as round_:
        posted(client_of(review.state_handler), round_, workbook(round_, [GOOD]))
        Round.objects.filter(pk=round_.pk).update(stage="reviewing")
        case = round_.cases.get()
        for kind, name in (("plan", "演示方案.pdf"), ("letter", "演示推荐函.pdf")):
            upload = review.maker.upload(by=review.state_handler, name=name)
            actions.attach_file(case, by=review.state_handler, kind=kind, upload=upload)
        Case.objects.filter(pk=case.pk).update(stage="assessment")
        review.case = Case.objects.select_related("round__call__joint_body").get(pk=case.pk)
        yield review


def fresh(visit):
    return Visit.objects.select_related(*RELATED).get(pk=visit.pk)


@pytest.mark.clause("N9")
def test_an_expert_reads_the_files_quotes_them_and_scores(imported):
    task = assignment_of(imported.world, imported.case, 1)
    sheet = opened(task)
    client = client_of(user_of(task))
    page = client.get(reverse("review:assess", args=[task.pk]))
    strict(page)
    assert "演示方案.pdf" in words(page)
    assert GOOD["object_name"] in words(page)
    files = [one.upload for one in imported.case.files.select_related("upload")]
    for upload in files:
        answer = client.get(reverse("review:case-file", args=[task.pk, upload.sha256]))
        assert body_of(answer).startswith(b"%PDF")
    assert client.get(reverse("review:case-file", args=[task.pk, "0" * 64])).status_code == 404
    quoted = [place.id for place in scoring.places_of(imported.case)]
    assert [one for one in quoted if f'id="{one}"' not in page.content.decode()] == []
    content = content_of(sheet.sheet, 4, evidence={sheet.sheet.dimensions[0].id: quoted[:1]})
    assert not scoring.out_of_place(sheet.sheet, content, scoring.places_of(imported.case))


def test_an_expert_in_conflict_gets_none_of_the_files(imported):
    task = assignment_of(imported.world, imported.case, 1)
    opened(task)
    upload = imported.case.files.first().upload
    Interest.objects.create(
        expert=task.appointment.expert,
        body_name=GOOD["applicant"],
        relation="consulting",
        declared_at=clock.now(),
    )
    client = client_of(user_of(task))
    for address in (
        reverse("review:assess", args=[task.pk]),
        reverse("review:case-file", args=[task.pk, upload.sha256]),
    ):
        assert client.get(address).status_code == 404
    stranger = client_of(imported.park_handler)
    assert stranger.get(reverse("review:case-file", args=[task.pk, upload.sha256])).status_code == 404


@pytest.mark.clause("N9")
def test_a_visit_comes_to_its_end_with_what_came_on_paper(imported):
    office = imported.state_handler
    visit = actions.plan_visit(imported.case, by=office, reason="演示：专家建议核实")
    day = clock.local(clock.now()).date() + timedelta(days=2)
    actions.schedule_visit(visit, by=office, day=day, position=1, address="演示路 2 号", place=None)
    actions.set_team(visit, by=office, members=[Member(office)], lead=office)
    before = Mail.objects.count()
    actions.notify_visit(fresh(visit), by=office)
    assert Mail.objects.count() == before  # nobody to write to: the notice goes on paper
    visit.items.update(answer="consistent")
    actions.conclude_visit(fresh(visit), by=office, conclusion="演示：相符")
    assert any("答复现场调查" in todo.title for todo in todos.of(office))
    client = client_of(office)
    page = client.get(visit.get_absolute_url())
    assert "由其所在省转交" in words(page)
    assert "照录它的书面答复" in words(client.get(reverse("review:visit-reply", args=[visit.pk])))
    # Neither an applicant here nor the other departments' people enter it.
    for stranger in (imported.park_handler, imported.park_signer):
        assert not actions.reply_to_visit.allowed(stranger, fresh(visit))
        assert not actions.sign_applicant.allowed(stranger, fresh(visit))
    actions.reply_to_visit(fresh(visit), by=office, reply="演示：无意见")
    actions.sign_team(fresh(visit), by=office)
    assert "已收到申报单位签字盖章" in words(
        client.get(reverse("review:visit-sign-applicant", args=[visit.pk]))
    )
    actions.sign_applicant(fresh(visit), by=office)
    assert fresh(visit).stage == Visit.Stage.SIGNED
    with zipfile.ZipFile(
        io.BytesIO(client.get(reverse("review:visit-report", args=[visit.pk])).content)
    ) as book:
        text = book.read("word/document.xml").decode()
    assert "纸质原件，由" in text
    assert "书面答复，由组织单位登记" in words(client.get(visit.get_absolute_url()))


def test_every_page_and_paper_of_an_imported_case_opens(imported):
    for number in (1, 2, 3):
        submitted(assignment_of(imported.world, imported.case, number))
    client = client_of(imported.state_handler)
    names = ("case", "case-materials", "form-check", "case-experts", "panel", "case-visit", "case-decision")
    for name in (*names, "case-alike", "case-papers", "truthfulness", "consultations"):
        answer = client.get(reverse(f"review:{name}", args=[imported.case.pk]))
        assert answer.status_code == 200, name
        strict(answer)
    with zipfile.ZipFile(
        io.BytesIO(body_of(client.get(reverse("review:case-dossier", args=[imported.case.pk]))))
    ) as book:
        names = book.namelist()
    assert {"演示方案.pdf", "演示推荐函.pdf"} <= set(names)


def test_the_office_is_told_whom_the_release_does_not_reach(imported):
    round_ = imported.case.round
    Case.objects.filter(pk=imported.case.pk).update(stage="decision")
    decision = actions.draft(
        round_, by=imported.state_handler, kind="final", items=[Row(imported.case.pk, "approved")]
    )
    actions.send_for_cosign(decision, by=imported.state_handler, due_at=clock.now() + timedelta(days=3))
    for signer in (imported.state_signer, imported.ndrc_signer):
        decision.refresh_from_db()
        actions.consent(decision, by=signer, content_sha256=decision.content_sha256)
    decision.refresh_from_db()
    page = client_of(imported.state_signer).get(reverse("review:release-decision", args=[decision.pk]))
    assert f"请以公函告知其所在省：{imported.case.label}" in words(page)
    before = Mail.objects.count()
    actions.release(decision, by=imported.state_signer)
    assert Mail.objects.count() == before
    imported.case.refresh_from_db()
    assert imported.case.stage == "approved"


def test_recommended_materials_stand_on_the_states_cases_alone(review):
    client = client_of(review.province_handler)
    assert "推荐材料" not in words(client.get(review.cases[0].get_absolute_url()))
    with taken_in(review) as round_:
        state = client_of(review.state_handler).get(round_.cases.first().get_absolute_url())
        assert "推荐材料" in words(state)
        below = client_of(review.state_handler).get(round_.cases.first().origin.get_absolute_url())
        assert below.status_code == 200
        assert "推荐材料" not in words(below)
