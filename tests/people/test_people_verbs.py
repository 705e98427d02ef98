"""Bodies, people and authorisations: what the verbs do, refuse and tell, and what the rules say."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from qingyuan.kernel import clock
from qingyuan.kernel.errors import Invalid, NotAllowed, WrongStage
from qingyuan.kernel.models import ApiToken, LedgerEntry, Mail
from qingyuan.kernel.permission import judge
from qingyuan.people import actions, rules
from qingyuan.people.models import Authorisation, Kind, Membership, Organisation, Role, User
from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES, PREFECTURE_BUREAUS

pytestmark = pytest.mark.django_db


def again(user):
    """The person at the next request: what they are is read once for each."""
    return User.objects.get(pk=user.pk)


# --- bodies


@pytest.mark.clause("N4")
@pytest.mark.parametrize("kind", list(Kind))
def test_governments_their_departments_and_park_committees_apply_and_nobody_else(kind):
    """市（县、区）政府、市级政府组成部门（生态环境局也是）、园区管委会等."""
    may = kind in {
        Kind.GOVERNMENT,
        Kind.DEPARTMENT,
        Kind.PARK,
        Kind.OTHER_APPLICANT,
        Kind.PREFECTURE_ECOLOGY,
        Kind.PREFECTURE_REFORM,
    }
    assert Organisation(kind=kind, name="演示").may_apply == may
    assert may == (kind in APPLICANTS | PREFECTURE_BUREAUS)
    assert not (may and kind in AUTHORITIES)  # nobody examines what it hands in itself


def test_a_body_is_registered_once_and_all_problems_come_at_once(world):
    with pytest.raises(Invalid) as refused:
        actions.register_organisation(
            by=world.operator, kind="no_such_kind", name=world.park.name, email="nobody", credit_code="123"
        )
    assert {"kind", "name", "email", "credit_code"} <= {problem.where for problem in refused.value.problems}


def test_a_second_click_registers_one_body(world):
    first = actions.register_organisation(by=world.operator, key="click", kind=Kind.PARK, name="演示·甲园区")
    second = actions.register_organisation(by=world.operator, key="click", kind=Kind.PARK, name="演示·甲园区")
    assert first.pk == second.pk


@pytest.mark.parametrize("who", ["park_lead", "province_signer", "stranger"])
def test_only_operators_register_form_and_enrol(world, who):
    person = world.people[who]
    for verb, arguments in [
        (actions.register_organisation, {"kind": Kind.PARK, "name": "演示·乙园区"}),
        (actions.enrol_expert, {"user": world.stranger, "code": "E-9", "fields": []}),
    ]:
        with pytest.raises(NotAllowed, match="须为平台运维人员"):
            verb(by=person, **arguments)


# --- people


def test_a_new_person_gets_an_account_without_a_password_and_an_invitation(world):
    membership = actions.add_member(
        world.park, by=world.park_lead, email=" New@Example.org ", name="演示新人", role=Role.HANDLER
    )
    user = membership.user
    assert (user.email, user.display_name) == ("new@example.org", "演示新人")
    assert not user.has_usable_password()
    mail = Mail.objects.get(subject__contains="邀请您")
    assert "经办人" in mail.body
    assert mail.sender_id == world.park.pk
    entry = LedgerEntry.objects.get(verb="organisation.add_member")
    assert str(user.ref) in entry.body
    assert "演示新人" not in entry.body
    assert "example.org" not in entry.body


def test_a_known_person_gets_a_further_role_and_not_the_same_twice(world):
    before = User.objects.count()
    actions.add_member(
        world.park,
        by=world.park_lead,
        email=world.city_handler.email.upper(),
        name="别名",
        role=Role.REVIEWER,
    )
    assert User.objects.count() == before
    assert world.city_handler.memberships.count() == 2
    with pytest.raises(Invalid) as refused:
        actions.add_member(
            world.park, by=world.park_lead, email=world.park_handler.email, name="演示", role=Role.HANDLER
        )
    assert "此人已是本单位的经办人" in refused.value.problems[0].message


def test_a_body_keeps_a_lead(world):
    lead = Membership.objects.get(organisation=world.park, role=Role.LEAD)
    with pytest.raises(Invalid) as refused:
        actions.remove_member(world.park, by=world.park_lead, membership_id=lead.pk)
    assert "唯一的牵头负责人" in refused.value.problems[0].message
    actions.add_member(
        world.park, by=world.park_lead, email="second@example.org", name="演示", role=Role.LEAD
    )
    actions.remove_member(world.park, by=world.park_lead, membership_id=lead.pk)
    assert not judge(rules.is_lead, again(world.park_lead), world.park)


def test_a_membership_of_another_body_is_not_removed_through_this_one(world):
    elsewhere = Membership.objects.filter(organisation=world.city).first()
    with pytest.raises(Invalid, match="改正"):
        actions.remove_member(world.park, by=world.park_lead, membership_id=elsewhere.pk)
    assert Membership.objects.filter(pk=elsewhere.pk).exists()


def test_who_is_removed_may_nothing_any_more(world):
    handler = Membership.objects.get(organisation=world.park, user=world.park_handler)
    actions.remove_member(world.park, by=world.operator, membership_id=handler.pk)
    assert not judge(rules.can_see_organisation, again(world.park_handler), world.park)


# --- rules


def test_rights_of_two_bodies_add_up_and_do_not_cross(world):
    both = world.park_and_province
    assert both.standing.holds(world.park.pk, Role.HANDLER)
    assert both.standing.holds(world.henan_ecology.pk, Role.HANDLER)
    assert not both.standing.holds(world.park.pk, Role.LEAD, Role.SIGNER)
    assert rules.in_host(both, world.joint["henan"], Role.HANDLER)
    assert not rules.in_cosigner(both, world.joint["henan"])


def test_a_closed_body_gives_no_rights(world):
    Organisation.objects.filter(pk=world.park.pk).update(stage=Organisation.Stage.CLOSED)
    assert again(world.park_lead).standing.organisation_ids == []


def test_a_refusal_says_which_relation_is_missing(world):
    verdict = judge(rules.can_authorise, world.province_signer, world.henan_ecology)
    assert verdict.reasons == ("本单位须为可以申报的单位",)
    assert judge(rules.can_authorise, world.park_handler, world.park).reasons == (
        "须为授权单位的牵头负责人或签发人",
    )


# --- authorisations


def grant(world, **changes):
    arguments = {
        "service_body": world.service,
        "scope": "read",
        "valid_from": date(2022, 6, 1),
        "valid_until": date(2022, 6, 30),
        **changes,
    }
    return actions.grant_authorisation(world.park, by=world.park_signer, **arguments)


def test_an_authorisation_holds_from_its_first_to_its_last_day_in_shanghai(world):
    Authorisation.objects.all().delete()
    grant(world)
    for instant, scopes in [
        ("2022-05-31T23:59:59+08:00", None),
        ("2022-06-01T00:00:00+08:00", {"read"}),
        ("2022-06-30T23:59:59+08:00", {"read"}),
        ("2022-07-01T00:00:00+08:00", None),
    ]:
        with clock.at(instant):
            held = again(world.consultant).standing.authorised.get(world.park.pk)
            assert held == (frozenset(scopes) if scopes else None), instant


def test_an_ended_authorisation_ends_at_once(world):
    one = Authorisation.objects.get()
    with pytest.raises(NotAllowed):
        actions.end_authorisation(one, by=world.consultant)
    actions.end_authorisation(one, by=world.park_signer)
    assert world.park.pk not in again(world.consultant).standing.authorised
    with pytest.raises(WrongStage):
        actions.end_authorisation(one, by=world.park_signer)


def test_only_service_bodies_are_authorised_and_all_problems_are_named(world):
    with pytest.raises(Invalid) as refused:
        grant(world, service_body=world.institute, scope="sign", valid_until=date(2022, 5, 1))
    assert {one.where for one in refused.value.problems} == {"service_body", "scope", "valid_until"}


def test_the_service_body_s_leads_hear_of_it(world):
    Membership.objects.create(
        user=world.consultant, organisation=world.service, role=Role.LEAD, since=clock.now()
    )
    Mail.objects.all().delete()
    grant(world)
    (mail,) = Mail.objects.all()
    assert mail.recipient == world.consultant
    assert "有效期至2022-06-30" in mail.body


# --- tokens


def test_a_token_lives_by_the_machine_s_time_and_is_only_known_by_its_digest(world):
    secret = ApiToken.new_secret()
    token = actions.issue_token(by=world.park_handler, name="演示", secret=secret, days=30)
    assert token.digest == ApiToken.digest_of(secret)
    assert secret not in LedgerEntry.objects.get(verb="token.issue").body
    left = token.expires_at - datetime.now(UTC)  # the tests' clock stands in 2022
    assert 29 <= left.days <= 30
    with pytest.raises(NotAllowed, match="须为令牌所有人"):
        actions.revoke_token(token, by=world.park_lead)
    actions.revoke_token(token, by=world.park_handler)
    assert ApiToken.objects.get().revoked_at is not None


# --- mail


def test_only_handlers_and_leads_of_the_sending_body_release(world):
    mail = Mail.objects.create(
        stage="draft",
        address="a@example.org",
        subject="演示",
        body="演示",
        sender_id=world.park.pk,
        verb="pilot.submit",
        created_at=clock.now(),
    )
    for who, may in [
        ("park_handler", True),
        ("park_lead", True),
        ("park_reviewer", False),
        ("city_handler", False),
        ("province_handler", False),
    ]:
        assert bool(actions.release_mail.allowed(world.people[who], mail)) == may, who
        assert bool(judge(rules.sees_mail, world.people[who], mail)) == who.startswith("park_"), who
