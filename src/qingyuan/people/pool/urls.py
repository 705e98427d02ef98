"""Routes of the pool, inside the namespace of people."""

from __future__ import annotations

from django.urls import path

from qingyuan.kernel.guards import sees, signed_in
from qingyuan.people.models import Expert, Organisation
from qingyuan.people.pool import rules, views

sees_expert = sees(Expert, by=rules.can_see_expert, arg="expert", related=("user", "employer", "keeper"))
sees_keeper = sees(Organisation, by=rules.keeps_pool, arg="organisation")

urlpatterns = [
    path("experts/", signed_in(views.expert_list), name="experts"),
    path("experts/list.xlsx", signed_in(views.export), name="experts-xlsx"),
    path("experts/template.xlsx", signed_in(views.template), name="experts-template"),
    path("experts/<uuid:expert>/", sees_expert(views.expert_page), name="expert"),
    path("experts/<uuid:expert>/describe/", sees_expert(views.Describe.as_view()), name="describe-expert"),
    path("experts/<uuid:expert>/rest/", sees_expert(views.Rest.as_view()), name="rest-expert"),
    path("experts/<uuid:expert>/restore/", sees_expert(views.Restore.as_view()), name="restore-expert"),
    path(
        "organisations/<uuid:organisation>/experts/add/",
        sees_keeper(views.Admit.as_view()),
        name="admit-expert",
    ),
    path(
        "organisations/<uuid:organisation>/experts/import/",
        sees_keeper(views.Import.as_view()),
        name="import-experts",
    ),
    path(
        "organisations/<uuid:organisation>/experts/import/<uuid:upload>/marked.xlsx",
        sees_keeper(views.marked),
        name="pool-marked",
    ),
]
