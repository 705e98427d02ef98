"""A verb becomes an operation: `expose(router, verb, "/{pilot}/sign", ...)`. Every room does it this way.

The operation finds the object with the same predicate that guards its page (404 for strangers), reads the body, and
calls the verb; who may and from which stage is the verb's own business, and its refusals become problems.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Header, Path, Router
from ninja.responses import Status

from qingyuan.api.limits import VerbRate
from qingyuan.api.problems import answers
from qingyuan.kernel.actions import KeyReused, NotAllowed, Verb, WrongStage
from qingyuan.kernel.guards import load
from qingyuan.kernel.models import IdempotencyKey
from qingyuan.kernel.permission import Reasoned, judge

KEY = Header(
    ...,
    alias="Idempotency-Key",
    pattern=r"^[\x21-\x7e]{8,80}$",
    description="操作编号：每次新的操作用一个新的编号，重试时用同一个，不会重复执行",
    examples=["5f0c7c1e-7b1d-4a55-9b6e-2f0d3c1f9a10"],
)
OPTIONAL_KEY = Header(
    None,
    alias="Idempotency-Key",
    pattern=r"^[\x21-\x7e]{8,80}$",
    description="操作编号（可不填）：重试时用同一个，不会重复执行",
)
REVISION = Header(
    None,
    alias="If-Match",
    pattern=r'^"?[0-9]{1,9}"?$',
    description="您读到的版本号（revision，即读取时的 ETag）；其间有人改动则以 409 拒绝，什么也不改",
    examples=['"3"'],
)
OBJECT = Annotated[UUID, Path(..., description="对象的编号（UUID）")]


@dataclass(frozen=True)
class Found:
    """How the path's id becomes the object: its model and the predicate of those who may know of it."""

    model: type[models.Model]
    by: Reasoned
    arg: str
    related: tuple[str, ...] = ()

    def __call__(self, request: HttpRequest, value: Any) -> Any:
        return load(self.model, request.user, value, by=self.by, related=self.related)


@dataclass(frozen=True)
class Own:
    """An object that follows from who asks: nothing of it stands in the path."""

    find: Callable[[HttpRequest], Any]
    arg: str = ""

    def __call__(self, request: HttpRequest, _value: None) -> Any:
        return self.find(request)


NOTHING = Own(lambda _request: None)
"""For verbs that act on no object: who may is judged by the verb."""


class Exposed:
    """Which verbs the API carries, by name, with method and path; tests and the list of operations read it."""

    operations: dict[str, tuple[str, str]] = {}
    pages_only = {
        "token.issue": "a stolen token must not make further ones that outlive its revocation: signing in is asked",
        "expert.import_pool": "a pool comes as a workbook whose wrong cells are shown to the person who filled it in",
        "round.import_bundle": "a province's list comes as a workbook whose wrong cells are shown to the person at hand",
    }
    """Verbs that are deliberately not here, and why."""


def no_arguments(_obj: Any, _body: Any, _request: HttpRequest) -> dict[str, Any]:
    return {}


def from_body(_obj: Any, body: Any, _request: HttpRequest) -> dict[str, Any]:
    """The body's fields are the verb's arguments."""
    return {name: getattr(body, name) for name in type(body).model_fields}


def expose(
    router: Router,
    verb: Verb[Any],
    path: str,
    *,
    found: Found | Own,
    shape: Any,
    present: Callable[[Any, HttpRequest], Any],
    body: Any = None,
    kwargs: Callable[[Any, Any, HttpRequest], Mapping[str, Any]] | None = None,
    words: Mapping[str, Any] | None = None,
    costly: Callable[[Any, Any], bool] | None = None,
    method: str = "POST",
    status: int = 200,
    tag: str = "",
) -> None:
    """Add the operation of `verb`. `present` turns what the verb returned (or its object) into `shape`.

    `kwargs` makes the verb's arguments from the body (else its fields are the arguments); `words` are further
    arguments that stand in the path, with their types. `costly`: making the arguments is dear, so a repeated key is
    answered before it; the function says whether a first result belongs to this object.
    """
    arguments_of = kwargs or (no_arguments if body is None else from_body)

    def operation(request: HttpRequest, **given: Any) -> Any:
        obj = found(request, given.get(found.arg))
        if costly and (first := first_result(verb, request)) is not None:
            if not costly(obj, first):
                raise KeyReused(_("这个操作编号已用于另一个对象，请换一个编号"))
            return Status(status, present(first, request))
        arguments = {
            **arguments_of(obj, given.get("body"), request),
            **{name: given[name] for name in words or {}},
        }
        key, expect = given["idempotency_key"], revision(given.get("if_match"))
        result = verb(*([obj] if verb.on else []), by=request.user, key=key, expect=expect, **arguments)
        result = obj if result is None else result
        return Status(status, present(result, request))

    name = verb.name.replace(".", "_")
    operation.__name__ = name
    operation.__signature__ = _signature(found, verb, body, words or {})  # type: ignore[attr-defined]
    router.api_operation(
        [method],
        path,
        response=answers(shape, ok=status, limited=True),
        throttle=VerbRate(),
        operation_id=name,
        summary=str(verb.title),
        description=_describe(verb),
        tags=[tag] if tag else None,
        url_name=name,
    )(operation)
    Exposed.operations[verb.name] = (method, path)


def _signature(found: Found | Own, verb: Verb[Any], body: Any, words: Mapping[str, Any]) -> inspect.Signature:
    def one(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
        return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)

    parameters = [
        inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest),
        *([one(found.arg, OBJECT)] if found.arg else []),
        *(one(name, annotation) for name, annotation in words.items()),
        one("idempotency_key", str, KEY)
        if verb.idempotent
        else one("idempotency_key", str | None, OPTIONAL_KEY),
        *([one("if_match", str | None, REVISION)] if verb.on else []),
    ]
    if body is not None:
        parameters.append(one("body", body))
    return inspect.Signature(parameters)


def _describe(verb: Verb[Any]) -> str:
    """The verb's own explanation, who may, from where, and the clauses of the notice that it carries out."""
    lines = [verb.explain, f"谁可以做：{verb.may.policy}"]
    if verb.stages and verb.on is not None:
        names = dict(verb.on._meta.get_field("stage").flatchoices)  # type: ignore[misc,union-attr]
        lines.append("从哪些状态：" + "、".join(str(names.get(stage, stage)) for stage in verb.stages))
    if verb.clauses:
        lines.append("条款：" + "、".join(verb.clauses))
    return "\n\n".join(lines)


def revision(given: str | None) -> int | None:
    return int(given.strip('"')) if given else None


def was_done(verb: Verb[Any], request: HttpRequest) -> bool:
    """Did this person's request with this key succeed before?"""
    return _first(verb, request) is not None


def first_result(verb: Verb[Any], request: HttpRequest) -> Any:
    """What the first request with this key made; None for a new key."""
    row = _first(verb, request)
    if row is None or not row.result_model:
        return None
    return apps.get_model(row.result_model)._default_manager.filter(pk=row.result_id).first()


def _first(verb: Verb[Any], request: HttpRequest) -> IdempotencyKey | None:
    user: Any = request.user
    key = request.headers.get("Idempotency-Key", "")
    return IdempotencyKey.objects.filter(user=user, verb=verb.name, key=key).first() if key else None


def refuse_early(verb: Verb[Any], request: HttpRequest, obj: Any) -> None:
    """Refuse before costly arguments are made (a file through the gate, a package); the verb judges again on its lock.

    A request that already succeeded passes: the verb answers it with its first result.
    """
    if was_done(verb, request):
        return
    if not (right := judge(verb.may, request.user, obj)):
        raise NotAllowed(right.reasons)
    if not (verdict := verb.allowed(request.user, obj)):
        raise WrongStage("；".join(verdict.reasons))
