"""How sign-in fits this house: accounts are made by the bodies that people belong to, not by themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from qingyuan.people.models import User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase | None:
        """Every way in passes here: password, passkey, single sign-on, a password set anew.

        The password of demo accounts is published, so they open nothing outside a demo.
        """
        if user.is_demo and not settings.QINGYUAN_DEMO:
            clear_login(request)
            messages.error(request, _("演示账号只能在演示环境登录。"))
            return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))
        response: HttpResponseBase | None = super().pre_login(request, user, **kwargs)
        return response
