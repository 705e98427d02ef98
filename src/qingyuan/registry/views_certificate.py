"""Certificates: looked up by anybody who holds the code, printed, and as a Word file."""

from __future__ import annotations

import io
from http import HTTPStatus
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from qingyuan.kernel import throttle
from qingyuan.papers import certificate_docx, qr
from qingyuan.registry import certificates, codes, queries
from qingyuan.registry.certificates import Checked

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LOOKS_A_MINUTE = 30


def search(request: HttpRequest) -> HttpResponse:
    """A code typed by hand; a right one leads to its page."""
    typed = request.GET.get("code", "").strip()[:60]
    context: dict[str, Any] = {"code": typed}
    status = HTTPStatus.OK
    if typed and _too_many(request):
        context["too_many"], status = True, HTTPStatus.TOO_MANY_REQUESTS
    elif typed and (found := certificates.checked(typed)):
        return HttpResponseRedirect(reverse("registry:certificate", args=[found.code]))
    elif typed:
        context["unknown"] = True
        context["mistyped"] = not codes.read(typed)
    return TemplateResponse(request, "registry/certificates.html", context, status=status)


def show(request: HttpRequest, audit_certificate: str) -> HttpResponse:
    """Whether it holds, what it says, who registered it: the printable page."""
    found = _checked(request, audit_certificate)
    if found is None:
        return _brake(request, audit_certificate)
    address = _address(request, found)
    return TemplateResponse(
        request,
        "registry/certificate.html",
        {
            "found": found,
            "certificate": found.certificate,
            "record": found.record,
            "address": address,
            # Our own drawing; the address in it is ours and its label is escaped.
            "qr": mark_safe(qr.svg(address, alt=_("核验地址：%s") % address)),  # noqa: S308
        },
    )


def word(request: HttpRequest, audit_certificate: str) -> HttpResponse | FileResponse:
    """The certificate as a Word file; none of a revoked one."""
    found = _checked(request, audit_certificate)
    if found is None:
        return _brake(request, audit_certificate)
    if not found.is_valid:
        raise Http404
    one = found.certificate
    data = certificate_docx.write_certificate(
        certificate_docx.Certificate(
            code=found.code,
            holder=one.holder_name,
            credit_code=one.holder_code,
            pilot=one.pilot,
            list_title=one.list_title,
            document_number=one.document_number,
            listed_on=one.listed_on,
            completed_on=found.record.completed_on,
            next_due=one.next_due,
            basis=found.basis,
            next_basis=found.next_basis,
            issuer=one.issuer_name,
            issued_on=queries.day_of(one.issued_at),
            verify_at=_address(request, found),
        )
    )
    name = f"视同审核证书 {found.code}.docx"
    return FileResponse(io.BytesIO(data), as_attachment=True, filename=name, content_type=DOCX)


def _too_many(request: HttpRequest) -> bool:
    return throttle.too_many(request, what="certificate", limit=LOOKS_A_MINUTE)


def _checked(request: HttpRequest, code: str) -> Checked | None:
    """None: too many asked from this address. 404 for a code that is nobody's."""
    if _too_many(request):
        return None
    found = certificates.checked(code)
    if found is None:
        raise Http404
    return found


def _brake(request: HttpRequest, code: str) -> HttpResponse:
    context = {"code": code, "too_many": True}
    return TemplateResponse(
        request, "registry/certificates.html", context, status=HTTPStatus.TOO_MANY_REQUESTS
    )


def _address(request: HttpRequest, found: Checked) -> str:
    return request.build_absolute_uri(reverse("registry:certificate", args=[found.code]))
