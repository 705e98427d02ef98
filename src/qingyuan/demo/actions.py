"""The demo's own writes: accounts with a known password, which no verb of the product would ever make."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password

from qingyuan.demo import cast
from qingyuan.people.models import User


def create_operator() -> User:
    """The operator of the demo, from whom all other acts of setting up come."""
    operator = User(
        username=cast.OPERATOR.key,
        email=cast.OPERATOR.email,
        display_name=cast.OPERATOR.name,
        is_superuser=True,
        is_demo=True,
        password=make_password(cast.PASSWORD),
    )
    operator.save(force_insert=True)
    return operator


def open_accounts(operator: User, people: Iterable[cast.Person] = cast.PEOPLE) -> dict[str, User]:
    """Give everybody of the cast (or these people) a user name and the demo's password; who has no body yet gets an account too."""
    users = {person.email: person for person in people}
    known = set(User.objects.filter(email__in=users).values_list("email", flat=True))
    User.objects.bulk_create(
        User(username=person.key, email=person.email, display_name=person.name)
        for person in users.values()
        if person.email not in known
    )
    found = {}
    for user in User.objects.filter(email__in=users):
        user.username, user.is_demo, user.password = users[user.email].key, True, operator.password
        found[user.username] = user
    User.objects.bulk_update(found.values(), ["username", "is_demo", "password"])
    return found
