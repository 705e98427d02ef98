"""One shape for everything that does not work: `{error, reason, problems: [...]}` with the right status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import UploadFileException
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import Field

from qingyuan.kernel.errors import Invalid, NotFound, Problem, Refused
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.gate.receive import too_large
from qingyuan.pilots.drafts import ChapterChanged


class ProblemOut(Schema):
    """One thing that is wrong. `where` names the field; `expected` and `mend` say how to put it right."""

    message: str
    where: str = ""
    expected: str = ""
    mend: str = ""
    url: str = ""
    clause: str = ""


class Problems(Schema):
    """A refusal. `error` is stable for programs, `reason` a sentence for people; all problems come at once."""

    error: str = Field(examples=["wrong_stage"])
    reason: str = Field(examples=["当前状态为“已提交”，本操作只能在“编制中”时进行"])
    problems: list[ProblemOut] = []


class ChapterText(Schema):
    html: str
    revision: int


class ChapterConflict(Problems):
    """Somebody saved the chapter after this text was begun: both texts, nothing is lost."""

    yours: str | None = None
    theirs: ChapterText | None = None


def answers(
    model: Any, *, ok: int = 200, public: bool = False, limited: bool = False, **more: Any
) -> dict[Any, Any]:
    """The `response=` of an operation: what it gives, and the refusals that every operation may give.

    `limited`: it stands behind a brake (limits.py).
    """
    codes = {400, 422} if public else {400, 401, 403, 404, 409, 422}
    codes |= {429} if limited else set()
    found: dict[Any, Any] = {ok: model}
    found.update({code: more.get(f"on_{code}", Problems) for code in sorted(codes)})
    return found


def install(api: NinjaAPI) -> None:
    """Let the API answer every kind of error in the one shape."""

    def respond(request: HttpRequest, refusal: Refused, **extra: Any) -> HttpResponse:
        return api.create_response(request, {**refusal.as_json(), **extra}, status=refusal.status)

    def on_refused(request: HttpRequest, error: Refused) -> HttpResponse:
        return respond(request, error)

    def on_conflict(request: HttpRequest, error: ChapterChanged) -> HttpResponse:
        theirs = {"html": error.theirs.html, "revision": error.theirs.revision}
        return respond(request, error, yours=error.yours, theirs=theirs)

    def on_missing(request: HttpRequest, _error: Http404) -> HttpResponse:
        return respond(request, NotFound(_("没有这个对象，或者您无权查看")))

    def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        if oversized := getattr(request, "oversized_files", []):
            return respond(request, too_large(clean_name(oversized[0]) if oversized[0] else _("（未读取）")))
        return respond(request, Invalid(_problem(entry) for entry in error.errors))

    def on_cut_off(request: HttpRequest, _error: UploadFileException) -> HttpResponse:
        return respond(request, too_large(_("（未读取）")))

    def on_unauthenticated(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        refusal = Unauthenticated(
            _("令牌缺失、有误、已过期或已吊销"), [Problem("", where="Authorization", mend=_token_help())]
        )
        response = respond(request, refusal)
        response["WWW-Authenticate"] = "Bearer"
        return response

    def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        if isinstance(error, Throttled):
            wait = max(1, int(error.wait or 1))
            mend = _("%d 秒后再试；等待的秒数也在响应头 Retry-After 中") % wait
            response = respond(request, TooMany(_("请求过于频繁，请稍候再试"), [Problem("", mend=mend)]))
            response["Retry-After"] = str(wait)
            return response
        if isinstance(error.__cause__, Refused):
            return respond(request, error.__cause__)
        if isinstance(error.__cause__, RequestDataTooBig):
            return on_unreadable(request, error.__cause__)
        return respond(request, Unreadable(_("请求内容不是有效的 JSON")))

    def on_unreadable(request: HttpRequest, _error: Exception) -> HttpResponse:
        return respond(request, Unreadable(_("请求内容无法读取：格式有误，或超过了大小限制")))

    handlers: Mapping[Any, Any] = {
        Refused: on_refused,
        ChapterChanged: on_conflict,
        Http404: on_missing,
        ValidationError: on_invalid,
        AuthenticationError: on_unauthenticated,
        HttpError: on_http_error,
        MultiPartParserError: on_unreadable,
        SuspiciousOperation: on_unreadable,
        UploadFileException: on_cut_off,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _token_help() -> str:
    return _("在“接口令牌”页签发令牌，放在请求头 Authorization: Bearer qy_… 中")


class Unauthenticated(Refused):
    """No token, or none that is valid."""

    code = "unauthenticated"
    status = 401


class TooMany(Refused):
    """More requests than one address or one token may send."""

    code = "too_many"
    status = 429


class Unreadable(Refused):
    """The request itself cannot be read."""

    code = "unreadable"
    status = 400


def _problem(entry: Mapping[str, Any]) -> Problem:
    """An error of pydantic in our words: which field, what was expected."""
    source, *path = [str(part) for part in entry["loc"]]
    if source in {"body", "form", "file"} and len(path) > 1 and path[0] in {"body", "rows"}:
        path = path[1:] if path[0] == "body" else path
    where = ".".join(path) or source
    kind, context = entry["type"], entry.get("ctx") or {}
    if kind == "missing":
        if where == "Idempotency-Key":
            return Problem(
                _("这个操作须带请求头 Idempotency-Key"),
                where=where,
                expected=_("8 至 80 个可见的 ASCII 字符，例如一个 UUID"),
                mend=_("每次新的操作用一个新的编号；网络中断后重试时用同一个编号，不会重复执行"),
            )
        return Problem(_("缺少这一项"), where=where)
    expected = "，".join(f"{name}={value}" for name, value in context.items() if name != "error")
    return Problem(_("内容不符合要求：%s") % entry.get("msg", kind), where=where, expected=expected)
