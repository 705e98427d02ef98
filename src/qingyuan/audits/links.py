"""Links by which an enterprise without an account fills in its own sheet.

The secret is a keyed hash of the sheet and the number of the link: the database holds only its SHA-256, and a mail that
waits in the outbox only a mark in its place; the secret is made when the mail leaves.
"""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac

from qingyuan.audits.models import EnterpriseSheet
from qingyuan.kernel import clock, outbox

SESSION = "audits.sheet"
MARK = "fill-link"
RELATED = ("dataset__pilot__call__joint_body", "dataset__pilot__applicant", "enterprise", "guest")


def secret_of(sheet: EnterpriseSheet) -> str:
    """The secret of the sheet's present link."""
    words = f"{sheet.pk}:{sheet.link_number}"
    return salted_hmac("qingyuan.audits.sheet", words, algorithm="sha256").hexdigest()


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def address_of(sheet: EnterpriseSheet) -> str:
    """The whole link, as a mail says it: under the first origin of the installation, else its first host."""
    origins, hosts = settings.CSRF_TRUSTED_ORIGINS, settings.ALLOWED_HOSTS
    scheme = "https" if settings.HTTPS else "http"
    origin = origins[0] if origins else f"{scheme}://{hosts[0] if hosts else 'localhost'}"
    return origin.rstrip("/") + reverse("audits:enter", args=[secret_of(sheet)])


def found(digest: str) -> EnterpriseSheet | None:
    """The sheet of a link that is in force."""
    if len(digest) != hashlib.sha256().digest_size * 2:
        return None
    sheet = EnterpriseSheet.objects.select_related(*RELATED).filter(link_digest=digest).first()
    if sheet is None or sheet.link_expires_at is None or sheet.link_expires_at <= clock.now():
        return None
    return sheet


def enter(request: HttpRequest, secret: str) -> EnterpriseSheet | None:
    """Take a link into the visitor's session; the secret stands in no address afterwards."""
    sheet = found(digest_of(secret))
    if sheet is not None:
        request.session.cycle_key()
        request.session[SESSION] = sheet.link_digest
    return sheet


def of_session(request: HttpRequest) -> EnterpriseSheet | None:
    """Asked anew with every request: a link that was revoked or has expired opens nothing any more."""
    return found(str(request.session.get(SESSION, "")))


def filler_of(sheet: EnterpriseSheet) -> Any:
    """Whoever has come by the link of this sheet, and of this one only."""
    guest: Any = sheet.guest
    guest.link_sheet = sheet.pk
    return guest


def _in_mail(reference: str, address: str) -> str:
    try:
        sheet = EnterpriseSheet.objects.filter(pk=UUID(reference)).first()
    except ValueError:
        return ""
    # A mail to any other mailbox never carries the link, whatever its text says.
    if sheet is None or not sheet.link_digest or sheet.address != address:
        return ""
    return address_of(sheet)


outbox.register_late(MARK, _in_mail)
