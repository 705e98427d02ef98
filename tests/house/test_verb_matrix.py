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
from tests.house.verb_cases import ARGUMENTS, CONTENT_MAY_REFUSE, MAY, OBJECTS


def groups() -> list[tuple[str, str]]:
    """Every aggregate in every stage; verbs without an aggregate together. One world serves all verbs of a group."""
    import django

    django.setup()
    found = {("", "")}
    for verb in verbs().values():
        if verb.on is None:
            continue
        label = verb.on._meta.label_lower
        if any(field.name == "stage" for field in verb.on._meta.get_fields()):
            found |= {(label, value) for value, _label in verb.on._meta.get_field("stage").flatchoices}
        else:
            found.add((label, ""))
    return sorted(found)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "aggregate" in metafunc.fixturenames:
        metafunc.parametrize(("aggregate", "stage"), groups())


def test_every_verb_has_its_line_in_the_tables():
    assert set(verbs()) == set(ARGUMENTS)
    assert set(verbs()) - set(MAY) == {"token.issue"}  # everybody who is signed in
    assert {verb.on._meta.label_lower for verb in verbs().values() if verb.on} == set(OBJECTS)


def test_everyone_tries(maker, world, aggregate, stage):
    obj = OBJECTS[aggregate](maker, stage) if aggregate else None
    if stage:
        assert obj.stage == stage
    wrong = []
    for verb in verbs().values():
        if (verb.on._meta.label_lower if verb.on else "") != aggregate:
            continue
        with transaction.atomic():
            wrong += everyone_tries_one(maker, world, verb, obj=obj, stage=stage)
            transaction.set_rollback(True)
    assert wrong == []


def everyone_tries_one(maker, world, verb, *, obj, stage):
    """What differs from the tables, as `verb as whom in stage: outcome, expected …`."""
    wrong = []
    if obj is not None:
        obj = type(obj)._default_manager.get(pk=obj.pk)
    arguments = ARGUMENTS[verb.name](maker, obj)
    everyone = {**world.people, "operator": world.operator, "anonymous": AnonymousUser()}
    closed = verb.on is not None and verb.on._meta.label_lower == "people.organisation" and stage == "closed"
    in_stage = verb.stages is None or stage in verb.stages
    for who, user in everyone.items():
        may = who in MAY.get(verb.name, everyone.keys() - {"anonymous"})
        if closed and who != "operator":
            may = False  # nobody holds a role in a body that is closed
        before = LedgerEntry.objects.count()
        outcome = outcome_of(verb, obj, user, arguments)
        expected = ("done" if in_stage else "wrong stage") if may else "not allowed"
        refused_for_content = verb.name in CONTENT_MAY_REFUSE and outcome.startswith("content")
        if outcome != expected and not (expected == "done" and refused_for_content):
            wrong.append(f"{verb.name} as {who} in {stage or '-'}: {outcome}, expected {expected}")
        if LedgerEntry.objects.count() != before:
            wrong.append(f"{verb.name} as {who} in {stage or '-'} left an entry")
    return wrong


def outcome_of(verb, obj, user, arguments):
    """What happens when this person tries; undone afterwards."""
    try:
        with transaction.atomic():
            verb(*([obj] if verb.on else []), by=user, **arguments)
            transaction.set_rollback(True)
    except NotAllowed:
        return "not allowed"
    except WrongStage:
        return "wrong stage"
    except (Invalid, Closed) as refusal:
        return f"content: {refusal}"
    return "done"
