"""What the pages of one pilot share: the frame with its parts, and the forms that change a part."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import clock
from qingyuan.kernel.actions import Stale
from qingyuan.kernel.checks import Finding
from qingyuan.kernel.permission import Verdict
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.pilots import checks, joint, queries, returned
from qingyuan.pilots.models import Pilot
from qingyuan.ui.verbpage import VerbPage


def frame(pilot: Pilot, part: str, *, findings: list[Finding] | None = None) -> dict[str, Any]:
    """The context of every page inside a pilot; `part` is the key of the present one."""
    found = queries.findings_of(pilot) if findings is None else findings
    parts = queries.parts_of(pilot, found)
    return {
        "pilot": pilot,
        "call": pilot.call,
        "category": pilot.category,
        "parts": parts,
        "part": part,
        "findings": found,
        "part_findings": [finding for finding in found if finding.area == part],
        "stage_tone": queries.TONES[pilot.stage],
        "is_drafting": pilot.stage == Pilot.Stage.DRAFTING,
        "is_joint": joint.is_joint(pilot),
        "supplement_request": pilot.open_request,
        "asked_for": returned.named(pilot.open_request) if pilot.open_request else [],
    }


def show(
    request: HttpRequest,
    template: str,
    pilot: Pilot,
    part: str,
    *,
    status: int = HTTPStatus.OK,
    findings: list[Finding] | None = None,
    **more: Any,
) -> HttpResponse:
    """A page of a pilot that only shows."""
    context = {**frame(pilot, part, findings=findings), **more}
    return TemplateResponse(request, template, context, status=int(status))


def size_of(pilot: Pilot) -> dict[str, int]:
    """The running size of the package against the notice's limit, in bytes."""
    return {"package_size": checks.package_size(pilot), "package_limit": pilot.notice.package.size.max_bytes}


class PilotVerbPage(VerbPage):
    """A step of the sign-off inside the pilot's frame."""

    part = "overview"
    template_name = "pilots/verb.html"
    object: Pilot

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("pilots:pilot", args=[self.object.pk])

    def get_cancel_url(self) -> str:
        return reverse("pilots:pilot", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return frame(self.object, self.part)


class PartPage(PilotVerbPage):
    """A part that is filled in on its own page. Who may not write, or comes too late, reads it instead.

    Several people work on an application at once: a save is refused only if this very part was changed since the
    page was opened, not because somebody added an enterprise elsewhere.
    """

    form_id = "part-form"
    asked_part = ""
    """The key that a 退回补充完善 names, where it is not the part's own."""

    def get_state(self) -> Any:
        """What stands in this part now, as canonical JSON data; None where a save adds and cannot overwrite."""
        return None

    def get_cancel_url(self) -> str:
        return ""

    def seen(self) -> str:
        return sha256_hex(canonical_bytes(self.get_state()))[:16]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        verdict = self.verb.allowed(request.user, self.object)
        # Files: the stamped page of a new version is always in order, and the verb judges the others one by one.
        part = "" if self.part == "attachments" else self.asked_part or self.part
        if verdict and (closed := returned.why_not(self.object, now=clock.now(), part=part)):
            verdict = Verdict(ok=False, reasons=(closed,))
        return self.render(self.get_form() if verdict else None, verdict=verdict)

    def _expected(self, request: HttpRequest) -> int | None:
        """Refuse what was written on top of an older state of this part; then hold the revision that was judged."""
        if self.get_state() is None or self._was_done(request.POST.get("key", "")[:80]):
            return None
        if request.POST.get("seen", "") not in {"", self.seen()}:
            raise Stale(
                _(
                    "您打开页面之后，他人修改过这一部分。您填写的内容都保留在下面，请与现在保存的内容核对后再存"
                )
            )
        return self.object.revision

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "seen": self.seen(), "form_id": self.form_id}

    def get_success_url(self, result: Any) -> str:
        del result
        return self.request.get_full_path()
