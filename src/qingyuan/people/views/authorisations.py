"""Service bodies authorised by an applicant."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel import gate
from qingyuan.kernel.errors import Refused
from qingyuan.kernel.gate.serve import serve
from qingyuan.people import actions, forms
from qingyuan.people.models import Authorisation
from qingyuan.people.views.organisations import OrganisationVerb
from qingyuan.ui.verbpage import VerbPage


class GrantAuthorisation(OrganisationVerb):
    verb = actions.grant_authorisation
    form_class = forms.AuthorisationForm
    explain = _(
        "在保密协议之下，授权一家咨询服务机构在限定范围和期限内为本单位工作。送审、签发、提交始终由本单位人员办理。"
    )
    statement = _("提交后立即生效（自起始日期起），并邮件告知对方牵头负责人。")
    done = _("授权已生效。")

    def get_initial(self) -> dict[str, Any]:
        return {"valid_from": forms.today(), "scope": Authorisation.Scope.DRAFT}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        cleaned = dict(form.cleaned_data)
        file = cleaned.pop("secrecy_agreement")
        allow = form.fields["secrecy_agreement"].allow
        return cleaned | {
            "secrecy_agreement": gate.receive(file, by=self.request.user, allow=allow) if file else None
        }


class EndAuthorisation(VerbPage):
    verb = actions.end_authorisation
    explain = _("终止后，对方立即不能再查看或编写本单位的材料；已经形成的内容和操作记录保留。")
    danger = True
    done = _("授权已终止。")

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        user, one = self.request.user, self.object
        body = one.applicant_id if user.standing.holds(one.applicant_id) else one.service_body_id  # type: ignore[union-attr]
        return reverse("people:organisation", args=[body])

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.get_cancel_url()}


def secrecy_agreement(request: HttpRequest, authorisation: Authorisation) -> FileResponse:  # noqa: ARG001
    """The signed agreement, for the two parties."""
    if authorisation.secrecy_agreement is None:
        raise Refused(gettext("这项授权没有上传保密协议"))
    return serve(authorisation.secrecy_agreement)
