"""协同组织 of a pilot in a region or basin: parties, meetings, and the agreement."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from qingyuan.kernel import gate
from qingyuan.pilots import actions, joint
from qingyuan.pilots.forms.joint import AgreementForm, JointForm
from qingyuan.pilots.models import Attachment
from qingyuan.pilots.views.attachments import listed
from qingyuan.pilots.views.frame import PartPage


class JointPage(PartPage):
    verb = actions.organise_jointly
    template_name = "pilots/joint.html"
    part = "object"
    asked_part = "joint"
    button = gettext_lazy("保存协同组织")
    done = gettext_lazy("协同组织已保存")

    def get_state(self) -> Any:
        return joint.data_of(self.object) or {}

    def get_form(self) -> Any:
        return JointForm(self.request.POST if self.request.method == "POST" else None, pilot=self.object)

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return dict(form.arguments())

    def get_context(self) -> dict[str, Any]:
        removable = actions.detach.allowed(self.request.user, self.object).ok
        return {
            **super().get_context(),
            "parties": list(self.object.parties.all()),
            "meetings": list(self.object.meetings.all()),
            "may_attach": actions.attach.allowed(self.request.user, self.object).ok,
            "agreements": [
                row
                for row in listed(self.object, removable=removable)
                if row["attachment"].purpose == Attachment.Purpose.AGREEMENT
            ],
        }


class AgreementPage(PartPage):
    verb = actions.attach
    form_class = AgreementForm
    template_name = "pilots/agreement.html"
    part = "object"
    asked_part = "joint"
    title = gettext_lazy("上传协同审核协议")
    button = gettext_lazy("上传")
    done = gettext_lazy("协议已上传")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = form.cleaned_data
        return {
            "upload": gate.receive(clean["file"], by=self.request.user),
            "purpose": Attachment.Purpose.AGREEMENT,
            "title": clean["title"],
        }

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("pilots:joint", args=[self.object.pk])
