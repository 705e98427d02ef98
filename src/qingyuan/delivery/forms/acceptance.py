"""Forms of evaluation and acceptance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.forms.project import EVIDENCE
from qingyuan.delivery.handing_in import Reached
from qingyuan.delivery.models import AcceptanceFiling, Conclusion, Rectification, RectificationItem
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.review.forms.exclusions import ExclusionsField
from qingyuan.ui.forms import DateInput


class ConcludeForm(OversizeAware):
    outcome = forms.ChoiceField(
        label=_("评估验收结果"), choices=Conclusion.Outcome.choices, widget=forms.RadioSelect
    )
    document_number = forms.CharField(
        label=_("名单或文件的文号"),
        max_length=Conclusion._meta.get_field("document_number").max_length,
        help_text=_("《清洁生产审核创新试点项目名单》的发文字号；未通过的填说明结果的文件"),
    )
    listed_on = forms.DateField(label=_("成文日期"), widget=DateInput)
    evidence = UploadField(label=_("公布的名单或文件"), allow=EVIDENCE)
    exclusions = ExclusionsField()
    reason = forms.CharField(
        label=_("未通过的理由"),
        required=False,
        max_length=Conclusion._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("通过的可不填"),
    )


class HandInForm(OversizeAware):
    """A line a target: the value reached, and why not. Prefilled with what was reported last."""

    summary = forms.CharField(
        label=_("工作总结"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("做了什么、成效如何、有什么经验；数据由平台附上，不必重复填写"),
    )
    keep_older = forms.BooleanField(
        label=_("仍用较早的计算结果"),
        required=False,
        help_text=_("工作总结引用的计算结果已有更新、仍要按引用的那次写入的，勾选"),
    )
    report = UploadField(
        label=_("验收报告"),
        allow=EVIDENCE,
        required=False,
        help_text=_("可不附；不附的，平台按所填内容生成 Word 验收报告"),
    )

    def __init__(
        self, *args: Any, targets: list[dict[str, Any]], reported: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.targets = targets
        for line in targets:
            name = {"name": line["name"]}
            self.fields[f"reached-{line['key']}"] = forms.CharField(
                label=_("%(name)s的完成值") % name,
                required=False,
                max_length=40,
                initial=reported.get(line["key"], ""),
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
            self.fields[f"reason-{line['key']}"] = forms.CharField(
                label=_("%(name)s的说明") % name,
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 1}),
            )

    def lines(self) -> Iterator[tuple[dict[str, Any], Any, Any]]:
        """The table: target, value, reason."""
        for line in self.targets:
            yield line, self[f"reached-{line['key']}"], self[f"reason-{line['key']}"]

    def reached(self) -> dict[str, Reached]:
        clean = self.cleaned_data
        return {
            line["key"]: Reached(
                value=clean.get(f"reached-{line['key']}", ""), reason=clean.get(f"reason-{line['key']}", "")
            )
            for line in self.targets
        }


class SendBackForm(forms.Form):
    reason = forms.CharField(
        label=_("退回的理由"),
        max_length=AcceptanceFiling._meta.get_field("returned_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """An answer to every requirement; the files were attached before."""

    def __init__(self, *args: Any, items: list[RectificationItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.positions = [item.position for item in items]
        for item in items:
            self.fields[f"answer-{item.position}"] = forms.CharField(
                label=f"{item.position}. {item.requirement}",
                max_length=RectificationItem._meta.get_field("answer").max_length,
                required=False,
                initial=item.answer,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def answers(self) -> dict[int, str]:
        return {number: self.cleaned_data.get(f"answer-{number}", "") for number in self.positions}


class EvidenceForm(OversizeAware):
    upload = UploadField(label=_("佐证材料"), allow=EVIDENCE)


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=_("意见"),
        max_length=Rectification._meta.get_field("remark").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OptionalRemarkForm(RemarkForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remark"].required = False


class AgainForm(RemarkForm):
    due_on = forms.DateField(label=_("新的整改期限"), widget=DateInput)
