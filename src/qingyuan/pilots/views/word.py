"""Word both ways: the outline to write in, and a filled-in file taken back chapter by chapter."""

from __future__ import annotations

import io
import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from qingyuan.kernel import clock, gate
from qingyuan.kernel.models import Upload
from qingyuan.papers.package import clean_path
from qingyuan.papers.plan_outline import write_outline
from qingyuan.papers.plan_read import Reading, Unreadable
from qingyuan.pilots import word_import
from qingyuan.pilots.forms.word import DOCX, PlanFileForm
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.views.frame import frame
from qingyuan.pilots.views.plan import DOCX as DOCX_TYPE
from qingyuan.pilots.views.plan import may_write


def outline_docx(_request: HttpRequest, pilot: Pilot) -> FileResponse:
    """The notice's outline with its guidance, to write in."""
    title = pilot.notice.outline.title.strip("《》")
    document = write_outline(
        title=title,
        applicant=pilot.applicant.name,
        notice=pilot.notice.title,
        on=clock.local(clock.now()).date(),
        headings=word_import.outline_file(pilot),
    )
    name = clean_path(f"{title}（大纲）.docx")
    return FileResponse(io.BytesIO(document), as_attachment=True, filename=name, content_type=DOCX_TYPE)


class UploadPage(View):
    """Hand the file in; it is read on the next page, and nothing is changed before a choice there."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, pilot: Pilot) -> HttpResponse:
        return self.render(request, pilot, PlanFileForm())

    def post(self, request: HttpRequest, pilot: Pilot) -> HttpResponse:
        form = PlanFileForm(request.POST, request.FILES, request=request)
        if not may_write(request.user, pilot):
            return self.render(request, pilot, form, status=HTTPStatus.FORBIDDEN)
        if not form.is_valid():
            return self.render(request, pilot, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        upload = gate.receive(form.cleaned_data["file"], by=request.user, allow=DOCX)
        return HttpResponseRedirect(reverse("pilots:word-import", args=[pilot.pk, upload.pk]))

    def render(
        self, request: HttpRequest, pilot: Pilot, form: PlanFileForm, *, status: int = HTTPStatus.OK
    ) -> HttpResponse:
        context = {**frame(pilot, "plan"), "form": form, "verdict": may_write(request.user, pilot)}
        return TemplateResponse(request, "pilots/word.html", context, status=int(status))


class ImportPage(View):
    """What the file would change, chapter by chapter; taking is a choice for each. Only for who uploaded it."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pilot: Pilot = kwargs["pilot"]
        upload = Upload.objects.filter(pk=kwargs["upload"], uploaded_by_id=request.user.pk).first()
        if upload is None:
            raise Http404
        self.upload = upload
        self.reading, self.unreadable = self._read()

    def _read(self) -> tuple[Reading | None, str]:
        if not self.upload.is_readable:
            return None, _("文件%s，请稍后刷新本页") % self.upload.get_stage_display()
        try:
            return word_import.read(self.pilot, self.upload), ""
        except Unreadable as error:
            return None, str(error)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.render(request)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if self.reading is None or not may_write(request.user, self.pilot):
            return self.render(request, status=HTTPStatus.CONFLICT)
        typed = self._typed(request)
        taken = word_import.take(
            self.pilot,
            self.reading,
            chosen=[*request.POST.getlist("take"), *typed],
            placed=self._placed(request),
            revisions=self._revisions(request),
            typed=typed,
            by=request.user,
            key=request.POST.get("key", "") or str(uuid.uuid4()),
        )
        for note in taken.notes:
            messages.warning(request, note)
        if taken.saved:
            count = len(taken.saved)
            messages.success(request, ngettext("已带入 %d 节", "已带入 %d 节", count) % count)
        if taken.refused:
            self.reading, self.unreadable = self._read()
            return self.render(request, refused=list(taken.refused.values()), status=HTTPStatus.CONFLICT)
        if not taken.saved:
            messages.info(request, _("没有选择要带入的章节，方案没有改动"))
            return HttpResponseRedirect(request.path)
        return HttpResponseRedirect(reverse("pilots:plan", args=[self.pilot.pk]))

    def _placed(self, request: HttpRequest) -> dict[int, str]:
        assert self.reading is not None
        chosen = {
            number: request.POST.get(f"place-{number}", "") for number in range(len(self.reading.unknown))
        }
        return {number: target for number, target in chosen.items() if target}

    @staticmethod
    def _typed(request: HttpRequest) -> dict[str, set[int]]:
        """Quoted figures whose text in the file was chosen: CHAPTER:NUMBER."""
        found: dict[str, set[int]] = {}
        for value in request.POST.getlist("typed"):
            chapter, _colon, number = value.rpartition(":")
            if number.isascii() and number.isdecimal() and len(number) < 6:
                found.setdefault(chapter, set()).add(int(number))
        return found

    def _revisions(self, request: HttpRequest) -> dict[str, int]:
        found = {}
        for heading in word_import.outline_of(self.pilot):
            value = request.POST.get(f"revision-{heading.id}", "")
            if value.isascii() and value.isdecimal() and len(value) < 10:
                found[heading.id] = int(value)
        return found

    def render(
        self, request: HttpRequest, *, refused: list[str] | None = None, status: int = HTTPStatus.OK
    ) -> HttpResponse:
        context = {
            **frame(self.pilot, "plan"),
            "verdict": may_write(request.user, self.pilot),
            "upload": self.upload,
            "unreadable": self.unreadable,
            "refused": refused or [],
            "key": uuid.uuid4(),
        }
        if self.reading is not None:
            found, same = word_import.differences(self.pilot, self.reading)
            headings = [heading for heading in word_import.outline_of(self.pilot) if heading.written]
            context |= {
                "reading": self.reading,
                "differences": found,
                "same": same,
                "headings": headings,
                "revisions": dict(self.pilot.chapters.values_list("outline_id", "revision")),
            }
        return TemplateResponse(request, "pilots/word_import.html", context, status=int(status))
