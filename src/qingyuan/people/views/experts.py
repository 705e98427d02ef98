"""Experts one by one: enrolled by operators; the own declaration of interests."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.people import actions, forms, queries
from qingyuan.people.models import Expert
from qingyuan.ui.verbpage import VerbPage


class EnrolExpert(VerbPage):
    verb = actions.enrol_expert
    form_class = forms.ExpertForm
    explain = _("将一名人员列入专家库。入库后由本人申报利益关系；抽取、回避都以申报为据。")
    done = _("专家已入库，请其登录申报利益关系。")

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        cleaned = form.cleaned_data
        employer = cleaned["employer"]
        return {
            "user": cleaned["email"],
            "code": cleaned["code"],
            "fields": cleaned["fields_of_work"],
            "employer": employer,
            "region_code": employer.region_code if employer else "",
            "title": cleaned["title"],
        }

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return reverse("people:experts")

    def get_cancel_url(self) -> str:
        return reverse("people:experts")


class DeclareInterests(VerbPage):
    """One's own declaration; `more` shows further rows without judging the ones that stand."""

    verb = actions.declare_interests
    form_class = forms.InterestsForm
    template_name = "people/interests.html"
    explain = _(
        "列出与本人有任职、咨询、合作、近亲属任职等关系的单位。评审抽取时，有关系的单位及其支撑的试点自动回避。新的申报整体替换旧的申报。"
    )
    button = _("提交申报")
    done = _("利益关系已申报。")

    def get_object(self) -> Expert | None:
        return queries.expert_of(self.request.user) if self.request.user.is_authenticated else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object is None:
            return TemplateResponse(request, "people/no_expert.html")
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object is None:
            raise Http404
        if "more" in request.POST:
            return self.render(forms.InterestsForm(interests=forms.InterestsForm.typed(request.POST)))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = self.object.interests.select_related("organisation").order_by("pk")
        return {
            "interests": [
                {
                    "body_name": row.organisation.name if row.organisation else row.body_name,
                    "relation": row.relation,
                    "until": row.until,
                }
                for row in rows
            ]
        }

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"interests": form.interests()}

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return reverse("people:interests")

    def get_cancel_url(self) -> str:
        return reverse("home")

    def get_context(self) -> dict[str, Any]:
        declared = self.object.interests.order_by("-declared_at").first()
        return {
            "object_url": "",
            "expert": self.object,
            "declared_at": declared.declared_at if declared else None,
        }
