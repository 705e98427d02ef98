"""退回补充完善: off in 2022; where it is on, exactly what is named may change, until its own deadline to the second."""

from __future__ import annotations

from datetime import datetime

import pytest

from qingyuan.kernel import clock, todos
from qingyuan.kernel.actions import Closed, Invalid, NotAllowed, WrongStage
from qingyuan.kernel.models import Mail
from qingyuan.pilots import actions, drafts, seal
from qingyuan.pilots.actions.scope import ScopeRow
from qingyuan.pilots.models import Pilot, Submission, SupplementRequest
from tests.house.cases.pilots import targets, with_option
from tests.pilot_maker import credit_code
from tests.pilots.workspace import HOSTILE, address, form_of, parsed, send, signed_in

DUE = datetime.fromisoformat("2022-07-08T18:00:00+08:00")
ASKED = "2022-07-04T09:00:00+08:00"


@pytest.fixture
def returned(maker, world):
    """A submitted park, returned after the call closed: chapter "goals" and the targets."""
    pilot = with_option(maker("park", stage="submitted"), "return_for_supplement")
    with clock.at(ASKED):
        request = ask(maker, world, pilot)
        yield request


def ask(maker, world, pilot, **changes):
    arguments = {"chapters": ["goals"], "parts": ["targets"], "reason": "目标与基准不符", "due_at": DUE}
    return actions.request_supplement(
        maker.fresh(pilot), by=world.province_handler, **{**arguments, **changes}
    )


def submit_again(maker, world, pilot):
    actions.hand_in(maker.fresh(pilot), by=world.park_handler)
    actions.pass_review(maker.fresh(pilot), by=world.park_reviewer)
    actions.sign(maker.fresh(pilot), by=world.park_signer, no_state_secrets=True)
    maker.attach_seal(maker.fresh(pilot), by=world.park_handler)
    pilot = maker.fresh(pilot)
    return actions.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot))


def save(maker, world, pilot, outline_id, html="<p>补充：目标细化。</p>"):
    chapter = pilot.chapters.get(outline_id=outline_id)
    return drafts.save_chapter(
        maker.fresh(pilot), outline_id=outline_id, html=html, revision=chapter.revision, by=world.park_handler
    )


def test_in_2022_there_is_no_return_and_the_page_says_why(maker, world):
    pilot = maker("park", stage="submitted")
    with pytest.raises(NotAllowed, match="没有设置“退回补充完善”"):
        ask(maker, world, pilot)
    client = signed_in(world.province_handler)
    page = client.get(f"/submissions/{pilot.submissions.get().pk}/return/")
    assert page.status_code == 403
    assert "没有设置“退回补充完善”" in page.content.decode()
    parsed(page)
    shown = client.get(f"/submissions/{pilot.submissions.get().pk}/").content.decode()
    assert "/return/" not in shown


def test_only_what_is_named_may_change(maker, world, returned):
    pilot = returned.pilot
    assert maker.fresh(pilot).stage == "drafting"
    assert save(maker, world, pilot, "goals").words > 0
    with pytest.raises(WrongStage, match="只要求补充完善：方案“试点工作目标”、试点目标"):
        save(
            maker,
            world,
            pilot,
            "contents"
            if pilot.chapters.filter(outline_id="contents")
            else pilot.chapters.exclude(outline_id="goals").first().outline_id,
        )
    actions.set_targets(maker.fresh(pilot), by=world.park_handler, rows=rows_with_notes(pilot))
    fresh = maker.fresh(pilot)
    upload = maker.upload(by=world.park_handler, name="新.pdf")
    for refused in (
        lambda: actions.add_enterprise(
            fresh, by=world.park_handler, name="企业", credit_code=credit_code(900)
        ),
        lambda: actions.import_scope(fresh, by=world.park_handler, rows=[ScopeRow("企业", credit_code(901))]),
        lambda: actions.remove_enterprise(fresh, by=world.park_handler, entry_id=fresh.scope.first().pk),
        lambda: actions.answer_condition(
            fresh, by=world.park_handler, condition_id="N5.1", answers={"major_violation": False}
        ),
        lambda: actions.attach(fresh, by=world.park_handler, upload=upload, purpose="other"),
        lambda: actions.attach(
            fresh,
            by=world.park_handler,
            upload=upload,
            purpose="evidence",
            condition_id="N5.3",
            question_id="park_boundary",
        ),
        lambda: actions.detach(
            fresh,
            by=world.park_handler,
            attachment_id=fresh.attachments.filter(purpose="evidence").first().pk,
        ),
        lambda: actions.describe(
            fresh,
            by=world.park_handler,
            name=fresh.name,
            object_form="park",
            object_name="别的",
            region_code="410300",
            sectors=["steel"],
        ),
    ):
        with pytest.raises(WrongStage, match="只要求补充完善"):
            refused()
    assert actions.attach(fresh, by=world.park_handler, upload=upload, purpose="seal").purpose == "seal"


def rows_with_notes(pilot):
    from dataclasses import replace
    from decimal import Decimal

    return [
        replace(row, baseline=Decimal(300), target=Decimal(120), note="补充依据")
        for row in targets(None, pilot)
    ]


def test_the_answer_is_a_new_version_and_the_first_stands_until_then(maker, world, returned):
    pilot = returned.pilot
    first = pilot.submissions.get()
    assert first.is_current
    save(maker, world, pilot, "goals")
    second = submit_again(maker, world, pilot)
    returned.refresh_from_db()
    assert (returned.stage, returned.answered_with) == ("answered", second)
    assert (second.version, second.is_current) == (2, True)
    assert not Submission.objects.get(pk=first.pk).is_current
    assert maker.fresh(pilot).stage == "submitted"


@pytest.mark.parametrize(("instant", "in_time"), [("17:59:59", True), ("18:00:00", False)])
def test_the_deadline_holds_to_the_second(maker, world, returned, instant, in_time):
    pilot = returned.pilot
    save(maker, world, pilot, "goals")
    actions.hand_in(maker.fresh(pilot), by=world.park_handler)
    actions.pass_review(maker.fresh(pilot), by=world.park_reviewer)
    actions.sign(maker.fresh(pilot), by=world.park_signer, no_state_secrets=True)
    maker.attach_seal(maker.fresh(pilot), by=world.park_handler)
    with clock.at(f"2022-07-08T{instant}+08:00"):
        pilot = maker.fresh(pilot)
        sealed = seal.seal(pilot)
        if in_time:
            assert actions.submit(pilot, by=world.park_handler, sealed=sealed).version == 2
            return
        with pytest.raises(Closed, match="2022年7月8日 18:00"):
            actions.submit(pilot, by=world.park_handler, sealed=sealed)
        actions.return_for_changes(maker.fresh(pilot), by=world.park_handler, remark="改")
        with pytest.raises(Closed, match="截止"):
            save(maker, world, pilot, "goals", "<p>太晚</p>")
        with pytest.raises(Closed):
            actions.set_targets(maker.fresh(pilot), by=world.park_handler, rows=rows_with_notes(pilot))


def test_a_lapsed_request_leaves_the_received_version_and_the_text(maker, world, returned):
    pilot = returned.pilot
    save(maker, world, pilot, "goals", "<p>没来得及提交</p>")
    with pytest.raises(Closed, match="还没有到"):
        actions.lapse_request(returned, by=world.province_handler)
    with clock.at("2022-07-08T18:00:00+08:00"):
        waiting = [todo.title for todo in todos.of(world.province_handler)]
        assert f"登记逾期未补充：《{pilot.name}》" in waiting
        actions.lapse_request(returned, by=world.province_handler)
        pilot = maker.fresh(pilot)
        assert pilot.stage == "submitted"
        assert pilot.submissions.get().is_current
        assert "没来得及提交" in pilot.chapters.get(outline_id="goals").html
        assert not [todo for todo in todos.of(world.province_handler) if "逾期" in todo.title]
        with pytest.raises(WrongStage):
            save(maker, world, pilot, "goals", "<p>再改</p>")


def test_cancelling_takes_it_back_from_any_stage_of_the_sign_off(maker, world, returned):
    pilot = returned.pilot
    save(maker, world, pilot, "goals")
    actions.hand_in(maker.fresh(pilot), by=world.park_handler)
    with pytest.raises(Invalid):
        actions.cancel_request(returned, by=world.province_handler, remark=" ")
    with pytest.raises(NotAllowed):
        actions.cancel_request(returned, by=world.reform_handler, remark="会签单位不能取消")
    actions.cancel_request(returned, by=world.province_handler, remark="材料已当面说明")
    assert maker.fresh(pilot).stage == "submitted"
    assert Mail.objects.filter(subject__startswith="取消退回").exists()


def test_withdrawing_before_the_deadline_of_the_call_closes_the_request(maker, world):
    pilot = with_option(maker("park", stage="submitted"), "return_for_supplement")
    request = ask(maker, world, pilot)
    actions.withdraw(maker.fresh(pilot), by=world.park_signer, remark="演示")
    request.refresh_from_db()
    assert request.stage == "cancelled"


def test_a_change_by_another_way_is_found_by_the_check(maker, world, returned):
    pilot = returned.pilot
    save(maker, world, pilot, "goals")
    other = pilot.chapters.exclude(outline_id="goals").first()
    type(other).objects.filter(pk=other.pk).update(html="<p>绕过</p>")
    pilot.scope.first().delete()
    with pytest.raises(Invalid) as refusal:
        actions.hand_in(maker.fresh(pilot), by=world.park_handler)
    said = [problem.message for problem in refusal.value.problems]
    assert len(said) == 2
    assert all("未要求补充" in message for message in said)


def test_all_problems_of_a_request_at_once(maker, world):
    pilot = with_option(maker("park", stage="submitted"), "return_for_supplement")
    with pytest.raises(Invalid) as refusal:
        ask(maker, world, pilot, chapters=["x"], parts=["y"], reason=" ", due_at=clock.now())
    assert {problem.where for problem in refusal.value.problems} == {"chapters", "parts", "reason", "due_at"}
    assert Pilot.objects.get(pk=pilot.pk).stage == "submitted"


def test_the_applicant_hears_what_is_asked_until_when(maker, world, returned):
    letters = Mail.objects.filter(verb="pilot.request_supplement")
    assert {mail.recipient_id for mail in letters} >= {world.park_handler.pk, world.park_signer.pk}
    body = letters.first().body
    assert "方案“试点工作目标”、试点目标" in body
    assert "2022年7月8日 18:00" in body
    assert letters.first().sender_id == world.henan_ecology.pk
    waiting = [todo for todo in todos.of(world.park_handler) if todo.title.startswith("按要求补充完善")]
    assert [todo.due for todo in waiting] == [DUE]


def test_both_sides_follow_the_request_and_strangers_do_not(maker, world, returned):
    url = f"/supplement-requests/{returned.pk}/"
    for who, status in [
        ("park_handler", 200),
        ("consultant", 200),
        ("province_signer", 200),
        ("reform_handler", 200),
        ("city_handler", 404),
        ("prefecture_handler", 404),
        ("state_handler", 404),
    ]:
        page = signed_in(world.people[who]).get(url)
        assert page.status_code == status, who
        if status == 200:
            parsed(page)
            assert "目标与基准不符" in page.content.decode()
    shown = signed_in(world.reform_handler).get(url).content.decode()
    assert "/cancel/" not in shown


def test_the_pages_in_all_states(maker, world, returned):
    pilot = returned.pilot
    client = signed_in(world.park_handler)
    for name in ("pilot", "targets", "scope", "describe", "eligibility", "attachments", "check", "plan"):
        page = client.get(address(name, pilot))
        assert page.status_code == 200
        parsed(page)
        assert "受理单位退回补充完善" in page.content.decode(), name
    assert "现在只能查看" in client.get(address("describe", pilot)).content.decode()
    assert "现在只能查看" not in client.get(address("targets", pilot)).content.decode()
    assert "data-autosave" in client.get(address("chapter", pilot, "goals")).content.decode()
    other = pilot.chapters.exclude(outline_id="goals").first().outline_id
    assert "data-autosave=" not in client.get(address("chapter", pilot, other)).content.decode()
    for stage in SupplementRequest.Stage.values:
        answered = pilot.submissions.get() if stage == "answered" else None
        SupplementRequest.objects.filter(pk=returned.pk).update(stage=stage, answered_with=answered)
        for who in (world.park_handler, world.province_handler):
            for page in ("", "cancel/", "lapse/"):
                parsed(signed_in(who).get(f"/supplement-requests/{returned.pk}/{page}"))


def test_the_handler_asks_on_the_page_and_hostile_text_stays_text(maker, world):
    pilot = with_option(maker("park", stage="submitted"), "return_for_supplement")
    client = signed_in(world.province_handler)
    url = f"/submissions/{pilot.submissions.get().pk}/return/"
    assert url in client.get(f"/submissions/{pilot.submissions.get().pk}/").content.decode()
    form = form_of(client.get(url))
    assert "chapters" not in form
    empty = client.post(url, {**form, "reason": "x", "due_at": "2022-07-08T18:00"})
    assert empty.status_code == 422
    assert "请至少勾选" in empty.content.decode()
    done = send(client, url, chapters=["goals"], parts=["scope"], reason=HOSTILE, due_at="2022-07-08T18:00")
    assert done.status_code == 302
    request = SupplementRequest.objects.get()
    assert request.due_at == DUE
    for who in (world.park_handler, world.province_handler, world.reform_signer):
        page = signed_in(who).get(done["Location"])
        parsed(page)
        assert "<script>alert" not in page.content.decode()
    assert (
        "补充完善"
        in signed_in(world.reform_signer).get(f"/submissions/{request.submission_id}/").content.decode()
    )
