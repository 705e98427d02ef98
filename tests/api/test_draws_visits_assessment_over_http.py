"""Draws, visits and assessment by programs: the same verbs and refusals, and the same gates as the pages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from qingyuan.kernel import clock, draws
from qingyuan.people.models import Interest
from qingyuan.review.models import Assignment, Draw, Visit
from qingyuan.review.queries.panel import sheet_of
from tests.assessment_maker import Panel, content_of, drafted, submitted
from tests.draw_maker import MINE, THEIRS, announcement, conduct, promise
from tests.pilot_maker import small_pdf
from tests.review.state_rounds import released, state_round
from tests.review.test_state_imports import GOOD, posted, workbook
from tests.review.test_state_takes_in import client_of
from tests.visit_maker import members, take

SECRET = "演示密语：只有提交之后才能看到"


@pytest.fixture
def panel(review: Any) -> Panel:
    return Panel(review.world, review.cases[0])


def announced(review: Any, **changes: Any) -> dict[str, Any]:
    """The body of an announcement: as the verb takes it, the supervisor by address."""
    given = announcement(review, **changes)
    return {
        **given,
        "draw_id": str(given["draw_id"]),
        "public_at": given["public_at"].isoformat(),
        "reveal_by": given["reveal_by"].isoformat(),
        "supervisor": review.province_signer.email,
    }


# --- draws


def test_a_draw_from_its_announcement_to_the_visits_of_what_was_drawn(review, api):
    organiser, second = api(review.province_handler), api(review.reform_handler)
    watcher = api(review.province_signer)
    here = f"/rounds/{review.round.pk}/draws"
    listed = organiser.get(f"/rounds/{review.round.pk}/draw-candidates?kind=sites&strata=group").json()
    assert [one["code"] for one in listed] == [case.label for case in review.cases]
    body = announced(review, exclusions=[])
    made = organiser.post(here, body, key="announce-0001")
    assert made.status_code == 201, made.content
    draw = made.json()
    assert organiser.post(here, body, key="announce-0001").json()["id"] == draw["id"]
    path = f"/draws/{draw['id']}"
    committed = second.post(f"{path}/commit", {"commitment": promise(Draw.objects.get())})
    assert committed.json()["stage"] == "committed"
    assert watcher.post(f"{path}/supervise").status_code == 200
    assert organiser.get(f"{path}/record").status_code == 409
    with clock.at(clock.now() + timedelta(minutes=65)):
        assert organiser.post(f"{path}/reveal", {"secret": MINE}).status_code == 409  # before its turn
        assert second.post(f"{path}/public-value", {"value": THEIRS}).status_code == 200
        wrong = organiser.post(f"{path}/reveal", {"secret": THEIRS})
        assert (wrong.status_code, wrong.json()["problems"][0]["where"]) == (422, "secret")
        drawn = organiser.post(f"{path}/reveal", {"secret": MINE}).json()
    assert (drawn["stage"], len(drawn["outcome"]["selected"])) == ("drawn", 1)
    assert draws.verify(second.get(f"{path}/record").json()).status == "verified"
    (visit,) = organiser.post(f"{path}/visits").json()
    assert visit["case_label"] == drawn["outcome"]["selected"][0]
    assert visit["is_drawn"]


def test_who_has_no_part_in_a_draw_does_not_find_it_and_who_may_not_is_told_why(review, api):
    draw = conduct(review, review.round, until="committed")
    for stranger in (review.park_handler, review.state_handler, review.expert):
        client = api(stranger)
        assert client.get(f"/draws/{draw.pk}").status_code == 404
        assert client.post(f"/draws/{draw.pk}/reveal", {"secret": MINE}).status_code == 404
        assert client.get(f"/rounds/{review.round.pk}/draws").status_code == 404
    second = api(review.reform_handler)
    again = announced(review, reason="演示")
    assert second.post(f"/rounds/{review.round.pk}/draws", again).status_code == 403
    assert second.post(f"/draws/{draw.pk}/supervise").status_code == 403
    shown = second.get(f"/draws/{draw.pk}").content.decode()
    assert MINE not in shown
    organiser = api(review.province_handler)
    nobody = {**again, "supervisor": review.park_signer.email}
    refused = organiser.post(f"/rounds/{review.round.pk}/draws", nobody)
    assert (refused.status_code, refused.json()["problems"][0]["where"]) == (422, "supervisor")
    stale = organiser.post(f"/draws/{draw.pk}/void", {"party": "other", "reason": "演示"}, expect=99)
    assert stale.status_code == 409
    voided = organiser.post(f"/draws/{draw.pk}/void", {"party": "other", "reason": "演示"})
    assert voided.json()["stage"] == "void"


# --- visits


def test_a_visit_from_its_plan_to_both_signatures(review, api):
    office, lead = api(review.province_handler), api(review.reform_handler)
    applicant, signer = api(review.park_handler), api(review.park_signer)
    members(review)  # the expert accepted, promised and declared
    made = office.post(f"/cases/{review.cases[0].pk}/visits", {"reason": "演示：专家建议核实"})
    assert made.status_code == 201, made.content
    path = f"/visits/{made.json()['id']}"
    day = (clock.local(clock.now()).date() + timedelta(days=2)).isoformat()
    place = {"latitude": "34.6197", "longitude": "112.4540"}
    assert office.post(f"/rounds/{review.round.pk}/visits/arrange", {"days": [day], "start": place}).json()
    scheduled = office.post(f"{path}/schedule", {"day": day, "address": "演示路 1 号", "place": place})
    assert scheduled.json()["latitude"] == "34.619700"
    team = {"officers": [review.reform_handler.email], "experts": ["E-001"]}
    wrong = office.post(f"{path}/team", {**team, "experts": ["E-404"], "lead": "nobody"})
    assert [one["where"] for one in wrong.json()["problems"]] == ["experts", "lead"]
    set_up = office.post(f"{path}/team", {**team, "lead": review.reform_handler.email}).json()
    assert [(one["code"], one["is_lead"]) for one in set_up["team"]] == [("", True), ("E-001", False)]
    # Before the notice there is nothing for the applicant.
    assert applicant.get(path).status_code == 404
    assert applicant.get("/me/visits").json() == []
    assert office.post(f"{path}/notify").json()["stage"] == "notified"
    assert [one["id"] for one in applicant.get("/me/visits").json()] == [made.json()["id"]]
    told = applicant.get(path).json()
    assert (told["items"], told["reason"], told["latitude"]) == ([], "", None)
    assert applicant.put(f"{path}/items/1", {"answer": "consistent", "base": 0}).status_code == 404
    assert office.post(f"{path}/schedule", {"day": day, "address": "演示"}).status_code == 409

    for item in lead.get(path).json()["items"]:
        word = {"answer": "consistent"} if item["position"] != 2 else {"answer": "inconsistent", "note": "少"}
        answered = lead.put(f"{path}/items/{item['position']}", {**word, "base": item["revision"]})
        assert answered.status_code == 200, answered.content
    late = api(review.expert).put(f"{path}/items/1", {"answer": "unverifiable", "note": "演示", "base": 0})
    assert (late.status_code, late.json()["theirs"]["answer"]) == (409, "consistent")
    assert office.post(f"{path}/conclude", {"conclusion": "演示"}).status_code == 403
    assert lead.post(f"{path}/conclude", {"conclusion": "演示：一处不符"}).json()["stage"] == "done"
    assert [one["position"] for one in applicant.get(path).json()["items"]] == [2]
    assert applicant.post(f"{path}/reply", {"reply": "无意见"}).json()["stage"] == "replied"
    assert lead.post(f"{path}/sign-team").json()["team_signed_at"]
    assert signer.post(f"{path}/sign-applicant").json()["stage"] == "signed"


def test_an_expert_in_conflict_does_not_find_the_visit(review, api):
    visit = take(review, review.cases[0], until="notified")
    expert = api(review.expert)
    assert expert.get(f"/visits/{visit.pk}").status_code == 200
    Interest.objects.create(
        expert=review.expert.expert, organisation=review.park, relation="kin", declared_at=clock.now()
    )
    assert expert.get(f"/visits/{visit.pk}").status_code == 404
    assert expert.put(f"/visits/{visit.pk}/items/1", {"answer": "consistent", "base": 0}).status_code == 404
    assert expert.get("/me/visits").json() == []


def test_strangers_and_the_wrong_roles_do_nothing_to_a_visit(review, api):
    visit = take(review, review.cases[0], until="planned")
    reason = {"reason": "演示"}
    for stranger in (review.park_handler, review.state_handler):
        assert api(stranger).post(f"/visits/{visit.pk}/cancel", reason).status_code == 404
        assert api(stranger).get(f"/rounds/{review.round.pk}/visits").status_code == 404
    second = api(review.reform_handler)
    assert second.post(f"/visits/{visit.pk}/cancel", reason).status_code == 403
    assert second.post(f"/cases/{review.cases[1].pk}/visits", reason).status_code == 403
    assert second.get(f"/rounds/{review.round.pk}/visits").json()["count"] == 1
    cancelled = api(review.province_handler).post(f"/visits/{visit.pk}/cancel", reason)
    assert cancelled.json()["stage"] == Visit.Stage.CANCELLED


# --- assessment


def sheet_body(sheet: Any, score: int = 4, **more: Any) -> dict[str, Any]:
    content = content_of(sheet, score)
    return {name: getattr(content, name) for name in content.__dataclass_fields__} | more


def test_an_expert_fills_in_and_seals_a_sheet(panel, api):
    expert, task = api(panel.users[0]), f"/assignments/{panel.assignments[0].pk}/assessment"
    assert expert.get(task).status_code == 404
    made = expert.post(task)
    assert made.status_code == 201, made.content
    path = f"/assessments/{made.json()['id']}"
    short = expert.post(f"{path}/submit", {"draft_revision": 0})
    assert short.status_code == 422
    assert len(short.json()["problems"]) > 5
    full = sheet_body(sheet_of(panel.case.round), opinion=SECRET)
    assert expert.put(path, {**full, "draft_revision": 0}).json()["draft_revision"] == 1
    other_window = expert.put(path, {"draft_revision": 0, "opinion": "演示"})
    assert (other_window.status_code, other_window.json()["error"]) == (409, "sheet_changed")
    assert expert.post(f"{path}/submit", {"draft_revision": 0}).status_code == 409
    sealed = expert.post(f"{path}/submit", {"draft_revision": 1}, key="submit-0001").json()
    assert (sealed["stage"], len(sealed["sha256"])) == ("submitted", 64)
    again = expert.post(f"{path}/submit", {"draft_revision": 1}, key="submit-0001")
    assert again.status_code == 200
    assert expert.get(task).json()["opinion"] == SECRET
    assert expert.put(path, {**full, "draft_revision": 1, "opinion": "改"}).status_code == 409


def reads_of(panel: Panel) -> list[str]:
    """Every address of the API under which something of a panel stands."""
    case = panel.case
    sheets = [
        f"/assessments/{one.assessment.pk}"
        for one in Assignment.objects.filter(case=case, assessment__isnull=False)
    ]
    return [
        *sheets,
        f"/cases/{case.pk}/panel",
        *(f"/assignments/{one.pk}/assessment" for one in panel.assignments),
        f"/rounds/{case.round_id}/ranking",
        f"/rounds/{case.round_id}/cases",
        f"/rounds/{case.round_id}/decisions",
        f"/cases/{case.pk}/checks",
        "/me/assignments",
    ]


def seen_by(client: Any, panel: Panel) -> str:
    answers = [client.get(path) for path in reads_of(panel)]
    return json.dumps([one.json() for one in answers], ensure_ascii=False)


def test_experts_are_blind_until_they_submit_and_see_no_draft_afterwards(panel, review, api):
    theirs = submitted(panel.assignments[0], 5, opinion=SECRET)
    drafted(panel.assignments[2], 2, opinion="演示草稿不可见")
    second = api(panel.users[1])
    for state in ("not opened", "drafting"):
        assert SECRET not in seen_by(second, panel), state
        for path in (f"/assessments/{theirs.pk}", f"/cases/{panel.case.pk}/panel"):
            assert second.get(path).status_code == 404, state
        if state == "not opened":
            drafted(panel.assignments[1])
    said = second.post(f"/cases/{panel.case.pk}/posts", {"text": "演示"})
    assert said.status_code == 404
    own = panel.assignments[1]
    sheet = Assignment.objects.get(pk=own.pk).assessment
    assert second.post(f"/assessments/{sheet.pk}/submit", {"draft_revision": 1}).status_code == 200
    seen = seen_by(second, panel)
    assert SECRET in seen
    assert "演示草稿不可见" not in seen
    assert "演示专家" not in json.dumps(second.get(f"/cases/{panel.case.pk}/panel").json())
    # Not their own: neither written, nor submitted, nor opened for another.
    assert second.put(f"/assessments/{theirs.pk}", {"draft_revision": 1}).status_code == 404
    assert second.post(f"/assignments/{panel.assignments[2].pk}/assessment").status_code == 404


def test_an_expert_in_conflict_or_of_another_case_finds_nothing(panel, review, api):
    submitted(panel.assignments[0], 5, opinion=SECRET)
    mine = submitted(panel.assignments[1], 4)
    expert = api(panel.users[1])
    assert SECRET in seen_by(expert, panel)
    Interest.objects.create(
        expert=panel.assignments[1].appointment.expert,
        organisation=review.park,
        relation="kin",
        declared_at=clock.now(),
    )
    assert SECRET not in seen_by(expert, panel)
    for path in (f"/assessments/{mine.pk}", f"/cases/{panel.case.pk}/panel"):
        assert expert.get(path).status_code == 404
    other = Panel(review.world, review.cases[1], first=11)
    other.submit(4, 4, 4)
    assert SECRET not in seen_by(api(other.users[0]), panel)
    assert SECRET not in seen_by(api(review.park_handler), panel)


def test_departments_read_progress_until_the_scores_are_opened(panel, review, api):
    made = submitted(panel.assignments[0], 5, opinion=SECRET)
    submitted(panel.assignments[1], 2)
    office, second = api(review.province_handler), api(review.reform_signer)
    case, round_ = f"/cases/{panel.case.pk}", f"/rounds/{review.round.pk}"
    for officer in (office, second):
        seen = seen_by(officer, panel)
        assert SECRET not in seen
        assert "100.00" not in seen
        shown = officer.get(f"{case}/panel").json()
        assert (shown["reads"], shown["opinions"], shown["figures"]) == (False, [], {})
        assert [one["stage"] for one in shown["members"]] == ["submitted", "submitted", ""]
        assert officer.get(f"{round_}/ranking").status_code == 403
        assert officer.get(f"/assessments/{made.pk}").status_code == 404
    reopened = office.post(f"/assessments/{made.pk}/reopen", {"reason": "演示"}, key="reopen-0001")
    assert reopened.json().keys() == {"id", "revision", "stage", "case", "code"}
    assert second.post(f"/assessments/{made.pk}/reopen", {"reason": "演示"}).status_code == 403
    assert second.post(f"{round_}/open-scores", {"reason": "演示"}).status_code == 403
    assert office.post(f"{round_}/open-scores", {}).status_code == 422
    assert office.post(f"{round_}/open-scores", {"reason": "演示：一位专家因病未交"}).status_code == 200
    # The reopened sheet is a draft again: opened scores do not open it.
    assert SECRET not in seen_by(office, panel)
    author = api(panel.users[0])
    assert author.post(f"/assessments/{made.pk}/submit", {"draft_revision": 1}).status_code == 200
    assert SECRET in seen_by(office, panel)
    (line, *_others) = second.get(f"{round_}/ranking?basis=mean&limit=2").json()["items"]
    assert (line["case"], line["counts"]) == (str(panel.case.pk), 2)
    assert SECRET not in seen_by(api(review.park_handler), panel)


def test_a_panel_talks_its_chair_sums_up_and_the_office_concludes(panel, review, api):
    panel.submit(5, 4, 4)
    first, second = api(panel.users[0]), api(panel.users[1])
    office = api(review.province_handler)
    case = f"/cases/{panel.case.pk}"
    post = first.post(f"{case}/posts", {"text": "基准值的依据？"}).json()
    reply = second.post(f"{case}/posts", {"text": "见附件三。", "answers": post["id"]}).json()
    assert reply["answers"] == post["id"]
    assert second.post(f"{case}/posts", {"text": "演示", "answers": 10**9}).status_code == 422
    edit = {"post": post["id"], "text": "基准年的依据？"}
    assert second.put(f"{case}/posts", edit).status_code == 404
    assert first.put(f"{case}/posts", edit).json()[0]["before"] == ["基准值的依据？"]
    assert office.post(f"{case}/posts", {"text": "演示"}).status_code == 404
    lacking = office.post(f"{case}/conclude-assessment")
    assert lacking.status_code == 422
    stranger = Panel(review.world, review.cases[1], first=11).assignments[0]
    assert office.post(f"{case}/chair", {"assignment": str(stranger.pk)}).status_code == 422
    named = {"assignment": str(panel.assignments[0].pk)}
    assert api(review.reform_handler).post(f"{case}/chair", named).status_code == 403
    chair = office.post(f"{case}/chair", named, key="chair-00001").json()
    path = f"/panels/{chair['id']}/summarise"
    word = {"overall": "recommend", "text": SECRET}
    assert second.post(path, word).status_code == 404
    assert office.post(path, word).status_code == 404
    assert first.post(path, word).json()["stage"] == "submitted"
    # The same key again tells the office who chairs, and still not what the chair wrote under seal.
    repeated = office.post(f"{case}/chair", named, key="chair-00001")
    assert SECRET not in repeated.content.decode()
    assert SECRET not in seen_by(office, panel)
    assert SECRET in seen_by(second, panel)
    assert office.post(f"{case}/conclude-assessment").json()["stage"] == "decision"
    assert office.post(f"{case}/conclude-assessment").status_code == 409


# --- the State's round


def test_the_state_takes_in_what_a_province_released_and_nothing_else(review, api):
    released(review)
    with state_round(review) as round_:
        state, province = api(review.state_handler), api(review.province_handler)
        path = f"/rounds/{round_.pk}/take-in"
        body = {"source": str(review.round.pk)}
        assert province.post(path, body).status_code == 404
        assert state.post(path, {"source": str(round_.pk)}).status_code == 422
        made = state.post(path, body)
        assert (made.status_code, made.json()["cases"]) == (201, 2)
        assert [one["source"] for one in state.get(f"/rounds/{round_.pk}/bundles").json()] == [body["source"]]
        case = state.get(f"/rounds/{round_.pk}/cases").json()["items"][0]["id"]
        refused = state.upload(f"/cases/{case}/files", b"%PDF-1.4", kind="plan")
        assert refused.status_code == 422  # what was applied for here stands as it was sealed
        assert state.get(f"/cases/{case}/files").json() == []
        assert state.post(f"/rounds/{round_.pk}/archive").status_code == 409


def test_files_of_an_imported_case_are_uploaded_once_by_the_state(review, api):
    with state_round(review) as round_:
        posted(client_of(review.state_handler), round_, workbook(round_, [GOOD]))
        path = f"/cases/{round_.cases.get().pk}/files"
        state, content = api(review.state_handler), small_pdf().getvalue()
        made = state.upload(path, content, name="方案.pdf", key="attach-0001", kind="plan")
        assert made.status_code == 201, made.content
        again = state.upload(path, content, name="方案.pdf", key="attach-0002", kind="plan")
        assert (again.status_code, again.json()["problems"][0]["where"]) == (422, "upload")
        assert [one["kind"] for one in state.get(path).json()] == ["plan"]
        assert api(review.ndrc_signer).upload(path, content, kind="letter").status_code == 403
        assert api(review.province_handler).upload(path, content, kind="letter").status_code == 404
