"""Preparing, consulting, publishing and extending a call by its forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingyuan.calls import actions
from qingyuan.calls.models import Call, Supplement
from qingyuan.kernel.models import Mail
from qingyuan.people import actions as people
from tests.calls.pages import at, fresh, hidden_of, post, url
from tests.cast import OPENS
from tests.people.strict import client_of, strict, words

pytestmark = pytest.mark.django_db
INVENTED = Path(__file__).parents[1] / "catalogue" / "files"


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
