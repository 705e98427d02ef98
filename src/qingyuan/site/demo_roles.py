"""The demo's sign-in page: one button for each person of the cast. Does not exist outside a demo."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, resolve_url

from qingyuan.people.models import User
from qingyuan.site import queries

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class LoginPage(LoginView):
    """allauth's sign-in page, with the role switcher below it in a demo."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["demo_roles"] = queries.demo_cast() if settings.QINGYUAN_DEMO else []
        return context


def act_as(request: HttpRequest) -> HttpResponse:
    """Sign in as a person of the demo's cast, without a password; 404 wherever this is no demo."""
    if not settings.QINGYUAN_DEMO:
        raise Http404
    username = request.POST.get("username", "")[:150]
    user = get_object_or_404(User, username=username, is_demo=True, is_active=True)
    login(request, user, backend=BACKEND)
    return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))
