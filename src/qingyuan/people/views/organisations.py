"""Bodies: the list, one body, and what is done with its people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import is_operator
from qingyuan.people import actions, forms, queries, rules
from qingyuan.people.models import Kind, Organisation
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage


def organisation_list(request: HttpRequest) -> HttpResponse:
    """Mine; for operators all, searchable."""
    operator = is_operator.test(request.user)
    form = forms.OrganisationFilter(request.GET if operator else None)
    wanted = form.cleaned_data if operator and form.is_valid() else {}
    page = paginate(request, queries.organisations(request.user, **wanted))
    page.object_list = queries.organisation_rows(page.object_list, request.user)  # type: ignore[assignment]
    context = {
        "page": page,
        "filter": form if operator else None,
        "operator": operator,
        "filtered": any(wanted.values()),
    }
    return TemplateResponse(request, "people/organisations.html", context)


def organisation_page(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """One body with its people, its joint bodies and its authorisations."""
    user = request.user
    page = paginate(request, queries.people_of(organisation))
    page.object_list = queries.members(organisation, list(page.object_list))  # type: ignore[assignment]
    below = list(queries.children(organisation)[: queries.SHOWN])
    parent = organisation.parent
    context = {
        "organisation": organisation,
        "region": queries.region_name(organisation.region_code),
        "parent": parent,
        "parent_url": _url(parent) if parent and rules.can_see_organisation.test(user, parent) else "",
        "page": page,
        "my_roles": queries.my_roles(user, organisation.pk),
        "joint_bodies": queries.joint_bodies(organisation),
        "children": [
            (child, _url(child) if rules.can_see_organisation.test(user, child) else "") for child in below
        ],
        "children_count": queries.children(organisation).count()
        if len(below) == queries.SHOWN
        else len(below),
        "given": queries.authorisations(organisation, given=True) if organisation.may_apply else [],
        "held": queries.authorisations(organisation, given=False)
        if organisation.kind == Kind.SERVICE
        else [],
        "may_manage": actions.add_member.allowed(user, organisation),
        "may_authorise": actions.grant_authorisation.allowed(user, organisation),
        "may_end": rules.is_lead_or_signer.test(user, organisation),
        "is_member": rules.is_member.test(user, organisation),
    }
    return TemplateResponse(request, "people/organisation.html", context)


def _url(organisation: Organisation) -> str:
    return reverse("people:organisation", args=[organisation.pk])


class OrganisationVerb(VerbPage):
    """A verb on a body begins and ends on the body's page."""

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return _url(self.object)

    def get_cancel_url(self) -> str:
        return _url(self.object)

    def get_context(self) -> dict[str, Any]:
        return {"object_url": _url(self.object)}


class AddMember(OrganisationVerb):
    verb = actions.add_member
    form_class = forms.MemberForm
    explain = _(
        "为本单位添加一名人员并赋予一个角色：牵头负责人管理人员和授权，经办人填报，审核人审核，签发人签发。"
    )
    statement = _("提交后，将向所填邮箱发出邀请邮件。")
    done = _("人员已添加，邀请已发出。")


class RemoveMember(OrganisationVerb):
    verb = actions.remove_member
    form_class = forms.RemovalForm
    explain = _("撤销一名人员在本单位的一个角色。其以往的操作记录保留；在其他单位的角色不受影响。")
    danger = True
    done = _("该角色已撤销。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"organisation": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {"membership": self.request.GET.get("membership", "")[:20]}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"membership_id": int(form.cleaned_data["membership"])}


class RegisterOrganisation(VerbPage):
    verb = actions.register_organisation
    form_class = forms.OrganisationForm
    explain = _("登记后即可为单位添加人员。全称、信用代码不能与已登记的单位相同。")
    done = _("单位已登记，请添加人员。")

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return dict(form.cleaned_data)

    def get_success_url(self, result: Any) -> str:
        return _url(result)

    def get_cancel_url(self) -> str:
        return reverse("people:organisations")


class FormJointBody(VerbPage):
    verb = actions.form_joint_body
    form_class = forms.JointBodyForm
    explain = _("登记共同发文、共同决定的主办单位和会签单位，如省生态环境厅会同省发展改革委。")
    done = _("会同机制已登记。")

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        host, cosigner = form.cleaned_data["host"], form.cleaned_data["cosigner"]
        return {
            "name": forms.JointBodyForm.joint_name(host, cosigner),
            "level": form.cleaned_data["level"],
            "region_code": host.region_code,
            "host": host,
            "cosigners": [cosigner],
        }

    def get_mails(self) -> Sequence[Any]:
        return ()

    def get_success_url(self, result: Any) -> str:
        return _url(result.parts.get(part="host").organisation)

    def get_cancel_url(self) -> str:
        return reverse("people:organisations")
