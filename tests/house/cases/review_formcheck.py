"""Form checks and examinations of truth for the matrices. Officers who also work for the applicant stay away (回避)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from qingyuan.kernel import clock
from tests.review_maker import case_in


def takes_supplements(case: Any) -> Any:
    """The call of the case with 退回补充完善 on (Henan 2022 has it off)."""
    call = case.round.call
    type(call).objects.filter(pk=call.pk).update(options={**call.options, "return_for_supplement": True})
    return case


def judged(check: Any, *, dimension: str = "meets", finding: str = "confirmed") -> dict[str, Any]:
    """Arguments of `form_check.judge` in which nothing stays open."""
    return {
        "dimensions": {one.id: {"word": dimension, "note": "演示"} for one in check.dimensions},
        "findings": {one["id"]: {"word": finding, "note": "演示"} for one in check.findings},
        "opinion": "演示：总体符合",
    }


def supplement(case: Any) -> dict[str, Any]:
    """Arguments of 退回补充完善."""
    del case
    return {
        "chapters": ["goals"],
        "parts": ["targets"],
        "reason": "演示：目标不清",
        "due_at": clock.now() + timedelta(days=5),
    }


def check_in(maker: Any, stage: str) -> Any:
    """All judged, as the verbs leave it; an open one has a dimension that fails, so that it can be rejected."""
    from qingyuan.review.actions import formcheck as verbs
    from qingyuan.review.models import FormCheck

    by = maker.world.province_handler
    case = takes_supplements(case_in(maker, "form_check"))
    check = verbs.begin(case, by=by)
    check = verbs.judge(check, by=by, **judged(check))
    if stage == "passed":
        verbs.pass_check(check, by=by)
    if stage == "sent_back":
        verbs.send_back(check, by=by, **supplement(case))
    if stage == "failing":
        fail(check)
        verbs.propose_rejection(check, by=by, reason="演示")
    return FormCheck.objects.get(pk=check.pk)


def fail(check: Any) -> dict[str, Any]:
    """One dimension fails, as if the officer had said so before."""
    first = check.dimensions[0].id
    said = {**check.on_dimensions, first: {"word": "fails", "note": "演示"}}
    type(check).objects.filter(pk=check.pk).update(on_dimensions=said)
    return {"reason": "演示"}


def truthfulness_arguments(word: str = "agrees", result: str = "true") -> dict[str, Any]:
    from qingyuan.review.models.truthfulness import CHECKS

    return {
        "checks": {key: {"word": word, "note": "演示"} for key in CHECKS},
        "result": result,
        "note": "演示",
    }


def truthfulness_in(maker: Any, stage: str) -> Any:
    from qingyuan.review.actions import truthfulness as verbs
    from qingyuan.review.models import Truthfulness

    case = case_in(maker, "form_check")
    case.truthfulness.all().delete()  # the matrices share the case with decisions, which need it signed
    one = verbs.examine(case, by=maker.world.province_handler, **truthfulness_arguments())
    if stage == "signed":
        verbs.sign(one, by=maker.world.province_signer)
    if stage == "returned":
        verbs.send_back_examination(one, by=maker.world.province_signer, remark="演示")
    return Truthfulness.objects.get(pk=one.pk)


OBJECTS: dict[str, Callable[[Any, str], Any]] = {
    "review.formcheck": check_in,
    "review.truthfulness": truthfulness_in,
}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "form_check.begin": lambda m, o: {},
    "form_check.judge": lambda m, o: judged(o),
    "form_check.pass": lambda m, o: {},
    "form_check.propose_rejection": lambda m, o: fail(o),
    "form_check.reopen": lambda m, o: {},
    "form_check.send_back": lambda m, o: supplement(o.case),
    "case.take_new_version": lambda m, o: {},
    "truthfulness.examine": lambda m, o: truthfulness_arguments(),
    "truthfulness.sign": lambda m, o: {},
    "truthfulness.return": lambda m, o: {"remark": "演示"},
}
MAY: dict[str, set[str]] = {
    **{
        name: {"province_handler"}
        for name in ARGUMENTS
        if name.startswith("form_check.") or name in {"case.take_new_version", "truthfulness.examine"}
    },
    "truthfulness.sign": {"province_signer"},
    "truthfulness.return": {"province_signer"},
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "review.formcheck": lambda maker: check_in(maker, "open"),
    "review.truthfulness": lambda maker: truthfulness_in(maker, "examined"),
}
