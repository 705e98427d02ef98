"""Prefecture bureaus: nothing in 2022; where the call asks, their area and a comment, never on their own application."""

from __future__ import annotations

import pytest

from qingyuan.calls.models import Call
from qingyuan.kernel import todos
from qingyuan.kernel.actions import Invalid, NotAllowed
from qingyuan.kernel.models import Mail
from qingyuan.pilots import actions, area
from tests.house.cases.pilots import with_option
from tests.pilots.workspace import HOSTILE, parsed, send, signed_in


@pytest.fixture
def asked(maker):
    pilot = maker("park", stage="submitted")
    with_option(pilot, "prefecture_comment")
    return maker.fresh(pilot)


def test_in_2022_nothing_shows(maker, world):
    pilot = maker("park", stage="submitted")
    with pytest.raises(NotAllowed, match="没有设置市级意见环节"):
        actions.comment(pilot, by=world.prefecture_handler, text="演示")
    client = signed_in(world.prefecture_handler)
    assert "本地试点" not in client.get("/").content.decode()
    assert client.get(f"/area/{pilot.pk}/").status_code == 404
    page = client.get("/area/")
    parsed(page)
    assert pilot.name not in page.content.decode()
    assert not [todo for todo in todos.of(world.prefecture_handler) if "意见" in todo.title]


def test_the_bureau_reads_the_sealed_plan_and_comments_once_a_version(asked, maker, world):
    client = signed_in(world.prefecture_handler)
    assert "本地试点" in client.get("/").content.decode()
    listed = client.get("/area/")
    parsed(listed)
    assert asked.name in listed.content.decode()
    assert [t.title for t in todos.of(world.prefecture_handler) if "意见" in t.title] == [
        f"可以提出市级意见：《{asked.name}》"
    ]
    page = client.get(f"/area/{asked.pk}/")
    parsed(page)
    plan = client.get(f"/area/{asked.pk}/plan/")
    assert plan.status_code == 200
    assert b"".join(plan.streaming_content)[:2] == b"PK"
    done = send(client, f"/area/{asked.pk}/comment/", text=f"同意申报。{HOSTILE}")
    assert done.status_code == 302
    assert Mail.objects.get(verb="pilot.comment").sender_id == world.luoyang_ecology.pk
    submission = asked.submissions.get()
    for who in (world.park_handler, world.province_handler, world.reform_signer):
        shown = signed_in(who).get(f"/submissions/{submission.pk}/")
        parsed(shown)
        assert "同意申报" in shown.content.decode()
        assert "<script>alert" not in shown.content.decode()
    with pytest.raises(Invalid, match="1 处"):
        actions.comment(maker.fresh(asked), by=world.prefecture_handler, text="再来一次")
    assert not [todo for todo in todos.of(world.prefecture_handler) if "意见" in todo.title]
    assert "/comment/" not in client.get(f"/area/{asked.pk}/").content.decode()


def test_a_draft_shows_its_name_but_no_plan(maker, world):
    pilot = maker("park", stage="drafting")
    with_option(pilot, "prefecture_comment")
    client = signed_in(world.prefecture_handler)
    page = client.get(f"/area/{pilot.pk}/")
    parsed(page)
    assert "还没有提交" in page.content.decode()
    assert client.get(f"/area/{pilot.pk}/plan/").status_code == 404
    assert client.get(f"/pilots/{pilot.pk}/").status_code == 404


def test_not_its_own_application_nor_another_prefecture(maker, world):
    Call.objects.filter(pk=world.call.pk).update(options={"prefecture_comment": True})
    own = actions.create(
        Call.objects.get(pk=world.call.pk),
        by=world.prefecture_handler,
        applicant=world.luoyang_ecology,
        category_id="park",
        name="演示本局申报",
    )
    elsewhere = maker("region", stage="drafting", applicant="city")
    client = signed_in(world.prefecture_handler)
    for pilot in (own, elsewhere):
        assert client.get(f"/area/{pilot.pk}/").status_code == 404
        assert pilot not in area.visible(world.prefecture_handler)
    verdict = actions.comment.allowed(world.prefecture_handler, own)
    assert "不得对本单位自己的申报提意见" in verdict.reasons


def test_places_directly_below_the_province_stand_for_themselves():
    assert area.prefix("410300") == "4103"
    assert area.prefix("419001") == "419001"


def test_the_list_costs_the_same_for_one_row_and_for_three(
    asked, maker, world, django_assert_max_num_queries
):
    client = signed_in(world.prefecture_handler)
    client.get("/area/")
    counts = []
    for more in (0, 2):
        for number in range(more):
            maker("park", stage="drafting", name=f"演示更多{number}")
        with django_assert_max_num_queries(14) as captured:
            client.get("/area/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
