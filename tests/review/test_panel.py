"""A panel: blind until submitted, officers see progress and no score before the seals are opened, discussion with
edits kept, the chair's opinion, and the end of the assessment.
"""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse

from qingyuan.kernel import clock, todos
from qingyuan.kernel.actions import Invalid, NotAllowed, WrongStage
from qingyuan.kernel.models import LedgerEntry
from qingyuan.review import actions
from qingyuan.review.models import Assignment, Case, PanelPost, PanelSummary
from qingyuan.review.queries import panel as queries
from tests.assessment_maker import Panel, drafted, opened, submitted

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = "演示密语：只有提交之后才能看到"


@pytest.fixture
def panel(review):
    return Panel(review.world, review.cases[0])


def text_of(document: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return archive.read("word/document.xml").decode()


def pages_of(panel) -> list[str]:
    """Everything of the panel that has an address."""
    case, one = panel.case, panel.assignments[0]
    found = [
        reverse("home"),
        reverse("review:panel", args=[case.pk]),
        reverse("review:panel-minutes", args=[case.pk]),
        reverse("review:panel-discuss", args=[case.pk]),
        reverse("review:assess", args=[one.pk]),
        reverse("review:case", args=[case.pk]),
        reverse("review:round", args=[case.round_id]),
        reverse("review:ranking", args=[case.round_id]),
        reverse("review:ranking-xlsx", args=[case.round_id]),
    ]
    assessment = getattr(Assignment.objects.get(pk=one.pk), "assessment", None)
    if assessment is not None:
        found.append(reverse("review:opinion-docx", args=[assessment.pk]))
    return found


def seen_by(client, user, panel) -> str:
    """All text that a person can get, Word and Excel unpacked."""
    client.force_login(user, backend=BACKEND)
    seen = []
    for url in pages_of(panel):
        response = client.get(url)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if response.status_code == 200 and body[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                body = b"".join(archive.read(name) for name in archive.namelist())
        if response.status_code in {200, 403}:
            seen.append(body.decode("utf-8", "replace"))
    return "\n".join(seen)


def test_an_expert_sees_nothing_of_the_others_before_submitting(panel, client):
    submitted(panel.assignments[0], 5, opinion=SECRET)
    for state in ("not opened", "drafting"):
        assert SECRET not in seen_by(client, panel.users[1], panel), state
        client.force_login(panel.users[1], backend=BACKEND)
        refused = [
            client.get(url).status_code
            for url in pages_of(panel)
            if "/panel/" in url or "opinion" in url or "ranking" in url or "/cases/" in url
        ]
        assert set(refused) == {404}, state
        if state == "not opened":
            drafted(panel.assignments[1])
    assert queries.waiting_on(panel.case)


def test_after_submitting_an_expert_sees_the_submitted_ones_and_no_draft(panel, client):
    submitted(panel.assignments[0], 5, opinion=SECRET)
    drafted(panel.assignments[2], 2, opinion="演示草稿不可见")
    submitted(panel.assignments[1], 3)
    seen = seen_by(client, panel.users[1], panel)
    assert SECRET in seen
    assert "演示草稿不可见" not in seen


def test_an_expert_of_another_case_sees_nothing(panel, review, client):
    other = Panel(review.world, review.cases[1], first=11)
    other.submit(4, 4, 4)
    submitted(panel.assignments[0], 5, opinion=SECRET)
    assert SECRET not in seen_by(client, other.users[0], panel)


def test_a_recused_expert_and_a_reserve_see_nothing_even_after_submitting(panel, client):
    submitted(panel.assignments[0], 5, opinion=SECRET)
    submitted(panel.assignments[1], 4)
    Assignment.objects.filter(pk=panel.assignments[1].pk).update(stage="recused")
    assert SECRET not in seen_by(client, panel.users[1], panel)


def test_officers_see_progress_and_no_score_before_the_seals_are_opened(panel, review, client):
    panel.submit(5, 2)
    made = Assignment.objects.get(pk=panel.assignments[0].pk).assessment
    made.__class__.objects.filter(pk=made.pk).update(opinion=SECRET)
    for officer in (review.province_handler, review.reform_signer):
        seen = seen_by(client, officer, panel)
        assert SECRET not in seen
        assert "100.00" not in seen
        assert "E-901" in seen
        assert "未开始" in seen
    with pytest.raises(Invalid) as caught:
        actions.open_scores(review.round, by=review.province_handler, reason="")
    assert "还有 1 份评分没有提交" in caught.value.problems[0].message
    actions.open_scores(review.round, by=review.province_handler, reason="演示：一位专家因病未交")
    for officer in (review.province_handler, review.reform_signer):
        assert SECRET in seen_by(client, officer, panel)
    assert SECRET not in seen_by(client, review.park_handler, panel)


def test_nothing_is_opened_before_anybody_has_submitted(review):
    with pytest.raises(Invalid) as caught:
        actions.open_scores(review.round, by=review.province_handler, reason="")
    assert "没有可以启封" in caught.value.problems[0].message


def test_discussion_is_for_those_who_submitted_and_edits_stay(panel, review, client):
    panel.submit(5, 2)
    drafted(panel.assignments[2])
    first, second, third = panel.users
    post = actions.discuss(panel.case, by=first, text="基准值的依据在哪里？")
    answer = actions.discuss(panel.case, by=second, text="见附件三。", answers=post)
    nested = actions.discuss(panel.case, by=first, text="收到。", answers=answer)
    assert nested.answers_id == post.pk
    for stranger in (third, review.province_handler):
        with pytest.raises(NotAllowed):
            actions.discuss(panel.case, by=stranger, text="演示")
    actions.edit_post(panel.case, by=first, post=post, text="基准年的依据在哪里？")
    post.refresh_from_db()
    assert (post.text, post.edits.get().text) == ("基准年的依据在哪里？", "基准值的依据在哪里？")
    with pytest.raises(NotAllowed):
        actions.edit_post(panel.case, by=second, post=post, text="改别人的")
    client.force_login(second, backend=BACKEND)
    page = client.get(reverse("review:panel", args=[panel.case.pk])).content.decode()
    assert "基准值的依据在哪里？" in page  # what it said before
    assert "演示专家1" not in page  # codes, not names
    entries = LedgerEntry.objects.filter(verb__in=["case.discuss", "case.edit_post"])
    assert "依据" not in str([entry.body for entry in entries])


def test_a_post_is_written_and_edited_on_pages(panel, client):
    panel.submit(4, 4)
    client.force_login(panel.users[0], backend=BACKEND)
    url = reverse("review:panel-discuss", args=[panel.case.pk])
    assert client.post(url, {"text": "演示发言", "key": "a"}).status_code == 302
    assert client.post(url, {"text": "演示发言", "key": "a"}).status_code == 302
    post = PanelPost.objects.get()
    assert client.post(f"{url}?answers={post.pk}", {"text": "演示答复", "key": "b"}).status_code == 302
    edit = reverse("review:panel-post", args=[panel.case.pk, post.pk])
    assert "演示发言" in client.get(edit).content.decode()
    assert client.post(edit, {"text": "演示发言（更正）"}).status_code == 302
    client.force_login(panel.users[1], backend=BACKEND)
    assert client.get(edit).status_code == 404


def chaired(panel, review):
    return actions.name_chair(panel.case, by=review.province_handler, chair=panel.assignments[0])


def test_the_chair_writes_when_all_have_submitted(panel, review):
    summary = chaired(panel, review)
    panel.submit(5, 2)
    with pytest.raises(Invalid) as caught:
        actions.summarise(summary, by=panel.users[0], overall="", text="")
    assert {problem.where for problem in caught.value.problems} == {"", "overall", "text"}
    submitted(panel.assignments[2], 4)
    with pytest.raises(NotAllowed):
        actions.summarise(summary, by=panel.users[1], overall="recommend", text="演示")
    assert any("专家组意见" in todo.title for todo in todos.of(panel.users[0]))
    actions.summarise(summary, by=panel.users[0], overall="recommend", text="演示：同意推荐")
    summary.refresh_from_db()
    assert (summary.stage, len(summary.sha256)) == ("submitted", 64)
    with pytest.raises(WrongStage):
        chaired(panel, review)
    made = Assignment.objects.get(pk=panel.assignments[1].pk).assessment
    with pytest.raises(WrongStage, match="组长意见已经提交"):
        actions.reopen_assessment(made, by=review.province_handler, reason="演示")


def test_the_chair_is_of_this_panel(panel, review):
    other = Panel(review.world, review.cases[1], first=11)
    with pytest.raises(Invalid):
        actions.name_chair(panel.case, by=review.province_handler, chair=other.assignments[0])


@pytest.mark.clause("H3")
def test_an_assessment_ends_when_nothing_is_lacking(panel, review, client):
    panel.submit(5, 2)
    with pytest.raises(Invalid) as caught:
        actions.conclude_assessment(panel.case, by=review.province_handler)
    said = [problem.message for problem in caught.value.problems]
    assert said == ["专家 E-903 还没有提交评分", "还没有指定专家组组长"]
    client.force_login(review.province_handler, backend=BACKEND)
    refused = client.post(reverse("review:conclude-assessment", args=[panel.case.pk]))
    assert refused.status_code == 422
    assert "E-903" in refused.content.decode()
    submitted(panel.assignments[2], 4)
    actions.summarise(chaired(panel, review), by=panel.users[0], overall="recommend", text="演示：同意推荐")
    actions.conclude_assessment(panel.case, by=review.province_handler)
    assert panel.reload().stage == Case.Stage.DECISION
    entry = LedgerEntry.objects.get(verb="case.conclude_assessment")
    assert entry.content["payload"]["items"] == 3
    with pytest.raises(WrongStage):
        actions.discuss(panel.case, by=panel.users[0], text="太晚")


def test_too_few_experts_are_lacking_too(panel, review):
    Assignment.objects.filter(pk=panel.assignments[2].pk).update(stage="replaced")
    assert "只有 2 位，少于本轮规定的 3 位" in queries.lacking(panel.case)[0].message


def test_papers_say_what_was_sealed_and_that_the_sheet_is_ours(panel, review, client):
    panel.submit(5, 2, 4)
    actions.discuss(panel.case, by=panel.users[0], text="演示讨论内容")
    actions.summarise(chaired(panel, review), by=panel.users[0], overall="recommend", text="演示：同意推荐")
    client.force_login(panel.users[1], backend=BACKEND)
    made = Assignment.objects.get(pk=panel.assignments[0].pk).assessment
    sheet = text_of(client.get(reverse("review:opinion-docx", args=[made.pk])).content)
    for words in ("E-901", "100.00", "自拟", "演示理由", made.sha256):
        assert words in sheet
    minutes = text_of(client.get(reverse("review:panel-minutes", args=[panel.case.pk])).content)
    for words in ("E-901、E-902、E-903", "73.33", "80.00", "演示讨论内容", "演示：同意推荐", "组长（签字）"):
        assert words in minutes
    assert "演示专家" not in minutes


def test_the_same_paper_twice_is_the_same_bytes(panel, client):
    panel.submit(4, 4)
    client.force_login(panel.users[0], backend=BACKEND)
    url = reverse("review:panel-minutes", args=[panel.case.pk])
    assert client.get(url).content == client.get(url).content


def test_what_waits_for_an_expert(panel):
    assert [todo.url for todo in todos.of(panel.users[0]) if todo.title.startswith("评分")] == [
        reverse("review:assess", args=[panel.assignments[0].pk])
    ]
    submitted(panel.assignments[0])
    assert not [todo for todo in todos.of(panel.users[0]) if todo.title.startswith("评分")]


def test_the_panel_asks_the_database_as_often_for_three_as_for_one(
    panel, review, client, django_assert_max_num_queries
):
    actions_done = panel.submit(4, 5, 3)
    assert len(actions_done) == 3
    actions.open_scores(review.round, by=review.province_handler, reason="演示")
    client.force_login(review.province_handler, backend=BACKEND)
    url = reverse("review:panel", args=[panel.case.pk])
    client.get(url)
    with django_assert_max_num_queries(25):
        assert client.get(url).status_code == 200


def test_the_state_of_the_clock_is_the_only_time_kept(panel):
    made = opened(panel.assignments[0])
    assert made.opened_at == clock.now()
    assert made.submitted_at is None
    assert PanelSummary.objects.count() == 0
