"""What waits for whom: one question to the database for all sources, and only those run that have something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count

from qingyuan.kernel import clock, todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Membership, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_room_has_registered(monkeypatch):
    monkeypatch.setattr(todos, "_sources", [])


def memberships(user):
    return Membership.objects.filter(user=user)


def bodies_of_nobody(user):
    return Organisation.objects.filter(memberships__user=user, name="演示：没有这样的单位")


def one_each(_user, rows) -> Iterator[ToDo]:
    for row in rows:
        yield ToDo(f"演示：{row.pk}", "/")


def never(_user, _rows):
    raise AssertionError("a source was run for which nothing waits")


def test_all_sources_are_asked_in_one_statement_and_those_without_rows_are_not_run(
    world, django_assert_num_queries
):
    for number in range(12):
        todos.register(never, among=lambda user, n=number: nothing(user, n))
    with django_assert_num_queries(1):
        assert todos.of(world.park_handler) == []
    todos.register(one_each, among=memberships)
    with django_assert_num_queries(2):
        assert len(todos.of(world.park_handler)) == 1


def nothing(user, number):
    return bodies_of_nobody(user).filter(region_code=str(number))


def test_sources_with_the_same_rows_read_them_once(world, django_assert_num_queries):
    todos.register(one_each, among=memberships)
    todos.register(lambda _user, rows: [ToDo(str(len(rows)), "/")], among=memberships)
    with django_assert_num_queries(2):
        assert [todo.title for todo in todos.of(world.park_handler)][-1] == "1"


def test_who_is_not_concerned_costs_nothing(world, django_assert_num_queries):
    todos.register(never, among=lambda _user: None)
    with django_assert_num_queries(0):
        assert todos.of(world.park_handler) == []


def test_nothing_waits_for_who_is_not_signed_in(django_assert_num_queries):
    todos.register(never, among=memberships)
    todos.register(lambda user: never(user, None))
    with django_assert_num_queries(0):
        assert todos.of(AnonymousUser()) == []


@pytest.mark.parametrize(
    "shape",
    [
        lambda rows: rows[:20],
        lambda rows: rows.order_by("organisation__name")[:3],
        lambda rows: rows.distinct().order_by("role")[:20],
        lambda rows: rows.select_related("organisation").prefetch_related("user").defer("role"),
        lambda rows: rows.annotate(n=Count("organisation__memberships")).filter(n__gt=0),
        lambda rows: rows.filter(organisation__in=Organisation.objects.order_by("name").values("pk")[:500]),
        lambda rows: rows | Membership.objects.filter(pk__in=[]),
    ],
    ids=["sliced", "ordered", "distinct", "related", "grouped", "nested", "either"],
)
@pytest.mark.sqlite
def test_rows_of_any_shape_are_asked_for(world, shape):
    todos.register(one_each, among=lambda user: shape(memberships(user)))
    todos.register(never, among=lambda user: shape(memberships(user).filter(organisation__in=[])))
    todos.register(never, among=lambda user: shape(memberships(user).filter(organisation__name="演示：无")))
    todos.register(never, among=lambda _user: Membership.objects.none())
    assert len(todos.of(world.park_handler)) == 1


def test_a_source_that_errs_is_heard(world):
    def broken(_user, _rows):
        message = "演示：这一来源出错"
        raise LookupError(message)

    todos.register(broken, among=memberships)
    with pytest.raises(LookupError, match="出错"):
        todos.of(world.park_handler)


def test_rows_that_err_are_heard(world):
    todos.register(one_each, among=lambda user: {}[user])
    with pytest.raises(KeyError):
        todos.of(world.park_handler)


def test_the_nearest_deadline_comes_first_and_none_last_and_equals_as_registered(world):
    now = clock.now()
    todos.register(
        lambda _user, _rows: [ToDo("无期限", "/"), ToDo("后天", "/", now + timedelta(2))], among=memberships
    )
    todos.register(lambda _user: [ToDo("明天", "/", now + timedelta(1)), ToDo("也无期限", "/")])
    found = [todo.title for todo in todos.of(world.park_handler)]
    assert found == ["明天", "后天", "无期限", "也无期限"]


def test_a_source_is_registered_once(world):
    for _time in range(2):
        todos.register(one_each, among=memberships)
    assert len(todos.of(world.park_handler)) == 1
