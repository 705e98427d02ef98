"""Addresses of the results of a pilot."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.delivery.models import Output, OutputFile, Project
from qingyuan.delivery.queries.output import FILE_RELATED, OUTPUT_RELATED
from qingyuan.delivery.queries.project import RELATED
from qingyuan.delivery.rules import output as rules
from qingyuan.delivery.rules.project import sees_project
from qingyuan.delivery.views import output
from qingyuan.kernel.guards import sees
from qingyuan.ui import navigation

_project = sees(Project, by=sees_project, arg="project", related=RELATED)
_output = sees(Output, by=rules.sees_output, arg="output", related=OUTPUT_RELATED)
_file = sees(OutputFile, by=rules.sees_output_file, arg="file", related=FILE_RELATED)

urlpatterns = [
    path("projects/<uuid:project>/outputs/", _project(require_GET(output.outputs)), name="outputs"),
    path("projects/<uuid:project>/outputs/add/", _project(output.AddPage.as_view()), name="add-output"),
    path("projects/<uuid:project>/outputs.xlsx", _project(require_GET(output.workbook)), name="outputs-xlsx"),
    path("outputs/<uuid:output>/", _output(require_GET(output.output)), name="output"),
    path("outputs/<uuid:output>/arrange/", _output(output.ArrangePage.as_view()), name="arrange-output"),
    path("outputs/<uuid:output>/versions/add/", _output(output.VersionPage.as_view()), name="add-version"),
    path("outputs/<uuid:output>/hand-in/", _output(output.HandInPage.as_view()), name="hand-in-output"),
    path("outputs/<uuid:output>/accept/", _output(output.AcceptPage.as_view()), name="accept-output"),
    path("outputs/<uuid:output>/send-back/", _output(output.SendBackPage.as_view()), name="send-back-output"),
    path("outputs/<uuid:output>/mark/", _output(output.MarkPage.as_view()), name="mark-output"),
    path("outputs/<uuid:output>/drop/", _output(output.DropPage.as_view()), name="drop-output"),
    path("output-files/<uuid:file>/", _file(require_GET(output.file)), name="output-file"),
]
navigation.under("delivery:projects", urlpatterns)
