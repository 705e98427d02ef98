"""A call from its notice to its publication and extension: what the departments rely on."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qingyuan.calls import actions, participants
from qingyuan.calls.models import Call, Consent, Supplement
from qingyuan.calls.notices import known_notices
from qingyuan.kernel import clock, todos
from qingyuan.kernel.errors import Invalid, NotAllowed, WrongStage
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.people.models import Membership, Organisation
from tests.cast import CLOSES, OPENS

pytestmark = pytest.mark.django_db
INVENTED = Path(__file__).parents[1] / "catalogue" / "files"


def at(text):
    return datetime.fromisoformat(text)


LATER = at("2022-07-05T18:00:00+08:00")


@pytest.fixture
def draft(world):
    """A second call of the province in preparation, on the national notice."""
    return actions.prepare(
        world.joint["state"],
        by=world.state_handler,
        notice_id="national-2022",
        opens_at=at(OPENS),
        closes_at=at("2022-07-16T00:00:00+08:00"),
        addressees=[world.henan_ecology, world.henan_reform],
        mailbox="national@example.org",
    )


@pytest.fixture
def in_consultation(world, draft):
    actions.send_for_cosign(draft, by=world.state_handler)
    return fresh(draft)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def revised(world, call, **changes):
    return actions.revise(
        call,
        by=world.state_handler,
        **{
            "opens_at": call.opens_at,
            "closes_at": call.closes_at,
            "mailbox": call.mailbox,
            "addressees": list(call.addressees.all()),
            "options": call.options,
            **changes,
        },
    )


# --- preparing


@pytest.mark.clause("H1")
def test_the_henan_call_takes_applications_until_eighteen_hundred_and_not_a_moment_longer(world):
    call = world.call
    assert call.joint_body == world.joint["henan"]
    assert call.closes_at == at("2022-06-30T18:00:00+08:00") == call.notice.closes.ends
    assert call.accepts_at(at("2022-06-30T17:59:59.999999+08:00"))
    assert not call.accepts_at(at("2022-06-30T18:00:00+08:00"))
    assert not call.accepts_at(at(OPENS) - timedelta(microseconds=1))


def test_the_options_of_2022_are_off_as_the_notice_says(world):
    assert world.call.options == {
        "prefecture_comment": False,
        "return_for_supplement": False,
        "publicity": False,
    }
    said = world.call.notice.options
    assert all(not getattr(said, name).on and getattr(said, name).why for name in actions.OPTIONS)


@pytest.mark.clause("N3x")
def test_an_invented_notice_with_four_categories_is_only_a_file(world, settings):
    settings.QINGYUAN_NOTICES = [str(INVENTED)]
    notice = known_notices()["demo-2027"]
    call = actions.prepare(
        world.joint["state"],
        by=world.state_handler,
        notice_id="demo-2027",
        opens_at=notice.opens.at,
        closes_at=notice.closes.ends,
        addressees=[world.henan_ecology],
    )
    assert len(call.notice.categories) == 4
    assert call.closes_at == at("2027-04-15T17:00:00+08:00")
    assert call.options == {"prefecture_comment": True, "return_for_supplement": True, "publicity": True}
    actions.send_for_cosign(call, by=world.state_handler)
    actions.consent(call, by=world.ndrc_signer)
    actions.publish(call, by=world.state_signer)
    assert fresh(call).accepts_at(at("2027-04-15T16:59:59+08:00"))
    assert not fresh(call).accepts_at(at("2027-04-15T17:00:00+08:00"))


def test_a_call_needs_a_known_notice_an_order_in_time_and_comes_once(world):
    def prepare(**changes):
        arguments = {
            "notice_id": "national-2022",
            "opens_at": at(OPENS),
            "closes_at": at(CLOSES),
            "addressees": [world.henan_ecology],
            **changes,
        }
        return actions.prepare(world.joint["state"], by=world.state_handler, **arguments)

    with pytest.raises(Invalid, match="改正") as unknown:
        prepare(notice_id="nobody-2022")
    assert "henan-2022" in unknown.value.problems[0].expected
    with pytest.raises(Invalid) as backwards:
        prepare(closes_at=at(OPENS))
    assert backwards.value.problems[0].where == "closes_at"
    prepare()
    with pytest.raises(Invalid) as twice:
        prepare()
    assert "已经拟制过" in twice.value.problems[0].message


@pytest.mark.parametrize(
    "who", ["state_signer", "ndrc_signer", "province_handler", "park_handler", "stranger"]
)
def test_only_a_handler_of_the_host_prepares(world, who):
    with pytest.raises(NotAllowed, match="须为主办单位的经办人"):
        actions.prepare(
            world.joint["state"],
            by=world.people[who],
            notice_id="national-2022",
            opens_at=at(OPENS),
            closes_at=at(CLOSES),
            addressees=[],
        )


# --- consultation


def test_a_consent_is_bound_to_the_content_it_was_given_to(world, in_consultation):
    actions.consent(in_consultation, by=world.ndrc_signer)
    given = Consent.objects.get(call=in_consultation)
    assert given.organisation == world.ndrc
    assert given.content_sha256 == actions.content_hash(in_consultation)
    # Something that the consent covers changes behind its back: the hash no longer fits, and nobody can publish.
    in_consultation.addressees.remove(world.henan_reform)
    with pytest.raises(Invalid) as refused:
        actions.publish(in_consultation, by=world.state_signer)
    assert [one.message for one in refused.value.problems] == ["国家发展改革委尚未会签同意当前内容"]


@pytest.mark.parametrize(
    "change",
    [
        {"opens_at": at(OPENS) + timedelta(days=1)},
        {"closes_at": LATER},
        {"mailbox": "other@example.org"},
        {"options": {"publicity": True}},
        {"addressees": []},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_change_asks_for_a_new_consent(world, in_consultation, change):
    actions.consent(in_consultation, by=world.ndrc_signer)
    actions.return_to_draft(in_consultation, by=world.state_handler, remark="再核一次")
    before = actions.content_hash(in_consultation)
    revised(world, fresh(in_consultation), **change)
    assert actions.content_hash(fresh(in_consultation)) != before
    actions.send_for_cosign(in_consultation, by=world.state_handler)
    assert not Consent.objects.filter(call=in_consultation).exists()
    with pytest.raises(Invalid, match="改正"):
        actions.publish(in_consultation, by=world.state_signer)


def test_content_cannot_move_while_it_is_consulted_on(world, in_consultation):
    with pytest.raises(WrongStage):
        revised(world, in_consultation, closes_at=LATER)
    with pytest.raises(WrongStage):
        actions.send_for_cosign(in_consultation, by=world.state_handler)


def test_a_return_says_why_to_those_who_mend_it(world, in_consultation):
    Mail.objects.all().delete()
    with pytest.raises(Invalid) as empty:
        actions.return_to_draft(in_consultation, by=world.ndrc_signer, remark="  ")
    assert empty.value.problems[0].where == "remark"
    actions.return_to_draft(in_consultation, by=world.ndrc_signer, remark="截止时间请改为18:00")
    assert fresh(in_consultation).stage == Call.Stage.DRAFT
    (mail,) = Mail.objects.all()
    assert mail.recipient == world.state_handler
    assert mail.sender_id == world.ndrc.pk
    assert "意见：截止时间请改为18:00" in mail.body
    entry = LedgerEntry.objects.get(seq=mail.ledger_seq)
    assert "截止时间" not in entry.body  # the chain keeps the hash of what somebody wrote, not the words


@pytest.mark.parametrize(
    "who", ["state_signer", "state_handler", "reform_signer", "province_signer", "stranger"]
)
def test_only_a_signer_of_the_cosigner_consents(world, in_consultation, who):
    with pytest.raises(NotAllowed, match="须为会签单位的签发人"):
        actions.consent(in_consultation, by=world.people[who])


# --- publication


def test_publication_waits_for_every_consent_and_for_the_host_s_signer(world, in_consultation):
    with pytest.raises(Invalid, match="改正"):
        actions.publish(in_consultation, by=world.state_signer)
    assert fresh(in_consultation).stage == Call.Stage.COSIGN
    actions.consent(in_consultation, by=world.ndrc_signer)
    for who in ("state_handler", "ndrc_signer", "province_signer"):
        with pytest.raises(NotAllowed):
            actions.publish(in_consultation, by=world.people[who])
    actions.publish(in_consultation, by=world.state_signer, document_number="演示函〔2022〕1号")
    assert fresh(in_consultation).document_number == "演示函〔2022〕1号"
    assert fresh(in_consultation).published_at == clock.now()


@pytest.mark.clause("N0", "H1")
def test_publication_tells_every_addressee_and_nobody_else(world, in_consultation):
    Mail.objects.all().delete()
    actions.consent(in_consultation, by=world.ndrc_signer)
    shown = actions.publish.preview(in_consultation, by=world.state_signer)
    actions.publish(in_consultation, by=world.state_signer)
    sent = Mail.objects.order_by("address")
    assert {mail.address for mail in sent} == {world.henan_ecology.email, world.henan_reform.email}
    assert {mail.sender_id for mail in sent} == {world.mee.pk}
    # What the page showed before is what went out, word for word.
    assert sorted(draft.rendered_body() for draft in shown) == sorted(mail.body for mail in sent)
    # The notice names the 15th as the last day: midnight is said as 24:00 of that day.
    assert all("2022年7月15日 24:00（北京时间）" in mail.body for mail in sent)


def test_a_second_click_publishes_and_mails_once(world, in_consultation):
    actions.consent(in_consultation, by=world.ndrc_signer)
    Mail.objects.all().delete()
    first = actions.publish(in_consultation, by=world.state_signer, key="one-click")
    again = actions.publish(in_consultation, by=world.state_signer, key="one-click")
    assert first.pk == again.pk
    assert Mail.objects.count() == 2


# --- extension


@pytest.fixture
def proposed(world):
    return actions.propose_supplement(
        world.call, by=world.province_handler, new_closes_at=LATER, reason="演示：系统维护"
    )


def test_a_deadline_moves_only_by_a_joint_notice_for_all(world, proposed):
    assert fresh(world.call).closes_at == at(CLOSES)
    with pytest.raises(Invalid, match="改正"):
        actions.issue_supplement(proposed, by=world.province_signer)
    actions.consent_to_supplement(proposed, by=world.reform_signer)
    assert fresh(world.call).closes_at == at(CLOSES)
    actions.issue_supplement(proposed, by=world.province_signer)
    call = fresh(world.call)
    assert call.closes_at == LATER
    assert call.accepts_at(at(CLOSES))
    assert call.revision == world.call.revision + 1  # issued: open pages learn that the call changed
    with pytest.raises(WrongStage):
        revised_open(world)


def revised_open(world):
    actions.revise(
        world.call,
        by=world.province_handler,
        opens_at=world.call.opens_at,
        closes_at=LATER,
        addressees=[],
    )


def test_an_extension_is_told_to_addressees_and_applicants_alike(world, maker, proposed):
    maker("park", stage="drafting")
    maker("sector", stage="drafting", name="演示市府项目")
    applicants = set(Organisation.objects.filter(pilots__call=world.call))
    assert applicants
    assert applicants <= set(participants.of(world.call))
    actions.consent_to_supplement(proposed, by=world.reform_signer)
    Mail.objects.all().delete()
    actions.issue_supplement(proposed, by=world.province_signer)
    told = {mail.address for mail in Mail.objects.all()}
    assert told == {body.email for body in {*applicants, *world.call.addressees.all()}}
    body = Mail.objects.first().body
    assert "由2022年6月30日 18:00（北京时间）调整为2022年7月5日 18:00（北京时间）" in body
    assert "适用于全部申报单位" in body


def test_an_extension_only_extends_says_why_and_comes_one_at_a_time(world, proposed):
    with pytest.raises(Invalid) as refused:
        actions.propose_supplement(world.call, by=world.province_handler, new_closes_at=at(OPENS), reason=" ")
    assert {one.where for one in refused.value.problems} == {"new_closes_at", "reason"}
    assert len(refused.value.problems) == 3
    actions.drop_supplement(proposed, by=world.reform_signer)
    assert fresh(proposed).stage == Supplement.Stage.DROPPED
    assert fresh(world.call).closes_at == at(CLOSES)
    again = actions.propose_supplement(
        world.call, by=world.province_handler, new_closes_at=LATER, reason="演示"
    )
    assert again.stage == Supplement.Stage.COSIGN


def test_a_consent_to_an_extension_is_bound_to_its_words(world, proposed):
    actions.consent_to_supplement(proposed, by=world.reform_signer)
    Supplement.objects.filter(pk=proposed.pk).update(reason="另一个理由")
    with pytest.raises(Invalid, match="改正"):
        actions.issue_supplement(fresh(proposed), by=world.province_signer)


@pytest.mark.parametrize("who", ["park_handler", "prefecture_handler", "state_signer", "stranger"])
def test_nobody_outside_the_departments_touches_a_deadline(world, proposed, who):
    person = world.people[who]
    for verb, arguments in [
        (actions.consent_to_supplement, {}),
        (actions.issue_supplement, {}),
        (actions.drop_supplement, {}),
    ]:
        with pytest.raises(NotAllowed):
            verb(proposed, by=person, **arguments)
    with pytest.raises(NotAllowed):
        actions.propose_supplement(world.call, by=person, new_closes_at=LATER, reason="演示")


# --- who is asked next


def titles(user):
    user.refresh_from_db()
    return [todo.title.split("：")[0] for todo in todos.of(user) if todo.kind == "申报通知"]


def test_each_step_waits_for_the_right_person(world, draft):
    assert titles(world.state_handler) == ["核对草稿并送会签"]
    assert titles(world.ndrc_signer) == titles(world.state_signer) == []
    actions.send_for_cosign(draft, by=world.state_handler)
    assert titles(world.state_handler) == titles(world.state_signer) == []
    assert titles(world.ndrc_signer) == ["会签"]
    actions.consent(draft, by=world.ndrc_signer)
    assert titles(world.ndrc_signer) == []
    assert titles(world.state_signer) == ["签发"]
    actions.publish(draft, by=world.state_signer)
    assert titles(world.state_signer) == titles(world.park_handler) == []


def test_an_extension_waits_before_the_present_deadline(world, proposed):
    (todo,) = [one for one in todos.of(world.reform_signer) if one.kind == "申报通知"]
    assert todo.due == at(CLOSES)
    actions.consent_to_supplement(proposed, by=world.reform_signer)
    assert titles(world.reform_signer) == []
    assert titles(world.province_signer) == ["签发补充通知"]


def test_a_person_of_both_departments_has_the_rights_of_both(world, draft):
    Membership.objects.create(
        user=world.state_handler, organisation=world.ndrc, role="signer", since=clock.now()
    )
    world.state_handler.refresh_from_db()
    actions.send_for_cosign(draft, by=world.state_handler)
    actions.consent(draft, by=world.state_handler)
    assert Consent.objects.get(call=draft).organisation == world.ndrc
