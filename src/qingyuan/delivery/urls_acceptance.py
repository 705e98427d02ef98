"""Addresses of evaluation and acceptance."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET, require_safe

from qingyuan.delivery.models import AcceptanceFiling, Project, Rectification
from qingyuan.delivery.queries.acceptance import FILING_RELATED, RECTIFICATION_RELATED
from qingyuan.delivery.queries.project import RELATED
from qingyuan.delivery.rules import acceptance as rules
from qingyuan.delivery.rules.project import sees_project
from qingyuan.delivery.views import acceptance, passed, rectification
from qingyuan.kernel.guards import public, sees
from qingyuan.review.models import Round
from qingyuan.review.rules import ground
from qingyuan.ui import navigation

_project = sees(Project, by=sees_project, arg="project", related=RELATED)
_with_end = sees(Project, by=sees_project, arg="project", related=(*RELATED, "conclusion__evidence"))
_filing = sees(AcceptanceFiling, by=rules.sees_filing, arg="filing", related=FILING_RELATED)
_mending = sees(
    Rectification, by=rules.sees_rectification, arg="rectification", related=RECTIFICATION_RELATED
)
_round = sees(Round, by=ground.sees_round, arg="round", related=("call__joint_body",))

urlpatterns = [
    path("passed/", public(require_safe(passed.passed)), name="passed"),
    path("passed/passed.json", public(require_safe(passed.data)), name="passed-json"),
    path("passed/feed.xml", public(require_safe(passed.feed)), name="passed-feed"),
    path("passed/list.xlsx", public(require_safe(passed.workbook)), name="passed-xlsx"),
    path("passed/list.docx", public(require_safe(passed.paper)), name="passed-docx"),
    path(
        "projects/<uuid:project>/acceptance/",
        _with_end(require_GET(acceptance.acceptance)),
        name="acceptance",
    ),
    path(
        "projects/<uuid:project>/acceptance/paper/",
        _project(require_GET(acceptance.conclusion_evidence)),
        name="conclusion-evidence",
    ),
    path("projects/<uuid:project>/conclude/", _project(acceptance.ConcludePage.as_view()), name="conclude"),
    path("projects/<uuid:project>/hand-in/", _project(acceptance.HandInPage.as_view()), name="hand-in"),
    path("filings/<uuid:filing>/", _filing(require_GET(acceptance.filing)), name="filing"),
    path(
        "filings/<uuid:filing>/report/", _filing(require_GET(acceptance.filing_report)), name="filing-report"
    ),
    path(
        "filings/<uuid:filing>/charts/<str:sha256>.png",
        _filing(require_GET(acceptance.filing_chart)),
        name="filing-chart",
    ),
    path(
        "filings/<uuid:filing>/report.docx",
        _filing(require_GET(acceptance.filing_paper)),
        name="filing-paper",
    ),
    path("filings/<uuid:filing>/take-in/", _filing(acceptance.TakeInPage.as_view()), name="take-in-filing"),
    path(
        "filings/<uuid:filing>/send-back/",
        _filing(acceptance.SendBackPage.as_view()),
        name="send-back-filing",
    ),
    path("review/rounds/<uuid:round>/filings/", _round(require_GET(acceptance.filings)), name="filings"),
    path(
        "rectifications/<uuid:rectification>/",
        _mending(require_GET(rectification.rectification)),
        name="rectification",
    ),
    path(
        "rectifications/<uuid:rectification>/evidence/<int:evidence>/",
        _mending(require_GET(rectification.evidence_file)),
        name="rectification-evidence",
    ),
    path(
        "rectifications/<uuid:rectification>/evidence/<int:evidence>/detach/",
        _mending(rectification.DetachPage.as_view()),
        name="detach-evidence",
    ),
    path(
        "rectifications/<uuid:rectification>/items/<int:number>/attach/",
        _mending(rectification.AttachPage.as_view()),
        name="attach-evidence",
    ),
    path(
        "rectifications/<uuid:rectification>/answer/",
        _mending(rectification.AnswerPage.as_view()),
        name="answer-rectification",
    ),
    path(
        "rectifications/<uuid:rectification>/accept/",
        _mending(rectification.AcceptPage.as_view()),
        name="accept-rectification",
    ),
    path(
        "rectifications/<uuid:rectification>/again/",
        _mending(rectification.AgainPage.as_view()),
        name="send-back-rectification",
    ),
    path(
        "rectifications/<uuid:rectification>/lapse/",
        _mending(rectification.LapsePage.as_view()),
        name="lapse-rectification",
    ),
]
navigation.under(
    "delivery:projects",
    (one for one in urlpatterns if str(one.pattern).startswith(("filings/", "rectifications/"))),
)
