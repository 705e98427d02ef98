"""Forms of enterprises' sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from qingyuan.audits.actions.firm_sheet import Invitation
from qingyuan.audits.extent import Covered
from qingyuan.audits.forms.dataset import RowForm
from qingyuan.audits.models import FigureNote
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.ui.forms import SizedFileInput
from qingyuan.workbooks.schema import Table

PROOFS = frozenset({"pdf", "png", "jpg", "xlsx", "docx"})
SOURCES = [("", gettext_lazy("请选择")), *FigureNote.Source.choices]


class InviteForm(forms.Form):
    """Enterprises to tick, each with its mailbox."""

    due_on = forms.DateField(
        label=gettext_lazy("填报期限"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self, *args: Any, entries: Sequence[Covered], addresses: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries
        for entry in entries:
            code = entry.credit_code
            self.fields[f"invite-{code}"] = forms.BooleanField(label=entry.name, required=False)
            self.fields[f"mail-{code}"] = forms.EmailField(
                label=gettext_lazy("邮箱"), required=False, initial=addresses.get(code, "")
            )

    def lines(self) -> list[tuple[Any, Any, str]]:
        """Tick, mailbox and code, for the table of the page."""
        return [
            (self[f"invite-{code}"], self[f"mail-{code}"], code)
            for code in (entry.credit_code for entry in self.entries)
        ]

    def invitations(self) -> list[Invitation]:
        codes = [entry.credit_code for entry in self.entries]
        return [
            Invitation(code, self.cleaned_data[f"mail-{code}"])
            for code in codes
            if self.cleaned_data[f"invite-{code}"]
        ]


class AddressForm(forms.Form):
    address = forms.EmailField(label=gettext_lazy("企业邮箱"), max_length=254)


class SheetReopenForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("退回的理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class SignForm(forms.Form):
    declared = forms.BooleanField(
        label=gettext_lazy("本单位声明：所填数据真实、完整，来源和依据可供核查"), required=True
    )


class OwnRowForm(RowForm):
    """A row of the enterprise: whose it is does not change; the figures of one save have one source."""

    source = forms.ChoiceField(
        label=gettext_lazy("本次填写的数值来自"),
        choices=SOURCES,
        required=False,
        help_text=gettext_lazy("只记在本次改动的数值上；各个数值可再单独注明"),
    )
    method = forms.CharField(
        label=gettext_lazy("怎样得到"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("如“在线监测年均值”“水表年累计”"),
    )

    def __init__(self, *args: Any, table: Table, values: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, table=table, values=values, fixed=("enterprise",), **kwargs)
        self.order_fields([*self.places, "source", "method"])


class FigureForm(OversizeAware):
    """One figure: where it comes from, its proof, and whether it is a secret."""

    source = forms.ChoiceField(label=gettext_lazy("来源"), choices=SOURCES, required=False)
    method = forms.CharField(label=gettext_lazy("怎样得到"), max_length=300, required=False)
    evidence = UploadField(
        label=gettext_lazy("依据文件"),
        allow=PROOFS,
        required=False,
        widget=SizedFileInput(
            max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".pdf,.png,.jpg,.xlsx,.docx"
        ),
    )
    is_secret = forms.BooleanField(
        label=gettext_lazy("商业秘密"),
        required=False,
        help_text=gettext_lazy("汇总时不计入，方案和报告不得引用"),
    )
    secret_reason = forms.CharField(label=gettext_lazy("为什么是商业秘密"), max_length=300, required=False)
