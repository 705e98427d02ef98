"""The pages of calls: what departments, applicants and strangers read there, and what it costs."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from qingyuan.calls import actions, queries
from qingyuan.calls.models import Call, Supplement
from qingyuan.catalogue.sectors import sectors
from qingyuan.kernel import clock
from tests.calls.pages import at, url
from tests.cast import CLOSES, OPENS
from tests.people.strict import client_of, strict, words

pytestmark = pytest.mark.django_db
INVENTED = Path(__file__).parents[1] / "catalogue" / "files"


# --- every page is a page


def test_all_pages_parse_in_every_stage(world, draft, proposed):
    pages = [
        (world.state_handler, url("list")),
        (world.state_handler, url("list") + "?state=draft&text=没有这份"),
        (world.state_handler, url("prepare")),
        (world.state_handler, url("call", draft)),
        (world.state_handler, url("revise", draft)),
        (world.state_handler, url("send-for-cosign", draft)),
        (world.province_handler, url("prepare")),
        (world.province_handler, url("call", world.call)),
        (world.province_handler, url("supplement", proposed)),
        (world.province_handler, url("drop-supplement", proposed)),
        (world.reform_signer, url("consent-to-supplement", proposed)),
        (world.province_signer, url("issue-supplement", proposed)),
        (world.park_handler, url("call", world.call)),
        (world.stranger, url("list")),
    ]
    for user, address in pages:
        response = client_of(user).get(address)
        assert response.status_code == 200, (user, address)
        strict(response)
    actions.send_for_cosign(draft, by=world.state_handler)
    for user, name in [
        (world.ndrc_signer, "consent"),
        (world.ndrc_signer, "return-to-draft"),
        (world.state_signer, "publish"),
        (world.state_signer, "call"),
    ]:
        response = client_of(user).get(url(name, draft))
        assert response.status_code == 200, name
        strict(response)


# --- who sees what


def test_published_calls_are_for_all_and_drafts_for_their_departments(world, draft):
    assert words(client_of(world.stranger).get(url("list"))).count("申报") >= 1
    assert client_of(world.stranger).get(url("call", world.call)).status_code == 200
    for reader, may in [
        (world.state_handler, True),
        (world.ndrc_signer, True),
        (world.province_handler, False),
        (world.park_handler, False),
        (world.operator, False),
    ]:
        status = client_of(reader).get(url("call", draft)).status_code
        assert status == (200 if may else 404), reader
        listed = url("call", draft) in client_of(reader).get(url("list")).content.decode()
        assert listed == may, reader
    for name in ("revise", "send-for-cosign", "consent", "return-to-draft", "publish", "propose-supplement"):
        assert client_of(world.park_handler).post(url(name, draft)).status_code == 404


def test_a_supplement_in_consultation_is_not_told_before_it_is_issued(world, proposed):
    client = client_of(world.park_handler)
    assert client.get(url("supplement", proposed)).status_code == 404
    assert "系统维护" not in words(client.get(url("call", world.call)))
    actions.consent_to_supplement(proposed, by=world.reform_signer)
    actions.issue_supplement(proposed, by=world.province_signer)
    assert "系统维护" in words(client.get(url("supplement", proposed)))
    page = words(client.get(url("call", world.call)))
    assert "2022年6月30日 18:00 → 2022年7月5日 18:00" in page
    assert "通知原定 2022年6月30日 18:00" in page


def test_the_list_puts_first_what_can_be_answered_now(world, draft):
    def order(user, **query):
        response = client_of(user).get(url("list"), query)
        return [row.state.code for row in response.context["page"]]

    assert order(world.state_handler) == ["open", "draft"]
    assert order(world.state_handler, state="draft") == ["draft"]
    assert order(world.park_handler, state="closed") == []
    with clock.at(CLOSES):
        assert order(world.park_handler, state="closed") == ["closed"]
        assert "已截止" in words(client_of(world.park_handler).get(url("list")))
    with clock.at("2022-05-30T12:00:00+08:00"):
        assert order(world.park_handler, state="upcoming") == ["upcoming"]


# --- what a call says


@pytest.mark.clause("N2", "N4")
def test_a_call_shows_all_that_its_notice_asks(world):
    said = words(client_of(world.park_handler).get(url("call", world.call)))
    clauses = (
        "N3a",
        "N3b",
        "N3c",
        "N4",
        "N5.1",
        "N5.2",
        "N5.3",
        "N5.4",
        "N6",
        "N8",
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
    )
    assert [clause for clause in clauses if f"条款 {clause}" not in said] == []
    listed = [sectors()[one].title for one in world.call.notice.sectors.ids]
    assert len(listed) == 13
    for text in (
        *listed,
        "工业园区（产业集群）清洁生产整体审核创新",
        "市（县、区）政府或市级政府组成部门、园区管委会等",
        "申报单位即实施单位",
        "（二）试点方法及技术路线",
        "2022+项目名称+申报单位名称",
        "材料电子件总大小不超过50M",
        "2022年6月30日 18:00",
        "2022年7月10日 24:00",
        "call-2022@example.org",
        "形式校核",
        "2022年没有设退回补充完善",
    ):
        assert text in said, text
    assert said.count("不启用") == 3


def test_law_is_judged_on_the_call_s_day(world):
    said = words(client_of(world.park_handler).get(url("call", world.call)))
    assert "施行中" in said
    assert "已失效" not in said
    Call.objects.filter(pk=world.call.pk).update(
        opens_at=at("2027-01-01T00:00:00+08:00"), closes_at=at("2027-02-01T00:00:00+08:00")
    )
    later = words(client_of(world.park_handler).get(url("call", world.call)))
    assert "已失效" in later
    assert "现由《中华人民共和国生态环境法典》规定" in later


def test_an_applicant_finds_the_way_to_apply_while_the_call_is_open(world):
    assert client_of(world.park_handler).get(url("call", world.call)).context["may_apply"]
    assert not client_of(world.stranger).get(url("call", world.call)).context["may_apply"]
    assert not client_of(world.park_reviewer).get(url("call", world.call)).context["may_apply"]
    with clock.at(CLOSES):
        assert not client_of(world.park_handler).get(url("call", world.call)).context["may_apply"]


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2022-06-30T18:00:00+08:00", "2022年6月30日 18:00"),
        ("2022-07-16T00:00:00+08:00", "2022年7月15日 24:00"),
        ("2023-01-01T00:00:00+08:00", "2022年12月31日 24:00"),
        ("2022-07-15T16:00:00+00:00", "2022年7月15日 24:00"),
    ],
)
def test_a_deadline_at_midnight_is_said_as_the_end_of_the_day_before(instant, said):
    assert queries.plain_until(at(instant)) == said


# --- what pages cost


def test_the_list_costs_the_same_for_many(world, settings, django_assert_max_num_queries):
    client = client_of(world.state_handler)
    client.get(url("list"))
    with django_assert_max_num_queries(6) as few:
        client.get(url("list"))
    for number in range(60):
        Call.objects.create(
            notice_id=f"demo-{number}",
            joint_body=world.joint["state"],
            title=f"演示{number}",
            opens_at=at(OPENS),
            closes_at=at(CLOSES),
        )
    with django_assert_max_num_queries(len(few)):
        page = client.get(url("list"))
    assert "下一页" in words(page)


@pytest.mark.parametrize(("who", "most"), [("park_handler", 8), ("province_handler", 13)])
def test_a_call_s_page_costs_the_same_for_many(world, who, most, proposed, django_assert_max_num_queries):
    client = client_of(world.people[who])
    client.get(url("call", world.call))
    with django_assert_max_num_queries(most) as few:
        client.get(url("call", world.call))
    world.call.addressees.add(world.henan_ecology, world.henan_reform, world.park)
    actions.drop_supplement(proposed, by=world.province_handler)
    for day in (6, 7):
        one = actions.propose_supplement(
            world.call,
            by=world.province_handler,
            new_closes_at=at(f"2022-07-0{day}T18:00:00+08:00"),
            reason="演示",
        )
        actions.drop_supplement(one, by=world.province_handler)
    with django_assert_max_num_queries(len(few)):
        client.get(url("call", world.call))


def test_typed_text_never_becomes_markup(world, proposed):
    hostile = "<script>alert(1)</script><b>&amp;{remark}"
    Call.objects.filter(pk=world.call.pk).update(title=hostile, document_number=hostile[:60])
    Supplement.objects.filter(pk=proposed.pk).update(reason=hostile)
    type(world.luoyang_ecology).objects.filter(pk=world.luoyang_ecology.pk).update(name=hostile)
    for who, address in [
        ("province_handler", url("list")),
        ("province_handler", url("call", world.call)),
        ("province_handler", url("supplement", proposed)),
        ("province_signer", url("issue-supplement", proposed)),
        ("prefecture_handler", reverse("people:organisations")),
        ("prefecture_handler", reverse("people:organisation", args=[world.luoyang_ecology.pk])),
    ]:
        response = client_of(world.people[who]).get(address)
        assert response.status_code == 200, address
        tree = strict(response)
        assert not [one for one in tree.iter("script") if one.text], address
        assert "alert(1)" in words(response) or "alert(1)" in response.content.decode(), address
