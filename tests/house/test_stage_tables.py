"""What the verbs declare holds together: stages exist, every stage can be left or is an end, every verb explains itself."""

from __future__ import annotations

from qingyuan.catalogue.clauses import clause_ids
from qingyuan.kernel.actions import verbs
from tests.house.verb_cases import MOVED_FROM_ELSEWHERE


def test_declared_stages_exist():
    for verb in verbs().values():
        for model, stages in ((verb.on, (*(verb.stages or ()), *verb.to)), (verb.creates, verb.creates_in)):
            if stages:
                known = {value for value, _label in model._meta.get_field("stage").flatchoices}
                assert set(stages) <= known, verb.name


def test_every_stage_of_every_aggregate_is_reached():
    models = {verb.on for verb in verbs().values() if verb.on and hasattr(verb.on, "Stage")}
    for model in models - _machine_made():
        reached = {stage for verb in verbs().values() if verb.on is model for stage in verb.to}
        reached |= {stage for verb in verbs().values() if verb.creates is model for stage in verb.creates_in}
        reached |= MOVED_FROM_ELSEWHERE.get(model._meta.label_lower, set())
        assert reached | {model._meta.get_field("stage").default} >= {s for s, _l in model.Stage.choices}, (
            model
        )


def _machine_made():
    """Aggregates whose stages are also moved by the machine (sending) or await a later room (closing a body)."""
    from qingyuan.kernel.models import Mail
    from qingyuan.people.models import Expert, Organisation

    return {Mail, Organisation, Expert}


def test_every_verb_explains_itself_in_chinese_and_names_known_clauses():
    for verb in verbs().values():
        assert any("\u4e00" <= char <= "\u9fff" for char in verb.explain), verb.name
        assert str(verb.title), verb.name
        assert verb.may.policy, verb.name
        assert set(verb.clauses) <= clause_ids(), verb.name


def test_verbs_live_in_their_rooms_actions():
    for verb in verbs().values():
        assert ".actions" in verb.function.__module__, verb.name
        assert not verb.room.startswith("kernel")
