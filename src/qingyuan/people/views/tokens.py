"""Keys to the HTTP API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.errors import KeyReused, Refused
from qingyuan.kernel.models import ApiToken
from qingyuan.people import actions, forms, queries
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage


def token_list(request: HttpRequest) -> HttpResponse:
    """One's own tokens. They live by the machine's time, not by a demo's shifted clock."""
    context = {"page": paginate(request, queries.tokens(request.user)), "real_now": datetime.now(UTC)}
    return TemplateResponse(request, "people/tokens.html", context)


class IssueToken(VerbPage):
    """The secret stands on the answer to this one click and nowhere else: no redirect, no cache, no second time."""

    verb = actions.issue_token
    form_class = forms.TokenForm
    explain = _("为程序访问签发一个令牌。令牌与本人权限相同，只在签发后显示一次；平台只保存其摘要。")
    button = _("签发令牌")

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        self.secret = ApiToken.new_secret()
        return {**form.cleaned_data, "secret": self.secret}

    def succeeded(self, result: Any) -> HttpResponse:
        context = {"token": result, "secret": self.secret}
        response = TemplateResponse(self.request, "people/token_issued.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _refused(self, form: Any, refusal: Refused) -> HttpResponse:
        if isinstance(refusal, KeyReused):
            refusal = Refused(gettext("这个令牌已经签发，不会再次显示。没有抄下的，请吊销后重新签发"))
        return super()._refused(form, refusal)

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return reverse("people:tokens")

    def get_cancel_url(self) -> str:
        return reverse("people:tokens")


class RevokeToken(VerbPage):
    verb = actions.revoke_token
    object_arg = "token"
    explain = _("吊销后，使用这个令牌的程序立即不能再访问。")
    danger = True
    done = _("令牌已吊销。")

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return reverse("people:tokens")

    def get_cancel_url(self) -> str:
        return reverse("people:tokens")
