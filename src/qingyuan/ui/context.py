"""What every page's frame needs, worked out only when a template asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.functional import cached_property

from qingyuan.kernel import clock
from qingyuan.ui import navigation


class Shell:
    """The frame of a page for one request; the template variable `shell`."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def is_signed_in(self) -> bool:
        user = getattr(self.request, "user", None)
        return bool(user and user.is_authenticated)

    @cached_property
    def identity(self) -> navigation.Identity:
        return navigation.identity(self.request.user)

    @cached_property
    def side(self) -> list[navigation.Group]:
        return (
            navigation.groups("side", user=self.request.user, path=self.request.path, route=self._route)
            if self.is_signed_in
            else []
        )

    @property
    def _route(self) -> str:
        """The full name of the page's route; empty where none was found."""
        match = self.request.resolver_match
        return match.view_name if match else ""

    @cached_property
    def public(self) -> list[navigation.Group]:
        user = getattr(self.request, "user", None)
        return navigation.groups("public", user=user, path=self.request.path)

    @cached_property
    def account(self) -> list[navigation.Entry]:
        return self._entries("account") if self.is_signed_in else []

    @cached_property
    def footer(self) -> list[navigation.Entry]:
        return self._entries("footer")

    def _entries(self, area: navigation.Area) -> list[navigation.Entry]:
        return navigation.entries(area, user=getattr(self.request, "user", None), path=self.request.path)

    @property
    def is_demo(self) -> bool:
        return bool(settings.QINGYUAN_DEMO)

    @property
    def clock_is_shifted(self) -> bool:
        return clock.is_shifted()

    @property
    def now(self) -> datetime:
        return clock.now()

    @cached_property
    def home_url(self) -> str:
        return reverse(settings.LOGIN_REDIRECT_URL) if self.is_signed_in else "/"

    @cached_property
    def language_url(self) -> str:
        """Where the language switch posts to; empty when the site does not offer one."""
        try:
            return reverse("set_language")
        except NoReverseMatch:
            return ""

    @cached_property
    def other_language(self) -> tuple[str, str]:
        """Code and own name of the language that the page is not in."""
        return ("en", "English") if translation.get_language() != "en" else ("zh-hans", "中文")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"shell": Shell(request)}
