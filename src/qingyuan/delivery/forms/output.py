"""Forms of the results of a pilot."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.catalogue import outputs as catalogue
from qingyuan.delivery.actions.output import MOST_FILES
from qingyuan.delivery.baseline import Content
from qingyuan.delivery.models import Output, OutputVersion
from qingyuan.kernel.gate import allowed_kinds
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.ui.forms import SizedFileInput


def _longest(model: Any, name: str) -> int:
    return int(model._meta.get_field(name).max_length)


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.id, kind.title) for kind in catalogue.kinds().values()]


class OutputFilter(forms.Form):
    stage = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), *Output.Stage.choices]
    )
    kind = forms.ChoiceField(label=_("类别"), required=False)
    late = forms.BooleanField(label=_("只看逾期"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", gettext("全部类别")), *kind_choices()]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {
            "stage": self.cleaned_data.get("stage", ""),
            "kind": self.cleaned_data.get("kind", ""),
            "late": self.cleaned_data.get("late", False),
        }


class ArrangeForm(forms.Form):
    """Kind, targets and milestone, as the baseline in force calls them."""

    kind = forms.ChoiceField(label=_("类别"))
    milestone = forms.ChoiceField(
        label=_("应交节点"), required=False, help_text=_("应交日期随节点变动；不选的以实施期限为准")
    )
    targets = forms.MultipleChoiceField(
        label=_("服务的目标"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, content: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [(line["key"], f"{line['title']}（{line['ends']}）") for line in content["milestones"]]
        goals = [(line["key"], line["indicator"]) for line in content["targets"]]
        self.fields["kind"].choices = kind_choices()  # type: ignore[attr-defined]
        whole = gettext("实施期限（%s）") % content["term"]["end"]
        self.fields["milestone"].choices = [("", whole), *steps]  # type: ignore[attr-defined]
        self.fields["targets"].choices = goals  # type: ignore[attr-defined]
        if not goals:
            del self.fields["targets"]


class AddOutputForm(ArrangeForm):
    title = forms.CharField(label=_("成果名称"), max_length=_longest(Output, "title"))
    benefit = forms.CharField(label=_("效益"), required=False, max_length=_longest(Output, "benefit"))
    reason = forms.CharField(
        label=_("增补的理由"),
        max_length=_longest(Output, "added_reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("title", "kind", "benefit", "milestone", "targets", "reason")


class FilesInput(SizedFileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        del data
        return files.getlist(name)


class UploadsField(UploadField):
    """Several files of one field, each judged like a single one; all that is wrong is said at once."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = [one for one in data or () if one]
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        cleaned, wrong = [], []
        for one in given:
            try:
                cleaned.append(super().clean(one, initial))
            except forms.ValidationError as error:
                wrong.append(error)
        if wrong:
            raise forms.ValidationError(wrong)
        return cleaned


class VersionForm(OversizeAware):
    title = forms.CharField(
        label=_("版本名称"),
        max_length=_longest(OutputVersion, "title"),
        help_text=_("例如：征求意见稿、送审稿、发布稿"),
    )
    uploads = UploadsField(
        label=_("文件"),
        allow=allowed_kinds,
        widget=FilesInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, attrs={"multiple": True}),
        help_text=format_lazy(_("可以一次选择多份，最多 {most} 份"), most=MOST_FILES),
    )
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=_longest(OutputVersion, "note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("与上一版相比改了什么；不写个人姓名和联系方式"),
    )


class AcceptForm(forms.Form):
    opinion = forms.CharField(
        label=_("意见"),
        required=False,
        max_length=_longest(OutputVersion, "opinion"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SendBackForm(forms.Form):
    opinion = forms.CharField(
        label=_("退回的理由"),
        max_length=_longest(OutputVersion, "opinion"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MarkForm(forms.Form):
    public = forms.TypedChoiceField(
        label=_("可否公开"),
        choices=[("yes", _("可以公开")), ("no", _("不公开"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        help_text=_("可以公开的，须已确认不含国家秘密、企业商业秘密和个人信息"),
    )


class DropForm(forms.Form):
    reason = forms.CharField(
        label=_("撤下的理由"),
        max_length=_longest(Output, "dropped_reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
