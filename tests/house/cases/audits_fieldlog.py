"""The field log for the matrix of routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qingyuan.audits import fieldlog
from qingyuan.audits.models import FieldPhoto
from qingyuan.kernel import offline
from tests.dataset_maker import dataset_in
from tests.visit_maker import photo_file


def photo_in(maker: Any) -> FieldPhoto:
    dataset, by = dataset_in(maker, "ready"), maker.world.park_handler
    writing = fieldlog.Writing(kind="seen", text="演示：现场所见", base=0, key="entry")
    fieldlog.write(dataset, 1, writing, by=by)
    shot = offline.Shot(data=photo_file(), name="演示.jpg", key="photo", consent=False)
    return FieldPhoto.objects.get(pk=fieldlog.add_photo(dataset, 1, shot, by=by)["photo"])


OBJECTS: dict[str, Callable[[Any, str], Any]] = {}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {}
MAY: dict[str, set[str]] = {}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {"audits.fieldphoto": photo_in}
