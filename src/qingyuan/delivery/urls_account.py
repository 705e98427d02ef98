"""Addresses of the account of the innovation."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.delivery.models import AccountStatement, EffortEntry, Project
from qingyuan.delivery.queries.account import EFFORT_RELATED
from qingyuan.delivery.queries.project import RELATED
from qingyuan.delivery.rules import account as rules
from qingyuan.delivery.rules.project import handles_project, sees_project
from qingyuan.delivery.views import account
from qingyuan.kernel.guards import public, sees, signed_in
from qingyuan.ui import navigation

_project = sees(Project, by=sees_project, arg="project", related=RELATED)
_own = sees(Project, by=handles_project, arg="project", related=RELATED)
_effort = sees(EffortEntry, by=rules.sees_effort, arg="effort", related=("evidence", *EFFORT_RELATED))
_statement = sees(AccountStatement, by=rules.sees_statement, arg="statement", related=EFFORT_RELATED)

urlpatterns = [
    path("innovation-accounts/", signed_in(require_GET(account.accounts)), name="accounts"),
    path("statistics/innovation/", public(require_GET(account.public_totals)), name="public-account"),
    path("projects/<uuid:project>/account/", _project(require_GET(account.account)), name="account"),
    path(
        "projects/<uuid:project>/account/chart.svg",
        _project(require_GET(account.chart_svg)),
        name="account-svg",
    ),
    path(
        "projects/<uuid:project>/account/chart.png",
        _project(require_GET(account.chart_png)),
        name="account-png",
    ),
    path(
        "projects/<uuid:project>/account.xlsx", _project(require_GET(account.workbook)), name="account-xlsx"
    ),
    path(
        "projects/<uuid:project>/account/workbench.xlsx",
        _project(require_GET(account.workbench_workbook)),
        name="workbench-xlsx",
    ),
    path("projects/<uuid:project>/account/log/", _project(require_GET(account.log)), name="account-log"),
    path("projects/<uuid:project>/account/log/add/", _project(account.LogPage.as_view()), name="log-effort"),
    path(
        "projects/<uuid:project>/account/log/import/",
        _project(account.ImportPage.as_view()),
        name="import-efforts",
    ),
    path(
        "projects/<uuid:project>/account/log/template.xlsx",
        _project(require_GET(account.template)),
        name="efforts-template",
    ),
    path(
        "projects/<uuid:project>/account/log/<uuid:upload>/marked.xlsx",
        _own(require_GET(account.marked)),
        name="marked-efforts",
    ),
    path("projects/<uuid:project>/account/assume/", _project(account.AssumePage.as_view()), name="assume"),
    path(
        "projects/<uuid:project>/account/coverage/",
        _project(account.CoveragePage.as_view()),
        name="state-coverage",
    ),
    path(
        "projects/<uuid:project>/account/declare/",
        _project(account.DeclarePage.as_view()),
        name="declare-log",
    ),
    path(
        "projects/<uuid:project>/account/state/", _project(account.StatePage.as_view()), name="state-account"
    ),
    path("efforts/<uuid:effort>/evidence/", _effort(require_GET(account.evidence)), name="effort-evidence"),
    path("efforts/<uuid:effort>/void/", _effort(account.VoidPage.as_view()), name="void-effort"),
    path(
        "account-statements/<uuid:statement>/release/",
        _statement(account.ReleasePage.as_view()),
        name="release-statement",
    ),
    path(
        "account-statements/<uuid:statement>/retract/",
        _statement(account.RetractPage.as_view()),
        name="retract-statement",
    ),
]
navigation.under("delivery:accounts", (one for one in urlpatterns if one.name != "public-account"))
