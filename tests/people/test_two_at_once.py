"""Two operators register the same at the same moment: one of them is told so, nobody meets a crash."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from qingyuan.kernel.actions import Invalid
from qingyuan.people import actions
from qingyuan.people.models import Expert, JointBody


def enrol(world, user, code):
    return lambda: actions.enrol_expert(by=world.operator, user=user, code=code, fields=[])


def form(world, name):
    return lambda: actions.form_joint_body(
        by=world.operator,
        name=name,
        level="province",
        region_code="410000",
        host=world.mee,
        cosigners=[world.ndrc],
    )


CASES = {
    "same code": (lambda w: (enrol(w, w.stranger, "E-7"), enrol(w, w.city_handler, "E-7")), "code"),
    "same person": (lambda w: (enrol(w, w.stranger, "E-7"), enrol(w, w.stranger, "E-8")), "user"),
    "same name": (lambda w: (form(w, "演示会同"), form(w, " 演示会同 ")), "name"),
}


def in_two_connections(first, second):
    """The second begins while the first is done but not committed; what the second one met."""
    begun, met = threading.Event(), []

    def run():
        begun.set()
        try:
            second()
        except Exception as error:  # noqa: BLE001 (whatever it is, the test judges it)
            met.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        begun.wait(5)
        thread.join(0.5)
        assert thread.is_alive(), "the second one did not wait for the first"
    thread.join(10)
    return met


@pytest.mark.parametrize("case", CASES)
def test_the_second_of_two_at_once_is_told_what_is_taken(live_world, case):
    acts, field = CASES[case]
    met = in_two_connections(*acts(live_world))
    assert [type(error) for error in met] == [Invalid]
    [problem] = met[0].problems
    assert problem.where == field
    assert problem.mend
    assert Expert.objects.filter(code__in=["E-7", "E-8"]).count() + JointBody.objects.count() - 2 == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("case", CASES)
def test_one_after_the_other_is_told_the_same(world, case):
    acts, field = CASES[case]
    first, second = acts(world)
    first()
    with pytest.raises(Invalid) as refusal:
        second()
    assert [problem.where for problem in refusal.value.problems] == [field]


def test_all_that_is_wrong_with_a_joint_body_is_said_at_once(world):
    with pytest.raises(Invalid) as refusal:
        actions.form_joint_body(
            by=world.operator,
            name=" ",
            level="province",
            region_code="410000",
            host=world.mee,
            cosigners=[world.mee],
        )
    assert {problem.where for problem in refusal.value.problems} == {"name", "cosigners"}
