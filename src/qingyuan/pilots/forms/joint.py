"""The table of parties and the table of meetings, and the agreement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.pilots.actions.joint import MOST, MeetingRow, PartyRow
from qingyuan.pilots.models import JointParty, Pilot
from qingyuan.ui.forms import SizedFileInput

BLANK_ROWS = 3


class _Row(forms.Form):
    """A line of a table; a line without its key text is left out."""

    use_required_attribute = False
    KEY = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = int(str(self.prefix).rpartition("-")[2]) + 1 if str(self.prefix)[-1:].isdigit() else ""
        for field in self.fields.values():
            # A cell has no label of its own on the page.
            field.widget.attrs["aria-label"] = _("第 %(n)s 行 %(what)s") % {"n": number, "what": field.label}

    @property
    def is_left_out(self) -> bool:
        return bool(self.cleaned_data.get("drop")) or not any(
            self.cleaned_data.get(name) for name in self.fields if name not in {"drop", "part"}
        )


class PartyForm(_Row):
    name = forms.CharField(label=gettext_lazy("单位全称"), required=False, max_length=120)
    part = forms.ChoiceField(
        label=gettext_lazy("牵头或参与"),
        required=False,
        choices=JointParty.Part.choices,
        initial=JointParty.Part.PARTNER,
    )
    duties = forms.CharField(
        label=gettext_lazy("分工"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    drop = forms.BooleanField(label=gettext_lazy("删除"), required=False)


class MeetingForm(_Row):
    held_on = forms.DateField(
        label=gettext_lazy("日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    topic = forms.CharField(label=gettext_lazy("议题"), required=False, max_length=200)
    outcome = forms.CharField(
        label=gettext_lazy("议定事项"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    drop = forms.BooleanField(label=gettext_lazy("删除"), required=False)

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        written = clean.get("topic") or clean.get("outcome")
        if written and not clean.get("held_on") and "held_on" not in self.errors and not clean.get("drop"):
            self.add_error("held_on", _("请填写会议日期"))
        return clean


Parties = forms.formset_factory(PartyForm, extra=0, max_num=MOST, validate_max=True)
Meetings = forms.formset_factory(MeetingForm, extra=0, max_num=MOST, validate_max=True)


class JointForm:
    """Both tables as one form."""

    is_multipart = False

    def __init__(self, data: Any = None, *, pilot: Pilot) -> None:
        self.fields: dict[str, forms.Field] = {}
        self.is_bound = data is not None
        parties: list[dict[str, Any]] = [
            {"name": party.name, "part": party.part, "duties": party.duties} for party in pilot.parties.all()
        ] or [{"name": pilot.applicant.name, "part": JointParty.Part.LEAD}]
        meetings: list[dict[str, Any]] = [
            {"held_on": meeting.held_on, "topic": meeting.topic, "outcome": meeting.outcome}
            for meeting in pilot.meetings.all()
        ]
        self.parties: Any = Parties(data, prefix="party", initial=_with_blanks(parties))
        self.meetings: Any = Meetings(data, prefix="meeting", initial=_with_blanks(meetings))

    @property
    def media(self) -> Any:
        return self.parties.media

    @property
    def errors(self) -> Sequence[Any]:
        """Empty when nothing is wrong."""
        return [
            *(errors for table in (self.parties, self.meetings) for errors in table.errors if errors),
            *self.parties.non_form_errors(),
            *self.meetings.non_form_errors(),
        ]

    def is_valid(self) -> bool:
        return bool(self.parties.is_valid()) & bool(self.meetings.is_valid())

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them."""
        return {
            "parties": [
                PartyRow(row.cleaned_data["name"], row.cleaned_data["part"], row.cleaned_data["duties"])
                for row in self.parties
                if not row.is_left_out
            ],
            "meetings": [
                MeetingRow(
                    row.cleaned_data["held_on"], row.cleaned_data["topic"], row.cleaned_data["outcome"]
                )
                for row in self.meetings
                if not row.is_left_out
            ],
        }


def _with_blanks(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return rows + [{} for _number in range(max(0, min(BLANK_ROWS, MOST - len(rows))))]


class AgreementForm(OversizeAware):
    title = forms.CharField(
        label=gettext_lazy("标题"), required=False, max_length=120, help_text=gettext_lazy("不填则用文件名")
    )
    file = UploadField(
        label=gettext_lazy("协议文件"),
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES),
        help_text=gettext_lazy("各方盖章的协议或会议纪要（PDF、OFD、Word、PNG、JPG）"),
    )
