"""The root of all routes. Every view of ours carries a guard; allauth's own are listed by the test of all routes."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_GET, require_POST, require_safe
from django.views.i18n import set_language

from qingyuan.kernel.guards import public, signed_in
from qingyuan.site import demo_roles, views, views_statistics, why_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", public(views.home), name="home"),
    path("healthz", public(views.health), name="healthz"),
    path("notices/", public(views.notices), name="notices"),
    path("notices/<slug:notice>/", public(views.notice), name="notice"),
    path("clauses/", public(views.clauses), name="clauses"),
    path("ledger/", public(views.ledger_heads), name="ledger"),
    path("ledger/check/", public(views.LedgerCheck.as_view()), name="ledger-check"),
    path("statistics/", public(require_safe(views_statistics.page)), name="statistics"),
    path(
        "statistics/<slug:chart>.svg", public(require_safe(views_statistics.chart)), name="statistics-chart"
    ),
    path("operations/why/", signed_in(require_GET(why_page.page)), name="why"),
    path("i18n/setlang/", public(require_POST(set_language)), name="set_language"),
    path("demo/act-as/", public(require_POST(demo_roles.act_as)), name="demo-act-as"),
    path("accounts/login/", public(demo_roles.LoginPage.as_view()), name="account_login"),
    # Nobody changes the address of an account alone: roles are given to addresses (people.actions.add_member).
    path("accounts/email/", public(views.closed), name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("", include("qingyuan.people.urls")),
    path("", include("qingyuan.calls.urls")),
    path("", include("qingyuan.registry.urls")),
    path("", include("qingyuan.pilots.urls")),
    path("", include("qingyuan.audits.urls")),
    path("", include("qingyuan.review.urls")),
    path("", include("qingyuan.delivery.urls")),
    path("api/v1/", include("qingyuan.api.urls")),
]
