"""Remarks lead somewhere: to-dos, findings, threads; and the receiving side's words stand on the page of its return."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qingyuan.kernel import checks, clock, todos
from qingyuan.kernel.actions import Invalid
from qingyuan.pilots import actions
from qingyuan.pilots.models import ChapterRemark
from tests.house.cases.pilots import with_option
from tests.pilots.workspace import HOSTILE, address, parsed, send, signed_in


@pytest.fixture
def pilot(maker):
    return maker("park", stage="ready")


@pytest.fixture
def remark(pilot, world):
    return actions.remark_chapter(pilot, by=world.park_reviewer, outline_id="goals", text="演示：基准年不清")


def warned(pilot):
    return [f for f in checks.run("pilot", pilot) if "条意见未处理" in f.message]


def titles(user):
    return [todo.title for todo in todos.of(user) if "意见" in todo.title]


def test_an_open_remark_warns_and_waits_for_those_who_write(pilot, remark, maker, world):
    actions.remark_chapter(pilot, by=world.park_signer, outline_id="goals", text="演示二")
    [finding] = warned(maker.fresh(pilot))
    assert (finding.level, finding.area, finding.part) == ("warning", "plan", "goals")
    assert "2 条" in finding.message
    assert titles(world.park_handler) == [f"处理章节意见（2 条）：《{pilot.name}》"]
    assert titles(world.consultant) == titles(world.park_handler)
    assert titles(world.park_reviewer) == titles(world.city_handler) == []
    for one in ChapterRemark.objects.all():
        actions.resolve_remark(maker.fresh(pilot), by=world.park_handler, remark_id=one.pk)
    assert warned(maker.fresh(pilot)) == []
    assert titles(world.park_handler) == []
    actions.hand_in(maker.fresh(pilot), by=world.park_handler)


def test_an_answer_reaches_who_remarked_and_a_settled_one_can_be_opened_again(pilot, remark, maker, world):
    client, reviewer = signed_in(world.park_handler), signed_in(world.park_reviewer)
    assert (
        send(client, address("answer-remark", pilot, remark.pk), text=f"已写明{HOSTILE}").status_code == 302
    )
    assert titles(world.park_reviewer) == [f"您的章节意见有答复：《{pilot.name}》"]
    page = reviewer.get(address("chapter", pilot, "goals"))
    parsed(page)
    assert "已写明" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    with pytest.raises(Invalid, match="1 处"):
        actions.reopen_remark(maker.fresh(pilot), by=world.park_reviewer, remark_id=remark.pk, text="x")
    actions.resolve_remark(maker.fresh(pilot), by=world.park_handler, remark_id=remark.pk)
    assert titles(world.park_reviewer) == []
    assert (
        address("reopen-remark", pilot, remark.pk)
        in reviewer.get(address("chapter", pilot, "goals")).content.decode()
    )
    assert send(reviewer, address("reopen-remark", pilot, remark.pk), text="仍缺来源").status_code == 302
    remark.refresh_from_db()
    assert remark.resolved_at is None
    assert [reply.text for reply in remark.replies.all()][-1] == "仍缺来源"
    assert len(warned(maker.fresh(pilot))) == 1


def test_words_that_are_missing_too_long_or_of_another_pilot_are_refused(pilot, remark, maker, world):
    other = maker("park", stage="drafting", name="演示另一份")
    for target, text in ((pilot, " "), (pilot, "长" * 1001), (other, "好")):
        with pytest.raises(Invalid):
            actions.answer_remark(maker.fresh(target), by=world.park_handler, remark_id=remark.pk, text=text)
    assert signed_in(world.park_handler).get(address("answer-remark", other, remark.pk)).status_code == 404


def test_a_return_names_its_chapters_with_their_remarks_and_keeps_the_applicant_s_own_inside(maker, world):
    pilot = with_option(maker("park", stage="submitted"), "return_for_supplement")
    inner = pilot.chapters.get(outline_id="goals").remarks.create(
        text="演示：内部意见", at=clock.now(), by=world.park_reviewer
    )
    submission = pilot.submissions.get()
    client = signed_in(world.province_handler)
    url = f"/submissions/{submission.pk}/return/"
    data = {"chapters": ["goals"], "reason": "演示", "due_at": "2022-07-05T18:00"}
    wrong = send(client, url, **data, **{"remark-innovation": "没有勾选"})
    assert wrong.status_code == 422
    assert "这一章没有勾选" in wrong.content.decode()
    done = send(client, url, **data, **{"remark-goals": "演示：目标没有基准年"})
    assert done.status_code == 302
    asked = client.get(done["Location"])
    parsed(asked)
    assert "目标没有基准年" in asked.content.decode()
    assert inner.text not in asked.content.decode()
    own = signed_in(world.park_handler).get(done["Location"])
    parsed(own)
    assert "目标没有基准年" in own.content.decode()
    assert inner.text in own.content.decode()
    chapter = signed_in(world.park_handler).get(address("chapter", pilot, "goals")).content.decode()
    assert "受理单位退回补充完善时提出" in chapter
    assert any("条意见未处理" in finding.message for finding in checks.run("pilot", maker.fresh(pilot)))


def test_only_named_chapters_open_and_the_text_of_who_types_past_the_deadline_is_kept(maker, world):
    pilot = with_option(maker("park", stage="submitted"), "return_for_supplement")
    due = clock.now() + timedelta(days=1)
    actions.request_supplement(
        maker.fresh(pilot),
        by=world.province_handler,
        chapters=["goals"],
        parts=[],
        reason="演示",
        due_at=due,
    )
    client = signed_in(world.park_handler)
    url = address("chapter", pilot, "goals")
    revision = pilot.chapters.get(outline_id="goals").revision
    assert 'name="html"' in client.get(url).content.decode()
    assert 'name="html"' not in client.get(address("chapter", pilot, "innovation")).content.decode()
    with clock.at(due):
        late = client.post(url, {"html": "<p>演示：写到一半</p>", "revision": revision})
    assert late.status_code >= 400
    assert "演示：写到一半" in late.content.decode()
    assert "补充完善已于" in late.content.decode()


def test_a_withdrawn_application_can_be_made_anew_before_the_deadline(maker, world):
    pilot = maker("park", stage="submitted")
    actions.withdraw(maker.fresh(pilot), by=world.park_signer, remark="演示")
    again = actions.create(
        world.call, by=world.park_handler, applicant=world.park, category_id="park", name=pilot.name
    )
    assert again.stage == "drafting"
