"""Papers in one go: the dossier of a case, its binding kits, the archive volume of a round."""

from __future__ import annotations

from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel import clock
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.names import clean_name
from qingyuan.review import actions, archive, binding
from qingyuan.review.models import Case, Round
from qingyuan.review.views.frame import RoundVerbPage, attached, docx, show


def _zip(handle: IO[bytes], name: str) -> FileResponse:
    response = FileResponse(
        handle, as_attachment=True, filename=clean_name(name), content_type="application/zip"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def papers(request: HttpRequest, case: Case) -> HttpResponse:
    """Everything that the dossier of this case holds, and the volumes to bind."""
    bound = [
        (notice.title, delivery, binding.volume(case, notice, delivery))
        for notice, delivery in binding.deliveries(case)
    ]
    return show(
        request, "review/archive/case.html", case, "papers", papers=archive.of_case(case), bound=bound
    )


def dossier(_request: HttpRequest, case: Case) -> FileResponse:
    return _zip(archive.case_zip(case), f"卷宗_{case.label}_{case.title}.zip")


def kit(_request: HttpRequest, case: Case, delivery: str) -> HttpResponse:
    """Cover, spine and binding order of one paper delivery."""
    made = binding.kit(case, delivery, on=clock.local(clock.now()).date())
    if made is None:
        return HttpResponseRedirect(reverse("review:case-papers", args=[case.pk]))
    name, content = made
    return docx(content, name)


def round_archive(request: HttpRequest, **kwargs: Round) -> HttpResponse:
    """The archive directory of a round as it stands at this moment."""
    round_ = kwargs["round"]
    context = {
        "round": round_,
        "entries": archive.directory(round_),
        "note": archive.RETENTION_NOTE,
        "may_archive": actions.archive.allowed(request.user, round_).ok,
    }
    return TemplateResponse(request, "review/archive/round.html", context)


def directory_docx(_request: HttpRequest, **kwargs: Round) -> HttpResponse:
    return docx(archive.directory_docx(kwargs["round"]), f"归档目录_{kwargs['round']}.docx")


def directory_xlsx(_request: HttpRequest, **kwargs: Round) -> HttpResponse:
    round_ = kwargs["round"]
    return attached(archive.directory_xlsx(round_), f"归档目录_{round_}.xlsx", ACCEPTED["xlsx"].media_type)


def volume(_request: HttpRequest, **kwargs: Round) -> FileResponse:
    return _zip(archive.round_zip(kwargs["round"]), f"归档卷_{kwargs['round']}.zip")


class ArchivePage(RoundVerbPage):
    verb = actions.archive
    statement = _("归档之后，本轮评审不再办理任何事项。")

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("review:archive", args=[self.object.pk])
