"""An expert's score sheet: saved while typing, complete when submitted, sealed, and blind until then."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from qingyuan.catalogue.scoresheets import scoresheets
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Invalid, NotAllowed, Stale, WrongStage
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.review import actions, drafts, scoring
from qingyuan.review.models import Assessment, Assignment
from qingyuan.review.scoring import Content
from tests.assessment_maker import OPINION, Panel, content_of, drafted, opened, submitted, user_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SHEET = scoresheets()["henan-assessment-2022"]


@pytest.fixture
def panel(review):
    return Panel(review.world, review.cases[0])


def test_the_sheet_opens_once_and_says_since_when(panel):
    one = panel.assignments[0]
    made = opened(one)
    assert made.opened_at == clock.now()
    assert made.sheet_id == "henan-assessment-2022"
    one.refresh_from_db()
    assert one.stage == Assignment.Stage.STARTED
    with pytest.raises(Invalid):
        actions.open_assessment(one, by=user_of(one))


def test_a_draft_is_saved_and_two_windows_do_not_overwrite_each_other(panel):
    made = opened(panel.assignments[0])
    by = panel.users[0]
    first = Content(scores={"idea": 4}, opinion="第一个窗口")
    saved = drafts.save_assessment(made, content=first, revision=0, by=by)
    assert (saved.draft_revision, saved.scores) == (1, {"idea": 4})
    assert drafts.save_assessment(made, content=first, revision=0, by=by).draft_revision == 1
    with pytest.raises(drafts.SheetChanged) as caught:
        drafts.save_assessment(made, content=Content(opinion="第二个窗口"), revision=0, by=by)
    assert caught.value.status == 409
    assert (caught.value.yours.opinion, caught.value.theirs.opinion) == ("第二个窗口", "第一个窗口")
    assert LedgerEntry.objects.filter(verb__startswith="assessment.").count() == 1


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (Content(scores={"idea": 6}), "score-idea"),
        (Content(scores={"charm": 3}), "score-charm"),
        (Content(comments={"idea": "长" * 2001}), "comment-idea"),
        (Content(evidence={"idea": ["chapter-nowhere"]}), "evidence-idea"),
        (Content(criteria={"groundwork": "yes"}), "criterion-groundwork"),
        (Content(confidence="none"), "confidence"),
        (Content(overall="agree"), "overall"),
        (Content(opinion="长" * 5001), "opinion"),
    ],
)
def test_what_the_sheet_does_not_know_is_refused_even_in_a_draft(panel, content, where):
    with pytest.raises(Invalid) as caught:
        drafts.save_assessment(opened(panel.assignments[0]), content=content, revision=0, by=panel.users[0])
    assert [problem.where for problem in caught.value.problems] == [where]


def test_everything_that_is_missing_is_said_at_once(panel):
    made = opened(panel.assignments[0])
    saved = drafts.save_assessment(
        made,
        content=Content(scores={"idea": 5, "goals": 1}, comments={"goals": "x"}),
        revision=0,
        by=panel.users[0],
    )
    with pytest.raises(Invalid) as caught:
        actions.submit_assessment(saved, by=panel.users[0], draft_revision=1)
    assert [problem.where for problem in caught.value.problems] == [
        "comment-idea", "score-groundwork", "score-contents", "score-plan", "score-results",
        "confidence", "overall", "opinion",
    ]  # fmt: skip


@pytest.mark.clause("H3")
def test_a_submitted_sheet_is_sealed_and_the_ledger_holds_its_hash_but_no_score(panel):
    made = submitted(panel.assignments[0], 5, evidence={"goals": ["chapter-goals", "target-1"]})
    assert made.stage == "submitted"
    seal = made.seals.get()
    assert sha256_hex(canonical_bytes(seal.content)) == seal.sha256 == made.sha256
    assert seal.content["evidence"] == {"goals": ["chapter-goals", "target-1"]}
    entry = LedgerEntry.objects.get(verb="assessment.submit")
    assert entry.content["payload"]["sha256"] == made.sha256
    assert "scores" not in entry.body
    assert OPINION not in entry.body
    panel.assignments[0].refresh_from_db()
    assert panel.assignments[0].stage == Assignment.Stage.SUBMITTED
    with pytest.raises(WrongStage):
        drafts.save_assessment(made, content=Content(), revision=made.draft_revision, by=panel.users[0])


def test_equal_sheets_have_different_hashes(panel):
    one, other = (submitted(panel.assignments[index]) for index in (0, 1))
    assert one.sha256 != other.sha256
    assert len({seal.content["salt"] for made in (one, other) for seal in made.seals.all()}) == 2


def test_what_was_saved_in_another_window_is_not_submitted_unread(panel):
    made = drafted(panel.assignments[0])
    with pytest.raises(Stale):
        actions.submit_assessment(made, by=panel.users[0], draft_revision=0)


def test_only_the_expert_of_the_assignment_writes(panel, review):
    made = drafted(panel.assignments[0])
    for other in (panel.users[1], review.province_handler, review.park_handler):
        with pytest.raises(NotAllowed):
            drafts.save_assessment(made, content=Content(), revision=1, by=other)
        with pytest.raises(NotAllowed):
            actions.submit_assessment(made, by=other, draft_revision=1)


def test_an_expert_who_steps_aside_loses_the_sheet(panel, client):
    made = drafted(panel.assignments[0])
    Assignment.objects.filter(pk=panel.assignments[0].pk).update(stage="recused")
    made = Assessment.objects.select_related(*drafts.RELATED).get(pk=made.pk)
    with pytest.raises(NotAllowed):
        drafts.save_assessment(made, content=Content(), revision=1, by=panel.users[0])
    client.force_login(panel.users[0], backend=BACKEND)
    assert client.get(reverse("review:assess", args=[panel.assignments[0].pk])).status_code == 404


def test_only_the_office_reopens_with_a_reason_and_the_old_seal_stays(panel, review):
    made = submitted(panel.assignments[0])
    with pytest.raises(Invalid) as caught:
        actions.reopen_assessment(made, by=review.province_handler, reason=" ")
    assert caught.value.problems[0].where == "reason"
    with pytest.raises(NotAllowed):
        actions.reopen_assessment(made, by=panel.users[0], reason="演示")
    actions.reopen_assessment(made, by=review.province_handler, reason="演示：填错一项")
    again = Assessment.objects.select_related(*drafts.RELATED).get(pk=made.pk)
    assert (again.stage, again.sha256) == ("draft", "")
    assert "填错一项" in Mail.objects.get(address=panel.users[0].email).body
    saved = drafts.save_assessment(
        again, content=content_of(SHEET, 3), revision=again.draft_revision, by=panel.users[0]
    )
    actions.submit_assessment(saved, by=panel.users[0], draft_revision=saved.draft_revision)
    assert [seal.number for seal in made.seals.all()] == [1, 2]
    assert made.seals.first().content["scores"]["idea"] == 4


# --- the page


def form_of(sheet, score=4, **more):
    return {
        "revision": "0",
        **{f"score-{name}": str(score) for name in sheet.weights},
        "confidence": "high",
        "overall": "recommend",
        "opinion": OPINION,
        **more,
    }


def test_the_page_shows_the_sealed_plan_beside_the_sheet(panel, client):
    one = panel.assignments[0]
    client.force_login(panel.users[0], backend=BACKEND)
    url = reverse("review:assess", args=[one.pk])
    before = client.get(url).content.decode()
    assert "只记录开始和提交两个时刻" in before
    assert client.post(url, {"key": "k1"}).status_code == 302
    page = client.get(url).content.decode()
    assert 'id="chapter-goals"' in page
    assert 'id="target-1"' in page
    assert len(re.findall(r'<input type="radio" name="score-idea"', page)) == 5
    assert SHEET.dimension("idea").anchor(5).text in page


def test_without_scripts_a_draft_is_saved_and_the_refused_submission_keeps_everything(panel, client):
    one = panel.assignments[0]
    opened(one)
    client.force_login(panel.users[0], backend=BACKEND)
    url = reverse("review:assess", args=[one.pk])
    refused = client.post(url, {"revision": "0", "score-idea": "5", "opinion": "演示意见", "submit": "1"})
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "评为 5 分，须写明理由" in text
    assert "“计划的可行性”还没有评分" in text
    assert "演示意见" in text
    revision = re.search(r'name="revision" value="(\d+)"', text)[1]
    answered = client.post(url, form_of(SHEET, revision=revision, submit="1"))
    assert answered.status_code == 302
    assert Assessment.objects.get(assignment=one).stage == "submitted"


def test_autosave_answers_programs(panel, client):
    one = panel.assignments[0]
    opened(one)
    client.force_login(panel.users[0], backend=BACKEND)
    url = reverse("review:assess", args=[one.pk])
    script = {"X-Autosave": "1", "Accept": "application/json"}
    assert client.post(url, {"revision": "0", "opinion": "甲"}, headers=script).json() == {"revision": 1}
    conflict = client.post(url, {"revision": "0", "opinion": "乙"}, headers=script)
    assert (conflict.status_code, conflict.json()["error"]) == (409, "sheet_changed")
    both = client.post(url, {"revision": "0", "opinion": "乙"})
    assert both.status_code == 409
    assert "甲" in both.content.decode()
    assert ">乙</textarea>" in both.content.decode().replace("\n", "")
    bad = client.post(url, {"revision": "1", "score-idea": "9"}, headers=script)
    assert bad.status_code == 422
    assert bad.json()["problems"][0]["where"] == "score-idea"


def test_files_of_the_sealed_version_only_and_only_through_the_gate(panel, client, review):
    one = panel.assignments[0]
    file = panel.case.snapshot["attachments"][0]
    url = reverse("review:case-file", args=[one.pk, file["sha256"]])
    client.force_login(panel.users[0], backend=BACKEND)
    got = client.get(url)
    assert got.status_code == 200
    assert got["Content-Disposition"].startswith("attachment")
    assert len(b"".join(got.streaming_content)) == file["size"]
    assert client.get(reverse("review:case-file", args=[one.pk, "0" * 64])).status_code == 404
    for other in (panel.users[1], review.province_handler):
        client.force_login(other, backend=BACKEND)
        assert client.get(url).status_code == 404


def test_places_are_the_anchors_of_the_page(panel, client):
    opened(panel.assignments[0])
    client.force_login(panel.users[0], backend=BACKEND)
    page = client.get(reverse("review:assess", args=[panel.assignments[0].pk])).content.decode()
    for place in scoring.places_of(panel.case):
        assert f'id="{place.id}"' in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
