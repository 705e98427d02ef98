"""Addresses of the field log; `urls.py` of this room includes them. The worker serves only addresses below its own."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qingyuan.audits.models import Dataset, FieldPhoto
from qingyuan.audits.queries.dataset import RELATED
from qingyuan.audits.rules import dataset as rules
from qingyuan.audits.views import fieldlog
from qingyuan.kernel import offline
from qingyuan.kernel.guards import public, sees
from qingyuan.ui import navigation

_raw = sees(Dataset, by=rules.reads_raw, arg="dataset", related=RELATED)
_photo = sees(
    FieldPhoto,
    by=rules.sees_field_photo,
    arg="photo",
    related=("upload", *(f"dataset__{name}" for name in RELATED)),
)

urlpatterns = [
    path("field-log/worker.js", public(require_GET(offline.worker)), name="field-worker"),
    path("field-log/<uuid:dataset>/", _raw(require_GET(fieldlog.page)), name="field-log"),
    path("field-log/<uuid:dataset>/plan.xlsx", _raw(require_GET(fieldlog.plan)), name="field-plan-xlsx"),
    path("field-log/<uuid:dataset>/<slug:item>/", _raw(require_POST(fieldlog.write)), name="field-write"),
    path(
        "field-log/<uuid:dataset>/<slug:item>/photos/",
        _raw(require_POST(fieldlog.photo)),
        name="field-add-photo",
    ),
    path("field-photos/<uuid:photo>/", _photo(require_GET(fieldlog.picture)), name="field-photo"),
]
navigation.under("audits:datasets", urlpatterns)
