"""Attachments: the list with the running size, one more, one less, and the way back to the file."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qingyuan.kernel import gate
from qingyuan.pilots import actions
from qingyuan.pilots.forms.files import AttachForm
from qingyuan.pilots.models import Attachment, Pilot
from qingyuan.pilots.views.frame import PartPage, size_of


def listed(pilot: Pilot, *, removable: bool) -> list[dict[str, Any]]:
    """All files with what the notice's questions they answer are called."""
    labels = {
        (condition.id, question.id): (condition.title, question.label)
        for condition in pilot.notice.conditions_for(pilot.category_id)
        for question in condition.questions
    }
    rows = []
    for attachment in pilot.attachments.select_related("upload"):
        condition, question = labels.get((attachment.condition_id, attachment.question_id), ("", ""))
        may_go = removable and (
            pilot.stage == Pilot.Stage.DRAFTING or attachment.purpose == Attachment.Purpose.SEAL
        )
        rows.append(
            {
                "attachment": attachment,
                "upload": attachment.upload,
                "condition": condition,
                "question": question,
                "url": reverse("pilots:download", args=[pilot.pk, attachment.pk]),
                "remove_url": reverse("pilots:detach", args=[pilot.pk, attachment.pk]) if may_go else "",
            }
        )
    return rows


def one(pilot: Pilot, pk: int) -> Attachment:
    attachment = pilot.attachments.select_related("upload").filter(pk=pk).first()
    if attachment is None:
        raise Http404
    return attachment


class AttachmentsPage(PartPage):
    verb = actions.attach
    form_class = AttachForm
    template_name = "pilots/attachments.html"
    part = "attachments"
    button = gettext_lazy("上传")
    done = gettext_lazy("附件已上传")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_initial(self) -> dict[str, Any]:
        signed = self.object.stage == Pilot.Stage.SIGNED
        return {"purpose": Attachment.Purpose.SEAL if signed else Attachment.Purpose.OTHER}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = form.cleaned_data
        return {
            "upload": gate.receive(clean["file"], by=self.request.user),
            "purpose": clean["purpose"],
            "title": clean["title"],
        }

    def get_context(self) -> dict[str, Any]:
        removable = actions.detach.allowed(self.request.user, self.object).ok
        files = listed(self.object, removable=removable)
        return {
            **super().get_context(),
            **size_of(self.object),
            "files": files,
            "removable": any(row["remove_url"] for row in files),
            "is_signed": self.object.stage == Pilot.Stage.SIGNED,
            "size_reading": self.object.notice.package.size,
        }


class DetachPage(PartPage):
    verb = actions.detach
    template_name = "pilots/detach.html"
    part = "attachments"
    danger = True
    button = gettext_lazy("移除")
    done = gettext_lazy("附件已移除")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.attachment: Attachment | None = None
        if not self._was_done(request.POST.get("key", "")[:80]):
            self.attachment = one(self.object, kwargs["attachment"])

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        del form
        return {"attachment_id": self.kwargs["attachment"]}

    def get_success_url(self, result: Any) -> str:
        del result
        back = self.request.POST.get("condition", "")
        known = {condition.id for condition in self.object.notice.conditions_for(self.object.category_id)}
        if back in known:
            return reverse("pilots:condition", args=[self.object.pk, back])
        return reverse("pilots:attachments", args=[self.object.pk])

    def get_cancel_url(self) -> str:
        if self.attachment is not None and self.attachment.condition_id:
            return reverse("pilots:condition", args=[self.object.pk, self.attachment.condition_id])
        return reverse("pilots:attachments", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "attachment": self.attachment}


def download(_request: HttpRequest, pilot: Pilot, attachment: int) -> FileResponse:
    return gate.serve(one(pilot, attachment).upload)
