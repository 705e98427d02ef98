"""Finding pilots, and beginning one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.models import Call
from qingyuan.catalogue.notices.parts import Category
from qingyuan.people.models import Organisation
from qingyuan.pilots.actions.content import MAX_NAME
from qingyuan.pilots.models import Pilot


class FilterForm(forms.Form):
    """The filters above the list; a value that is not among the choices filters nothing."""

    q = forms.CharField(label=gettext_lazy("名称、对象或单位"), required=False, max_length=80)
    stage = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    call = forms.ChoiceField(label=gettext_lazy("通知"), required=False)

    def __init__(self, *args: Any, calls: list[Call], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calls = {str(call.pk): call for call in calls}
        for name, choices in (
            ("stage", list(Pilot.Stage.choices)),
            ("call", [(key, call.title) for key, call in self.calls.items()]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("全部")), *choices]

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        clean = self.cleaned_data
        return {
            "text": clean.get("q", ""),
            "stage": clean.get("stage", ""),
            "call": self.calls.get(clean.get("call", "")),
        }


class CreateForm(forms.Form):
    """Applicant, category, name."""

    applicant = forms.ChoiceField(
        label=gettext_lazy("申报单位"), help_text=gettext_lazy("申报与实施须为同一主体，由本单位自愿申报")
    )
    category_id = forms.ChoiceField(label=gettext_lazy("申报类别"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=gettext_lazy("项目名称"),
        max_length=MAX_NAME,
        help_text=gettext_lazy("材料包和邮件按“2022+项目名称+申报单位名称”的格式命名；之后还可以修改"),
    )

    def __init__(self, *args: Any, call: Call, applicants: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applicants = {str(body.pk): body for body in applicants}
        bodies, categories, name = (self.fields[key] for key in ("applicant", "category_id", "name"))
        assert isinstance(bodies, forms.ChoiceField)
        assert isinstance(categories, forms.ChoiceField)
        bodies.choices = [(key, body.name) for key, body in self.applicants.items()]
        if len(bodies.choices) != 1:
            bodies.choices = [("", _("请选择")), *bodies.choices]
        categories.choices = [(category.id, _described(category)) for category in call.notice.categories]
        pattern = call.notice.package.naming.render(
            project_title=_("项目名称"), applicant_name=_("申报单位名称")
        )
        name.help_text = _("材料包和邮件按“%s”命名；名称之后还可以修改") % pattern

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        if "applicant" in clean:
            clean["applicant"] = self.applicants[clean["applicant"]]
        return clean


def _described(category: Category) -> str:
    """The category with the notice's own words."""
    return format_html(
        '{}. {}<span class="q-soft q-small d-block">{}</span>',
        category.number,
        category.title,
        category.wording or category.note,
    )
