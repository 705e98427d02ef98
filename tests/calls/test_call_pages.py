"""The pages of calls: what departments, applicants and strangers read and do there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.urls import reverse

from qingyuan.calls import actions, queries
from qingyuan.calls.models import Call, Supplement
from qingyuan.catalogue.sectors import sectors
from qingyuan.kernel import clock
from qingyuan.kernel.models import Mail
from qingyuan.people import actions as people
from tests.cast import CLOSES, OPENS
from tests.people.strict import client_of, strict, words

pytestmark = pytest.mark.django_db
INVENTED = Path(__file__).parents[1] / "catalogue" / "files"


def url(name, *arguments):
    return reverse(f"calls:{name}", args=[getattr(one, "pk", one) for one in arguments])


def at(text):
    return datetime.fromisoformat(text)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def hidden_of(response, address):
    form = next(one for one in strict(response).iter("form") if one.get("action", "").startswith(address))
    return {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}


def post(client, address, **data):
    return client.post(address, {**hidden_of(client.get(address), address), **data})


@pytest.fixture
def draft(world):
    return actions.prepare(
        world.joint["state"],
        by=world.state_handler,
        notice_id="national-2022",
        opens_at=at(OPENS),
        closes_at=at("2022-07-16T00:00:00+08:00"),
        addressees=[world.henan_ecology, world.henan_reform],
    )


@pytest.fixture
def proposed(world):
    return actions.propose_supplement(
        world.call,
        by=world.province_handler,
        new_closes_at=at("2022-07-05T18:00:00+08:00"),
        reason="演示：系统维护",
    )


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


# --- preparing


def bureaus(world):
    """Two further bureaus, one of them in another province: it is not an addressee of a Henan notice."""
    for name, kind, region in [
        ("演示·郑州市生态环境局", "prefecture_ecology", "410100"),
        ("演示·石家庄市生态环境局", "prefecture_ecology", "130100"),
    ]:
        people.register_organisation(
            by=world.operator, kind=kind, name=name, region_code=region, is_demo=True
        )


@pytest.mark.clause("N0", "H1")
def test_preparing_starts_from_the_notice_and_its_addressees(world):
    Supplement.objects.all().delete()
    world.call.addressees.clear()
    Call.objects.all().delete()
    bureaus(world)
    client = client_of(world.province_handler)
    offered = client.get(url("prepare"))
    address = url("prepare-from", world.joint["henan"], "henan-2022")
    assert address in offered.content.decode()
    assert "national-2022" not in offered.content.decode()  # not the province's to issue
    tree = strict(client.get(address))
    assert tree.find(".//input[@name='opens_at']").get("value") == "2022-05-31T00:00"
    assert tree.find(".//input[@name='closes_at']").get("value") == "2022-06-30T18:00"
    boxes = [one for one in tree.iter("input") if one.get("name") == "addressees"]
    assert {one.get("value") for one in boxes if "checked" in one.attrib} == {
        one.get("value") for one in boxes
    }
    said = words(client.get(address))
    assert "洛阳市发展改革委" in said
    assert "石家庄" not in said
    assert "演示·郑州市生态环境局（没有公务邮箱，收不到邮件）" in said
    assert "尚有单位未登记的地区：郑州市、开封市" in said
    assert not any("checked" in one.attrib for one in tree.iter("input") if one.get("name") == "options")
    answer = post(
        client,
        address,
        opens_at="2022-05-31T00:00",
        closes_at="2022-06-30T18:00",
        mailbox="call@example.org",
        addressees=[str(world.luoyang_ecology.pk)],
    )
    call = Call.objects.get()
    assert answer.headers["Location"] == url("call", call)
    assert call.closes_at == at("2022-06-30T18:00:00+08:00")
    assert list(call.addressees.all()) == [world.luoyang_ecology]
    # Once prepared, the address leads to the call, and the list of notices says so.
    assert client.get(address).headers["Location"] == url("call", call)
    assert "拟稿" in words(client.get(url("prepare")))


@pytest.mark.clause("N0")
def test_a_provincial_call_is_prepared_below_the_national_one(world, draft):
    Call.objects.filter(notice_id="henan-2022").delete()
    client = client_of(world.province_handler)
    address = url("prepare-from", world.joint["henan"], "henan-2022")
    assert "上级通知尚未在平台发布" in words(client.get(address))
    actions.send_for_cosign(draft, by=world.state_handler)
    actions.consent(draft, by=world.ndrc_signer)
    actions.publish(draft, by=world.state_signer)
    assert "环办科财函〔2022〕178号" in words(client.get(address))
    post(
        client,
        address,
        opens_at="2022-05-31T00:00",
        closes_at="2022-06-30T18:00",
        addressees=[str(world.luoyang_ecology.pk)],
    )
    call = Call.objects.get(notice_id="henan-2022")
    assert call.parent == draft
    assert "环办科财函〔2022〕178号" in client.get(url("call", call)).content.decode()


def test_wrong_entries_keep_what_was_typed(world, draft):
    client = client_of(world.state_handler)
    answer = post(
        client,
        url("revise", draft),
        opens_at="2022-07-01T00:00",
        closes_at="2022-06-01T00:00",
        mailbox="nobody",
    )
    assert answer.status_code == 422
    said = words(answer)
    assert "截止时间须晚于开始时间" in said
    assert "至少选择一个发送对象" in said
    assert strict(answer).find(".//input[@name='mailbox']").get("value") == "nobody"


def test_a_notice_of_another_level_or_none_is_not_there(world):
    client = client_of(world.province_handler)
    assert client.get(url("prepare-from", world.joint["henan"], "national-2022")).status_code == 404
    assert client.get(url("prepare-from", world.joint["henan"], "nobody-2022")).status_code == 404
    assert client.get(url("prepare-from", world.joint["state"], "national-2022")).status_code == 404
    assert client_of(world.park_handler).get(url("prepare")).status_code == 403


@pytest.mark.clause("N3x")
def test_the_invented_notice_works_on_every_page(world, settings):
    settings.QINGYUAN_NOTICES = [str(INVENTED)]
    client = client_of(world.state_handler)
    address = url("prepare-from", world.joint["state"], "demo-2027")
    tree = strict(client.get(address))
    assert tree.find(".//input[@name='opens_at']").get("value") == "2027-03-01T00:00"
    assert tree.find(".//input[@name='closes_at']").get("value") == "2027-04-15T17:00"
    assert sum("checked" in one.attrib for one in tree.iter("input") if one.get("name") == "options") == 3
    post(
        client,
        address,
        opens_at="2027-03-01T00:00",
        closes_at="2027-04-15T17:00",
        addressees=[str(world.henan_ecology.pk)],
        options=["prefecture_comment", "publicity"],
    )
    call = Call.objects.get(notice_id="demo-2027")
    said = words(client.get(url("call", call)))
    assert "制度衔接审核" in said
    assert "创新的投入产出" in said
    assert "与通知不一致" in said  # the third option was switched off against the notice
    assert "演示2027-申报单位名称-项目名称" in said


# --- consultation and publication by form


def test_the_way_from_draft_to_publication_by_forms(world, draft):
    host, cosigner, signer = (
        client_of(world.state_handler),
        client_of(world.ndrc_signer),
        client_of(world.state_signer),
    )
    assert post(host, url("send-for-cosign", draft)).status_code == 302
    page = words(signer.get(url("publish", draft)))
    assert "国家发展改革委尚未会签同意当前内容" in page
    shown = words(cosigner.get(url("consent", draft)))
    assert "2022年7月15日 24:00" in shown
    assert "河南省生态环境厅" in shown
    post(cosigner, url("return-to-draft", draft), remark="请写明邮箱")
    assert fresh(draft).stage == Call.Stage.DRAFT
    assert "请写明邮箱" in words(host.get(url("call", draft)))
    post(
        host,
        url("revise", draft),
        opens_at="2022-05-31T00:00",
        closes_at="2022-07-16T00:00",
        mailbox="national@example.org",
        addressees=[str(world.henan_ecology.pk)],
    )
    post(host, url("send-for-cosign", draft))
    post(cosigner, url("consent", draft))
    assert "同意" in words(host.get(url("call", draft)))
    assert url("consent", draft) not in cosigner.get(url("call", draft)).content.decode()
    Mail.objects.all().delete()
    before = words(signer.get(url("publish", draft)))
    assert "这一步将发送以下邮件（1 封）" in before
    assert world.henan_ecology.email in before
    assert post(signer, url("publish", draft), document_number="演示〔2022〕9号").status_code == 302
    call = fresh(draft)
    assert (call.stage, call.document_number) == (Call.Stage.OPEN, "演示〔2022〕9号")
    assert [mail.address for mail in Mail.objects.all()] == [world.henan_ecology.email]


def test_a_consent_to_a_page_that_has_changed_is_refused(world, draft):
    """The cosigner read one content; another stands when the button is pressed."""
    actions.send_for_cosign(draft, by=world.state_handler)
    client = client_of(world.ndrc_signer)
    hidden = hidden_of(client.get(url("consent", draft)), url("consent", draft))
    actions.return_to_draft(draft, by=world.state_handler, remark="演示")
    actions.revise(
        draft,
        by=world.state_handler,
        opens_at=at(OPENS),
        closes_at=at("2022-07-20T00:00:00+08:00"),
        addressees=[world.henan_ecology],
    )
    actions.send_for_cosign(draft, by=world.state_handler)
    answer = client.post(url("consent", draft), hidden)
    assert answer.status_code == 409
    assert not draft.consents.exists()


def test_publishing_before_the_consents_is_refused_by_the_page_too(world, draft):
    actions.send_for_cosign(draft, by=world.state_handler)
    answer = client_of(world.state_signer).post(url("publish", draft), {"revision": fresh(draft).revision})
    assert answer.status_code == 422
    assert "国家发展改革委尚未会签同意当前内容" in words(answer)


def test_an_extension_by_forms(world):
    host, cosigner, signer = (
        client_of(world.province_handler),
        client_of(world.reform_signer),
        client_of(world.province_signer),
    )
    address = url("propose-supplement", world.call)
    early = post(host, address, new_closes_at="2022-06-30T18:00", reason="演示")
    assert early.status_code == 422
    assert "须晚于现在的截止时间 2022年6月30日 18:00" in words(early)
    answer = post(host, address, new_closes_at="2022-07-06T00:00", reason="演示：系统维护")
    proposed = Supplement.objects.get()
    assert answer.headers["Location"] == url("supplement", proposed)
    assert "会签中的补充通知" in words(host.get(url("call", world.call)))
    assert "省发展和改革委员会尚未会签" in words(signer.get(url("issue-supplement", proposed)))
    post(cosigner, url("consent-to-supplement", proposed))
    before = words(signer.get(url("issue-supplement", proposed)))
    assert "2022年7月5日 24:00（北京时间）" in before
    assert post(signer, url("issue-supplement", proposed), document_number="").status_code == 302
    assert fresh(world.call).closes_at == at("2022-07-06T00:00:00+08:00")
    assert "2022年7月5日 24:00" in words(client_of(world.park_handler).get(url("call", world.call)))
    # The consent to the call was given to what was published; the extension has consents of its own.
    assert "同意失效" not in words(host.get(url("call", world.call)))


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
