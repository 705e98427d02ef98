"""Addresses of runs; `urls.py` of this room includes them."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

from qingyuan.audits.models import Dataset, Run
from qingyuan.audits.queries import dataset as datasets
from qingyuan.audits.queries.run import RELATED
from qingyuan.audits.rules import dataset as dataset_rules
from qingyuan.audits.rules import run as rules
from qingyuan.audits.views import adoption, quoting, report, run
from qingyuan.kernel.guards import sees
from qingyuan.pilots import rules as pilot_rules
from qingyuan.pilots.models import Pilot
from qingyuan.ui import navigation

_dataset = sees(Dataset, by=dataset_rules.reads_raw, arg="dataset", related=datasets.RELATED)
_run = sees(Run, by=rules.sees_run, arg="run", related=RELATED)
_pilot = sees(Pilot, by=pilot_rules.can_see_pilot, arg="pilot", related=("call", "applicant"))

urlpatterns = [
    path("datasets/<uuid:dataset>/runs/", _dataset(require_GET(run.runs)), name="runs"),
    path("datasets/<uuid:dataset>/runs/start/", _dataset(run.StartPage.as_view()), name="start-run"),
    path("runs/<uuid:run>/", _run(require_GET(run.run)), name="run"),
    path("runs/<uuid:run>/progress/", _run(require_GET(run.progress)), name="run-progress"),
    path("runs/<uuid:run>/files/<str:name>", _run(require_GET(run.file)), name="run-file"),
    path("runs/<uuid:run>/compare/", _run(require_GET(run.compare)), name="compare-runs"),
    path("runs/<uuid:run>/report/", _run(require_GET(report.page)), name="audit-report"),
    path("runs/<uuid:run>/report.docx", _run(require_GET(report.word)), name="audit-report-docx"),
    path("runs/<uuid:run>/cancel/", _run(run.CancelPage.as_view()), name="cancel-run"),
    path("runs/<uuid:run>/schemes/", _run(adoption.AdoptPage.as_view()), name="adopt-run"),
    path("runs/<uuid:run>/repeat/", _run(run.RepeatPage.as_view()), name="repeat-run"),
    path(
        "pilots/<uuid:pilot>/findings/",
        _pilot(require_http_methods(["GET", "HEAD", "POST"])(quoting.quotes)),
        name="quotes",
    ),
]
navigation.under("audits:datasets", (one for one in urlpatterns if one.name != "quotes"))
