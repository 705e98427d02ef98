"""Every verb, as every person of the cast, in every stage of its aggregate.

The person's right is compared with a table written by hand, the stage with the declaration, and the outcome with
what actually happened: a verb that may not run must refuse by the right name and change nothing.
"""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from qingyuan.kernel.actions import Closed, Invalid, NotAllowed, WrongStage, verbs
from qingyuan.kernel.models import LedgerEntry
from tests.house.verb_cases import ARGUMENTS, MAY, OBJECTS

# These run without an aggregate that has stages, or refuse some right holders for a reason of content.
CONTENT_MAY_REFUSE = {
    "pilot.create",
    "organisation.register",
    "pilot.attach",
    "pilot.detach",
    "pilot.organise_jointly",
}


def cases() -> list[tuple[str, str]]:
    import django

    django.setup()
    found = []
    for name, verb in verbs().items():
        stages = [""]
        if verb.on is not None and any(field.name == "stage" for field in verb.on._meta.get_fields()):
            stages = [value for value, _label in verb.on._meta.get_field("stage").flatchoices]
        found += [(name, stage) for stage in stages]
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "verb_name" in metafunc.fixturenames:
        metafunc.parametrize(("verb_name", "stage"), cases())


def test_every_verb_has_its_line_in_the_tables():
    assert set(verbs()) == set(ARGUMENTS)
    assert set(verbs()) - set(MAY) == {"token.issue"}  # everybody who is signed in
    assert {verb.on._meta.label_lower for verb in verbs().values() if verb.on} == set(OBJECTS)


def test_everyone_tries(maker, world, verb_name, stage):
    verb = verbs()[verb_name]
    obj = OBJECTS[verb.on._meta.label_lower](maker, stage) if verb.on else None
    if stage and obj is not None:
        assert obj.stage == stage
    arguments = ARGUMENTS[verb_name](maker, obj)
    everyone = {**world.people, "operator": world.operator, "anonymous": AnonymousUser()}
    closed = verb.on is not None and verb.on._meta.label_lower == "people.organisation" and stage == "closed"
    for who, user in everyone.items():
        may = who in MAY.get(verb_name, everyone.keys() - {"anonymous"})
        in_stage = verb.stages is None or stage in verb.stages
        if closed and who != "operator":
            may = False  # nobody holds a role in a body that is closed
        before = LedgerEntry.objects.count()
        try:
            with transaction.atomic():
                if verb.on:
                    verb(obj, by=user, **arguments)
                else:
                    verb(by=user, **arguments)
                outcome = "done"
                transaction.set_rollback(True)
        except NotAllowed:
            outcome = "not allowed"
        except WrongStage:
            outcome = "wrong stage"
        except (Invalid, Closed):
            outcome = "content"
        label = f"{verb_name} as {who} in {stage or '-'}"
        if not may:
            assert outcome == "not allowed", label
        elif not in_stage:
            assert outcome == "wrong stage", label
        elif verb_name in CONTENT_MAY_REFUSE:
            assert outcome in {"done", "content"}, label
        else:
            assert outcome == "done", label
        assert LedgerEntry.objects.count() == before, label
