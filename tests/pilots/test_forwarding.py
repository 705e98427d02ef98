"""经所在市转报: the version counts from the applicant's own instant, whatever the bureau does or leaves undone."""

from __future__ import annotations

import html
import io
import re
import zipfile
from datetime import timedelta

import pytest

from qingyuan.calls.mails import publication_mails
from qingyuan.calls.models import Call
from qingyuan.kernel import clock, ledger, todos
from qingyuan.kernel.actions import Closed, Invalid, NotAllowed
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.pilots import actions, forwarding, received
from qingyuan.pilots.models import PrefectureForwarding
from tests.api.conftest import ApiClient, token_of
from tests.pilots.workspace import HOSTILE, address, parsed, send, signed_in

DAYS = timedelta(days=5)


@pytest.fixture
def call(world):
    """The Henan call as if it handed in through the prefectures."""
    Call.objects.filter(pk=world.call.pk).update(forward_closes_at=world.call.closes_at + DAYS)
    world.call.refresh_from_db()
    return world.call


@pytest.fixture
def jointly(call, world):
    Call.objects.filter(pk=call.pk).update(forward_jointly=True)
    world.call.refresh_from_db()
    return world.call


def joins(user, body):
    from qingyuan.people.models import Membership

    Membership.objects.create(user=user, organisation=body, role="handler", since=clock.now())
    user.__dict__.pop("standing", None)
    return user


def way_of(pilot):
    return PrefectureForwarding.objects.get(pilot=pilot, submission__is_current=True)


def detail_of(call, pilot):
    rows = received.rows(call, list(received.register(call, received.Filters())))
    return next(row for row in rows if row.pilot_id == pilot.pk)


def said_in(docx):
    document = zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()
    return html.unescape(re.sub(r"<[^>]+>", " ", document))


def titles(user):
    return [todo.title for todo in todos.of(user)]


def test_a_direct_call_forwards_nothing(maker, world):
    pilot = maker("park", stage="submitted")
    assert world.call.submission_route == "direct"
    assert not PrefectureForwarding.objects.exists()
    assert forwarding.route_of(pilot).why == "通知规定由申报单位直接报送"
    page = signed_in(world.province_handler).get(f"/submissions/{pilot.submissions.get().pk}/")
    assert "市级转报" not in page.content.decode()


def test_the_version_arrives_at_once_and_the_province_sees_it_waiting(call, maker, world):
    pilot = maker("park", stage="submitted")
    submission, way = pilot.submissions.get(), way_of(pilot)
    assert (way.stage, way.arrived_at) == ("waiting", submission.submitted_at)
    assert submission.register_number == 1
    row = detail_of(call, pilot)
    assert row.state == "received"
    assert "待转报：洛阳市生态环境局" in row.detail
    mail = Mail.objects.get(verb="pilot.submit", address=world.luoyang_ecology.email)
    assert "2022年7月5日 18:00" in mail.body
    assert f"提出市级意见并转报：《{pilot.name}》" in titles(world.prefecture_handler)
    for who in (world.prefecture_handler, world.park_handler, world.province_handler, world.reform_signer):
        page = signed_in(who).get(f"/forwardings/{way.pk}/")
        parsed(page)
        assert "待转报" in page.content.decode()
    assert signed_in(world.city_handler).get(f"/forwardings/{way.pk}/").status_code == 404
    assert signed_in(world.prefecture_handler).get(f"/submissions/{submission.pk}/").status_code == 404
    shown = signed_in(world.province_handler).get(f"/submissions/{submission.pk}/")
    parsed(shown)
    assert "待转报" in shown.content.decode()


def test_the_bureau_reads_agrees_and_forwards_with_its_own_number(call, maker, world):
    pilot = maker("park", stage="submitted")
    way, client = way_of(pilot), signed_in(world.prefecture_handler)
    assert "市级转报" in client.get("/area/").content.decode()
    for name in ("plan", "package"):
        assert b"".join(client.get(f"/forwardings/{way.pk}/{name}/").streaming_content)[:2] == b"PK"
    assert client.get(f"/forwardings/{way.pk}/receipt.json").status_code == 404
    assert send(client, f"/forwardings/{way.pk}/give/", word="agree", text=HOSTILE).status_code == 302
    way.refresh_from_db()
    assert (way.stage, way.label) == ("forwarded", "转〔2022〕0001号")
    page = client.get(f"/forwardings/{way.pk}/")
    parsed(page)
    assert "<script>alert" not in page.content.decode()
    assert "已转报 转〔2022〕0001号" in detail_of(call, pilot).detail
    assert Mail.objects.filter(verb="forwarding.give", address=call.mailbox).exists()
    assert Mail.objects.filter(verb="forwarding.give", recipient=world.park_handler).exists()
    receipt = client.get(f"/forwardings/{way.pk}/receipt.json").json()
    entry = LedgerEntry.objects.get(verb="forwarding.give")
    assert receipt == ledger.receipt(entry)
    assert entry.content["payload"]["register_number"] == pilot.submissions.get().register_number
    paper = client.get(f"/forwardings/{way.pk}/receipt.docx")
    assert "filename*=utf-8''" in paper["Content-Disposition"]
    text = said_in(paper.content)
    assert "转报回执" in text
    for said in (
        way.label,
        "洛阳市生态环境局",
        "同意转报",
        "<script>alert(1)",
        entry.hash[:8],
        str(entry.seq),
    ):
        assert said in text
    applicant = signed_in(world.park_handler)
    assert applicant.get(f"/forwardings/{way.pk}/receipt.docx").content == paper.content
    assert signed_in(world.stranger).get(f"/forwardings/{way.pk}/receipt.docx").status_code == 404
    assert not [title for title in titles(world.prefecture_handler) if "转报" in title]


def test_who_does_not_agree_says_why_and_forwards_all_the_same(call, maker, world):
    way = way_of(maker("park", stage="submitted"))
    with pytest.raises(Invalid):
        actions.give_forwarding(way, by=world.prefecture_handler, agree=False, text=" ")
    client = signed_in(world.prefecture_handler)
    wrong = send(client, f"/forwardings/{way.pk}/give/", word="dissent", text="")
    assert wrong.status_code == 422
    actions.give_forwarding(way, by=world.prefecture_handler, agree=False, text="演示：边界不清")
    way.refresh_from_db()
    assert way.stage == "forwarded"
    assert "演示：边界不清" in Mail.objects.get(verb="forwarding.give", address=call.mailbox).body
    shown = signed_in(world.province_handler).get(f"/forwardings/{way.pk}/").content.decode()
    assert "附不同意见转报" in shown


def test_returned_before_the_closing_the_applicant_hands_in_again(call, maker, world):
    pilot = maker("park", stage="submitted")
    first = way_of(pilot)
    client = signed_in(world.prefecture_handler)
    done = send(client, f"/forwardings/{first.pk}/return/", text="演示：请补充边界图")
    assert done.status_code == 302
    pilot = maker.fresh(pilot)
    assert pilot.stage == "drafting"
    assert pilot.submissions.get().is_current, "what was received stands until a new version comes"
    overview = signed_in(world.park_handler).get(address("pilot", pilot)).content.decode()
    assert "演示：请补充边界图" in overview
    assert "市级退回" in detail_of(call, pilot).detail
    with clock.at("2022-06-30T17:59:00+08:00"):
        pilot = again(maker, world, pilot)
    second = way_of(pilot)
    first.refresh_from_db()
    assert (first.stage, second.stage) == ("returned", "waiting")
    assert detail_of(call, pilot).version == 2


def test_the_register_is_filtered_by_where_versions_stand(call, maker, world):
    numbers = range(3)
    pilots = [maker("park", stage="submitted", name=f"演示{number}") for number in numbers]
    waiting, agreed, back = pilots
    actions.give_forwarding(way_of(agreed), by=world.prefecture_handler, agree=True)
    actions.send_back(way_of(back), by=world.prefecture_handler, text="演示")
    client, url = signed_in(world.province_handler), f"/calls/{call.pk}/received/"

    def shown(asked):
        found = received.register(call, received.Filters.read(call, {"forwarding": asked}))
        return {row.name for row in received.rows(call, found)}

    assert shown("waiting") == {waiting.name}
    assert shown("forwarded") == {agreed.name}
    assert shown("returned") == {back.name}
    assert shown("direct") == shown("lapsed") == set()
    assert shown("nonsense") == {pilot.name for pilot in pilots}
    page = client.get(url, {"forwarding": "waiting"})
    tree = parsed(page)
    assert [
        option.get("value") for option in tree.iter("option") if option.get("selected") is not None
    ].count("waiting") == 1
    assert page.content.decode().count("待转报：") == 1
    lines = (
        ApiClient(token_of(world.province_handler))
        .get(f"/calls/{call.pk}/received?forwarding=forwarded")
        .json()
    )
    assert [line["name"] for line in lines["items"]] == [agreed.name]
    with clock.at(call.forward_closes_at):
        assert shown("waiting") == set()
        assert shown("lapsed") == {waiting.name}


def test_a_direct_call_offers_no_such_filter(maker, world):
    maker("park", stage="submitted")
    page = signed_in(world.province_handler).get(f"/calls/{world.call.pk}/received/?forwarding=direct")
    assert 'name="forwarding"' not in page.content.decode()
    assert "没有符合条件的申报" not in page.content.decode()


@pytest.mark.parametrize("joint", [False, True])
def test_the_publication_says_by_which_way_applications_come(call, joint, now):
    call.forward_jointly = joint
    bodies = {mail.rendered_body() for mail in publication_mails(call, by=None, now=now, result=None)}
    assert bodies
    for body in bodies:
        assert "2022年7月5日 18:00" in body
        assert ("会同发展改革委转报" in body) == joint
    call.forward_closes_at = None
    assert all(
        "转报" not in mail.rendered_body() for mail in publication_mails(call, by=None, now=now, result=None)
    )


def again(maker, world, pilot):
    """Through the sign-off once more, with a new stamped page."""
    from qingyuan.pilots import seal

    actions.hand_in(maker.fresh(pilot), by=world.park_handler)
    actions.pass_review(maker.fresh(pilot), by=world.park_reviewer)
    actions.sign(maker.fresh(pilot), by=world.park_signer, no_state_secrets=True)
    maker.attach_seal(maker.fresh(pilot), by=world.park_handler)
    pilot = maker.fresh(pilot)
    actions.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot))
    return maker.fresh(pilot)


def test_a_new_version_and_a_withdrawal_end_what_waits(call, maker, world):
    pilot = maker("park", stage="submitted")
    first = way_of(pilot)
    actions.reopen(maker.fresh(pilot), by=world.park_handler)
    pilot = again(maker, world, pilot)
    first.refresh_from_db()
    assert first.stage == "void"
    second = way_of(pilot)
    actions.withdraw(maker.fresh(pilot), by=world.park_signer, remark="演示")
    second.refresh_from_db()
    assert second.stage == "void"
    entry = LedgerEntry.objects.get(verb="pilot.withdraw")
    moved = entry.content["payload"]["moved"]
    assert {"void"} == {one["to"] for one in moved if "forwarding" in one["type"]}


@pytest.mark.clause("H1")
def test_no_hidden_grace_on_either_side_of_the_two_deadlines(call, maker, world):
    """Handed in at 17:59:59: it is in time, and stays so whether the bureau forwards later, at its last instant, or never."""
    with clock.at("2022-06-30T17:59:59+08:00"):
        pilots = [maker("park", stage="submitted", name=f"演示{number}") for number in range(2)]
    late, never = (way_of(pilot) for pilot in pilots)
    with clock.at("2022-06-30T18:00:00+08:00"):
        with pytest.raises(Closed, match="不能退回"):
            actions.send_back(late, by=world.prefecture_handler, text="演示")
        page = signed_in(world.prefecture_handler).get(f"/forwardings/{late.pk}/").content.decode()
        assert f"/forwardings/{late.pk}/return/" not in page
        with pytest.raises(Closed, match="还没有到"):
            actions.lapse_forwarding(never, by=world.province_handler)
    with clock.at("2022-07-05T17:59:59+08:00"):
        actions.give_forwarding(late, by=world.prefecture_handler, agree=True)
    with clock.at("2022-07-05T18:00:00+08:00"):
        with pytest.raises(Closed, match="转报已于"):
            actions.give_forwarding(never, by=world.prefecture_handler, agree=True)
        assert f"登记逾期未转报：《{pilots[1].name}》" in titles(world.province_handler)
        assert not [title for title in titles(world.prefecture_handler) if "转报" in title]
        assert "逾期未转报" in detail_of(call, pilots[1]).detail
        client = signed_in(world.province_handler)
        assert send(client, f"/forwardings/{never.pk}/lapse/").status_code == 302
    never.refresh_from_db()
    assert never.stage == "lapsed"
    for pilot in pilots:
        row = detail_of(call, pilot)
        assert (row.state, row.at) == ("received", "2022-06-30 17:59:59")


def test_jointly_both_bureaus_speak_before_it_is_forwarded(jointly, maker, world):
    pilot = maker("park", stage="submitted")
    way = way_of(pilot)
    assert [one.organisation.name for one in way.opinions.all()] == ["洛阳市生态环境局", "洛阳市发展改革委"]
    reform = joins(world.stranger, world.luoyang_reform)
    actions.give_forwarding(way, by=world.prefecture_handler, agree=True)
    way.refresh_from_db()
    assert way.stage == "waiting"
    assert not Mail.objects.filter(verb="forwarding.give").exists()
    assert f"提出市级意见并转报：《{pilot.name}》" in titles(reform)
    assert f"提出市级意见并转报：《{pilot.name}》" not in titles(world.prefecture_handler)
    with pytest.raises(Invalid, match="1 处"):
        actions.give_forwarding(way, by=world.prefecture_handler, agree=False, text="改主意")
    actions.give_forwarding(way, by=reform, agree=False, text="演示：资金不足")
    way.refresh_from_db()
    assert way.stage == "forwarded"
    assert Mail.objects.filter(verb="forwarding.give", address=jointly.mailbox).count() == 1


def test_alone_the_other_bureau_is_not_asked_and_sees_nothing(call, maker, world):
    way = way_of(maker("park", stage="submitted"))
    reform = joins(world.stranger, world.luoyang_reform)
    assert signed_in(reform).get(f"/forwardings/{way.pk}/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.give_forwarding(way, by=reform, agree=True)


def test_a_bureau_never_forwards_its_own_application(jointly, world):
    own = actions.create(
        jointly,
        by=world.prefecture_handler,
        applicant=world.luoyang_ecology,
        category_id="park",
        name="演示本局申报",
    )
    route = forwarding.route_of(own)
    assert route.bureaus == []
    assert "不为自己转报" in route.why
    joins(world.stranger, world.luoyang_reform)
    other = actions.create(
        jointly,
        by=world.stranger,
        applicant=world.luoyang_reform,
        category_id="park",
        name="演示发改申报",
    )
    route = forwarding.route_of(other)
    assert route.bureaus == [world.luoyang_ecology]
    assert "不为自己转报" in route.why


def test_where_no_bureau_is_registered_it_goes_straight_and_the_page_says_why(call, maker, world):
    pilot = maker("region", stage="sealed", applicant="city")
    page = signed_in(world.city_handler).get(address("submit", pilot))
    parsed(page)
    assert "平台没有登记焦作市的市级生态环境局，直接报送" in page.content.decode()
    park = maker("park", stage="sealed")
    page = signed_in(world.park_handler).get(address("submit", park)).content.decode()
    assert "经洛阳市生态环境局转报" in page


def test_numbers_of_a_bureau_have_no_gaps(call, maker, world):
    ways = [way_of(maker("park", stage="submitted", name=f"演示{number}")) for number in range(3)]
    for way in (ways[2], ways[0], ways[1]):
        actions.give_forwarding(way, by=world.prefecture_handler, agree=True)
    numbers = [PrefectureForwarding.objects.get(pk=way.pk).number for way in ways]
    assert numbers == [2, 3, 1]


def test_the_pages_cost_the_same_for_one_row_and_for_three(call, maker, world, django_assert_max_num_queries):
    bureau, province = signed_in(world.prefecture_handler), signed_in(world.province_handler)
    counts = []
    for more in (1, 2):
        for number in range(more):
            maker("park", stage="submitted", name=f"演示{more}{number}")
        with django_assert_max_num_queries(20) as area:
            bureau.get("/area/")
        with django_assert_max_num_queries(20) as home:
            bureau.get("/")
        with django_assert_max_num_queries(30) as register:
            province.get(f"/calls/{call.pk}/received/")
        counts.append((len(area), len(home), len(register)))
    assert counts[0] == counts[1]
