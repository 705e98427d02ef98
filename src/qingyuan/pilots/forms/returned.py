"""What the receiving side names when it asks for a supplement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from qingyuan.pilots import returned
from qingyuan.pilots.models import Pilot
from qingyuan.ui.forms import InstantInput


class SupplementRequestForm(forms.Form):
    chapters = forms.MultipleChoiceField(
        label=gettext_lazy("方案章节"), required=False, widget=forms.CheckboxSelectMultiple
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("其他部分"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("没有勾选的章节和部分在补充期间保持锁定"),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由和要求"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("写明缺什么、应补成什么样；邮件中只摘引前 200 字，全文在平台上"),
    )
    due_at = forms.DateTimeField(
        label=gettext_lazy("补充期限"),
        widget=InstantInput,
        help_text=gettext_lazy("北京时间；期限时刻本身已不受理"),
    )

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leaves = {leaf.id: leaf for leaf in pilot.notice.leaves()}
        for leaf in self.leaves.values():
            self.fields[f"remark-{leaf.id}"] = forms.CharField(
                label=gettext("对“%s”的意见（可不填）") % leaf.title,
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.fields["chapters"].choices = [  # type: ignore[attr-defined]
            (leaf.id, f"{leaf.number} {leaf.title}") for leaf in pilot.notice.leaves()
        ]
        self.fields["parts"].choices = list(returned.PARTS.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        if not clean.get("chapters") and not clean.get("parts") and not self.errors:
            self.add_error("chapters", gettext_lazy("请至少勾选一个章节或部分"))
        for key in self.leaves:
            if clean.get(f"remark-{key}", "").strip() and key not in clean.get("chapters", []):
                self.add_error(f"remark-{key}", gettext_lazy("这一章没有勾选：勾选这一章，或删去意见"))
        return clean

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them."""
        clean = self.cleaned_data
        given = {name: clean[name] for name in ("chapters", "parts", "reason", "due_at")}
        return {**given, "remarks": {key: text for key in self.leaves if (text := clean[f"remark-{key}"])}}


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=gettext_lazy("原因"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
