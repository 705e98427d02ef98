"""What writing without a network needs wherever it happens: changes that come late and twice, photos from a device.

The page is kept by a service worker and the changes by IndexedDB (frontend/src/visit.js): each change carries a key that
the device made, and the revision on which it was made. A room adds its own rows and rights.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from qingyuan.kernel import gate
from qingyuan.kernel.errors import Stale
from qingyuan.kernel.gate import exif
from qingyuan.kernel.models import Upload

PICTURES = frozenset({"jpg", "png"})
PERMISSIONS = (
    "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)
"""Of the pages that may ask for the camera and the place."""


class Conflict(Stale):
    """Somebody else answered the same claim since: `theirs` is what stands, `yours` what arrived."""

    code = "conflict"

    def __init__(self, *, theirs: dict[str, Any], yours: dict[str, Any]) -> None:
        super().__init__(_("他人已经改过这一条，请对照两份内容后决定"))
        self.theirs, self.yours = theirs, yours

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), "theirs": self.theirs, "yours": self.yours}


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A photo from a device: `place` as the device says it, used where the file says none."""

    data: bytes
    name: str
    key: str
    consent: bool
    taken_at: datetime | None = None
    place: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A photo that has passed the gate. Its place only with consent."""

    upload: Upload
    taken_at: datetime | None
    latitude: Decimal | None
    longitude: Decimal | None


def take(shot: Shot, *, by: Any) -> Taken:
    """Through the gate. Without consent to the place, the file itself is stored without it."""
    facts = exif.read(shot.data)
    data = shot.data if shot.consent else exif.strip(shot.data)
    upload = gate.receive(io.BytesIO(data), by=by, name=shot.name, allow=PICTURES)
    latitude, longitude = facts.latitude, facts.longitude
    if latitude is None and shot.place:
        latitude, longitude = shot.place
    return Taken(
        upload=upload,
        taken_at=facts.taken_at or shot.taken_at,
        latitude=latitude if shot.consent else None,
        longitude=longitude if shot.consent else None,
    )


# --- what views share


def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker; it stands at this address because it may only serve addresses below its own."""
    found = finders.find("ui/dist/visit-worker.js")
    if not found:
        raise Http404
    response = HttpResponse(Path(str(found)).read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def is_program(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def instant(text: str) -> Any:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def place(latitude: str, longitude: str) -> tuple[Decimal, Decimal] | None:
    try:
        found = Decimal(latitude[:20]), Decimal(longitude[:20])
    except InvalidOperation:
        return None
    if not all(one.is_finite() for one in found) or abs(found[0]) > 90 or abs(found[1]) > 180:
        return None
    return found[0].quantize(Decimal("0.000001")), found[1].quantize(Decimal("0.000001"))
