"""View guards: every view carries exactly one, and a test walks all routes to see that none is missing.

Strangers get 404 for objects that they may not see: that an object exists is itself not told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse

from qingyuan.kernel.errors import Refused
from qingyuan.kernel.permission import Reasoned, is_signed_in

View = Callable[..., Any]


@dataclass(frozen=True)
class Guard:
    """What protects a view; read by the test matrix."""

    kind: str  # public | signed_in | sees
    model: type[models.Model] | None = None
    condition: Reasoned | None = None
    arg: str = ""


def public(view: View) -> View:
    """Anybody may look: published things only."""
    return _marked(view, view, Guard("public"))


def signed_in(view: View) -> View:
    """Any signed-in person; what the view then lists is filtered by the rooms' own predicates."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not is_signed_in.test(request.user):
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        return view(request, *args, **kwargs)

    return _marked(guarded, view, Guard("signed_in"))


def sees(
    model: type[models.Model], *, by: Reasoned, arg: str, lookup: str = "pk", related: tuple[str, ...] = ()
) -> Callable[[View], View]:
    """Load `model` by the route's `arg`, let pass who fulfils `by`, and hand the object over under the name `arg`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not is_signed_in.test(request.user):
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            kwargs[arg] = load(model, request.user, kwargs[arg], by=by, lookup=lookup, related=related)
            return view(request, *args, **kwargs)

        return _marked(guarded, view, Guard("sees", model, by, arg))

    return decorate


def load(
    model: type[models.Model],
    user: Any,
    value: Any,
    *,
    by: Reasoned,
    lookup: str = "pk",
    related: tuple[str, ...] = (),
) -> Any:
    """One object that the user may see, or 404."""
    rows = model._default_manager.select_related(*related) if related else model._default_manager.all()
    try:
        obj = rows.filter(**{lookup: value}).first()
    except (ValueError, ValidationError):
        obj = None
    if obj is None or not by.test(user, obj):
        raise Http404
    return obj


def _marked(guarded: Any, view: View, guard: Guard) -> View:
    guarded.guard = guard
    guarded.guarded_view = view
    # csrf_exempt and friends sit on the inner view; wraps() copied them.
    return guarded


class RefusalMiddleware:
    """Turn a refusal that no page caught into an error page (or JSON for programs) of the right status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse(exception.as_json(), status=exception.status)
        template = f"ui/errors/{exception.status}.html"
        return TemplateResponse(request, template, {"refusal": exception}, status=exception.status).render()
