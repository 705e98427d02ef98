"""Is the mandatory audit discharged, by what, and until when, in a pilot and outside: tables made by hand."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.kernel import clock
from qingyuan.people import actions as people
from qingyuan.people.models import Membership
from qingyuan.registry import actions, involvement, own
from qingyuan.registry.models import Enterprise
from qingyuan.registry.standing import LOST, Completed, Participation, standing
from tests.people.strict import strict
from tests.pilot_maker import credit_code
from tests.registry_maker import credited, of_code, row, take_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LAW = "《中华人民共和国清洁生产促进法》"
CODE = "《中华人民共和国生态环境法典》第九百六十七条"
UNDER_WAY = Participation(title="演示试点", state="under_way")


def day(text):
    return date.fromisoformat(text) if text else None


def stands(today, listed, audits, *pilots):
    return standing(
        today=day(today),
        listed=day(listed),
        completed=[Completed(on=day(one)) for one in audits],
        pilots=pilots,
    )


@pytest.mark.parametrize(
    ("given", "verdict", "by", "clock_day"),
    [
        # Nothing is asked of who is on no list and has no audit.
        (("2022-06-20", "", []), "not_asked", "", ""),
        # On a list: one year, to the day of the same number or the month's last.
        (("2022-06-20", "2022-03-31", []), "open", "", "2023-03-31"),
        (("2023-03-31", "2022-03-31", []), "open", "", "2023-03-31"),
        (("2023-04-01", "2022-03-31", []), "overdue", "", "2023-03-31"),
        (("2024-12-01", "2024-02-29", []), "open", "", "2025-02-28"),
        (("2024-02-28", "2023-02-28", []), "open", "", "2024-02-28"),
        (("2024-02-29", "2023-02-28", []), "overdue", "", "2024-02-28"),
        # An audit before the list does not answer it; its five years run beside.
        (("2022-06-20", "2022-03-31", ["2018-08-31"]), "open", "", "2023-03-31"),
        # One on the list's day or after does, in time or late.
        (("2022-06-20", "2022-03-31", ["2022-03-31"]), "discharged", "2022-03-31", "2027-03-31"),
        (("2024-06-20", "2022-03-31", ["2023-03-31"]), "discharged", "2023-03-31", "2028-03-31"),
        (("2024-06-20", "2022-03-31", ["2023-04-01"]), "discharged_late", "2023-04-01", "2028-04-01"),
        # The first audit answers the list, the latest one counts for the next.
        (
            ("2026-01-01", "2022-03-31", ["2025-06-30", "2022-12-31"]),
            "discharged",
            "2022-12-31",
            "2030-06-30",
        ),
        # Leap day: five years later there is none.
        (("2024-03-01", "", ["2020-02-29"]), "discharged", "2020-02-29", "2025-02-28"),
        (("2025-03-01", "", ["2020-02-29"]), "overdue", "2020-02-29", "2025-02-28"),
        (("2025-02-28", "", ["2020-02-29"]), "discharged", "2020-02-29", "2025-02-28"),
        # The next round ran out: discharged once, overdue now.
        (("2027-04-01", "2021-03-31", ["2022-03-31"]), "overdue", "2022-03-31", "2027-03-31"),
    ],
)
def test_the_answer_on_a_day(given, verdict, by, clock_day):
    found = stands(*given)
    assert found.verdict == verdict
    assert (str(found.by.on) if found.by else "") == by
    assert (str(found.clock.due) if found.clock else "") == clock_day


@pytest.mark.clause("N13")
def test_a_pilot_stops_no_clock():
    """In a pilot and outside of it the same day holds; before the passed list nothing is discharged."""
    outside = stands("2022-12-01", "2022-03-31", [])
    inside = stands("2022-12-01", "2022-03-31", [], UNDER_WAY)
    assert (inside.verdict, inside.clock) == (outside.verdict, outside.clock) == ("open", outside.report)
    assert not inside.discharged
    assert inside.waiting == (UNDER_WAY,)
    late = stands("2023-09-01", "2022-03-31", [], UNDER_WAY)
    assert (late.verdict, str(late.clock.due)) == ("overdue", "2023-03-31")


@pytest.mark.parametrize("state", sorted(LOST))
def test_a_pilot_that_gives_nothing_changes_nothing(state):
    lost = stands("2022-12-01", "2022-03-31", [], Participation(title="演示", state=state, reason="演示"))
    assert (lost.verdict, lost.waiting, len(lost.lost)) == ("open", (), 1)


@pytest.mark.parametrize(
    ("listed", "passed_list", "verdict", "next_due", "basis"),
    [
        # The passed list comes within the year: in time. The next audit falls under the Code.
        ("2023-08-31", "2024-08-31", "discharged", "2029-08-31", CODE),
        ("2023-08-31", "2024-09-01", "discharged_late", "2029-09-01", CODE),
        # Five years before the change of law: the last day under the old one, and the first under the Code.
        ("2021-01-04", "2021-08-14", "discharged", "2026-08-14", LAW),
        ("2021-01-04", "2021-08-15", "discharged", "2026-08-15", CODE),
        # A leap day.
        ("2023-12-01", "2024-02-29", "discharged", "2029-02-28", CODE),
    ],
)
@pytest.mark.clause("N13")
def test_the_passed_list_discharges_and_the_next_day_follows(listed, passed_list, verdict, next_due, basis):
    found = stands(passed_list, listed, [passed_list], Participation(title="演示", state="credited"))
    assert (found.verdict, str(found.next.due), found.next.basis[0]) == (verdict, next_due, basis)
    assert found.waiting == found.passed == found.lost == ()


def test_after_the_list_and_before_the_record_it_is_said_so():
    passed = Participation(title="演示", state="passed", listed_on=date(2022, 11, 1))
    assert stands("2022-12-01", "2022-03-31", [], passed).passed == (passed,)


# --- on the pages


def body_of(world, number, *, key="enterprise"):
    body = people.register_organisation(
        by=world.operator,
        kind="enterprise",
        name=f"演示企业{number}有限公司",
        region_code="410300",
        credit_code=credit_code(number),
        email=f"{key}{number}@example.org",
        is_demo=True,
    )
    Membership.objects.create(user=world.stranger, organisation=body, role="handler", since=clock.now())
    world.stranger.__dict__.pop("standing", None)
    return body


@pytest.fixture
def pilots(monkeypatch):
    """What the room of the pilots says, by enterprise."""
    said = {}
    monkeypatch.setattr(
        involvement,
        "_participations",
        [lambda keys: [(key, one) for key in keys for one in said.get(key, [])]],
    )
    return said


def page(world):
    client = Client()
    client.force_login(world.stranger, backend=BACKEND)
    response = client.get(reverse("registry:mine"))
    strict(response)
    return response.content.decode()


def test_an_enterprise_reads_of_itself(world, pilots):
    assert "您不是" in page(world)
    body_of(world, 1)
    assert "没有这个信用代码" in page(world)
    take_in(world, row(1, listed_on=date(2022, 3, 31)))
    assert "尚未履行" in page(world)
    pilots[of_code(1).pk] = [UNDER_WAY]
    text = page(world)
    for words in ("参加试点不等于已履行", "若试点未通过", "仍须不晚于 2023-03-31 自行完成审核", "演示试点"):
        assert words in text
    pilots[of_code(1).pk] = [Participation(title="演示试点", state="failed", reason="演示：未达目标")]
    assert "演示：未达目标" in page(world)
    pilots[of_code(1).pk] = [Participation(title="演示试点", state="credited")]
    record = credited(world, of_code(1))[0]
    text = page(world)
    for words in ("已履行", "2029-02-28", record.certificate.code, "查看证书"):
        assert words in text


def test_an_old_code_leads_to_whom_it_was_merged_into(world, pilots):
    body_of(world, 1)
    take_in(world, row(1), row(2))
    actions.record_audit(
        of_code(1), by=world.province_handler, kind="mandatory", completed_on=date(2021, 6, 30), source="演示"
    )
    actions.merge(of_code(1), by=world.province_handler, into=of_code(2))
    pilots[of_code(1).pk] = [UNDER_WAY]
    text = page(world)
    assert credit_code(2) in text
    assert "2026-06-30" in text
    assert "演示试点" in text


def test_departments_read_the_same_but_no_name_of_a_pilot_that_they_do_not_see(world, pilots):
    take_in(world, row(1, listed_on=date(2022, 3, 31)))
    pilots[of_code(1).pk] = [UNDER_WAY]
    client = Client()
    client.force_login(world.operator, backend=BACKEND)
    text = client.get(of_code(1).get_absolute_url()).content.decode()
    assert "在实施中的试点范围内" in text
    assert "演示试点" not in text
    assert "仍须不晚于 2023-03-31" in text


def test_ten_enterprises_of_one_person_cost_as_many_questions_as_one(world, pilots):
    client = Client()
    client.force_login(world.stranger, backend=BACKEND)

    def questions():
        client.get(reverse("registry:mine"))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("registry:mine")).status_code == 200
        return len(asked)

    body_of(world, 1)
    take_in(world, row(1))
    one = questions()
    for number in range(2, 12):
        body_of(world, number)
    take_in(world, *(row(number) for number in range(2, 12)))
    credited(world, *Enterprise.objects.all())
    assert questions() == one <= 10
    assert len(own.own(type(world.stranger).objects.get(pk=world.stranger.pk))) == 11
