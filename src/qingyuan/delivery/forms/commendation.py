"""Forms of commendations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.commending import LONGEST_REASON, Body, Candidate, Person
from qingyuan.delivery.models import Commendation
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.ui.forms import DateInput, InstantInput

PREFIX = "body-"
_PARTS = re.compile(r"[,，\t|｜]")
SEALED = frozenset({"pdf", "ofd"})


class CommendationForm(forms.Form):
    """Title, opening, a reason beside every body that is commended, and people one a line."""

    title = forms.CharField(label=_("标题"), max_length=120)
    basis = forms.CharField(
        label=_("依据和缘由"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    persons = forms.CharField(
        label=_("表扬个人"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("一行一名：姓名，单位，事由。只有主办和会签单位看得到，不公开、不进台账，印发后可以删除"),
    )
    attachment_number = forms.CharField(
        label=_("个人名单的附件编号"),
        required=False,
        max_length=40,
        help_text=_("个人名单另纸印发，这里只记编号"),
    )

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in candidates:
            self.fields[PREFIX + one.key] = forms.CharField(
                label=_("%(body)s（%(project)s）：表扬的理由")
                % {"body": one.organisation.name, "project": one.project.title},
                required=False,
                max_length=LONGEST_REASON,
                help_text=_("不填即不列入"),
            )
        self.fields["bodies"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.order_fields(
            ["title", "basis", *(PREFIX + one.key for one in candidates), "persons", "attachment_number"]
        )

    def clean_persons(self) -> list[Person]:
        persons = []
        for number, line in enumerate(self.cleaned_data["persons"].splitlines(), start=1):
            if not line.strip():
                continue
            parts = [part.strip() for part in _PARTS.split(line, maxsplit=2)]
            if len(parts) != 3 or not all(parts):
                self.add_error(
                    "persons",
                    gettext("第 %d 行应为“姓名，单位，事由”三项") % number,
                )
                continue
            persons.append(Person(*parts))
        return persons

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them."""
        clean = self.cleaned_data
        bodies = []
        for name, reason in clean.items():
            if name.startswith(PREFIX) and reason.strip():
                project, _sep, organisation = name.removeprefix(PREFIX).partition(":")
                bodies.append(Body(UUID(project), UUID(organisation), reason))
        plain = ("title", "basis", "attachment_number")
        return {**{name: clean[name] for name in plain}, "bodies": bodies, "persons": clean["persons"]}


def initial_of(commendation: Commendation) -> dict[str, Any]:
    """The form's values of a draft."""
    return {
        "title": commendation.title,
        "basis": commendation.basis,
        "attachment_number": commendation.attachment_number,
        "persons": "\n".join(
            f"{one.name}，{one.body}，{one.reason}" for one in commendation.persons.filter(erased_at=None)
        ),
        **{
            f"{PREFIX}{one.project_id}:{one.organisation_id}": one.reason for one in commendation.bodies.all()
        },
    }


class CosignForm(forms.Form):
    due_at = forms.DateTimeField(label=_("会签期限"), widget=InstantInput)


class ConsentForm(forms.Form):
    content_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class DissentForm(ConsentForm):
    opinion = forms.CharField(label=_("意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(forms.Form):
    remark = forms.CharField(label=_("意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class IssueForm(OversizeAware):
    document_number = forms.CharField(label=_("发文字号"), max_length=60)
    dated_on = forms.DateField(label=_("成文日期"), widget=DateInput)
    sealed_copy = UploadField(
        label=_("盖章件"), allow=SEALED, required=False, help_text=_("不含个人名单附件")
    )
