"""Routes of calls and supplementary notices."""

from __future__ import annotations

from django.urls import path

from qingyuan.calls import rules
from qingyuan.calls.models import Call, Supplement
from qingyuan.calls.views import reading, verbs
from qingyuan.kernel.guards import sees, signed_in
from qingyuan.people.models import JointBody

app_name = "calls"
sees_call = sees(Call, by=rules.can_see_call, arg="call", related=("joint_body", "parent"))
sees_supplement = sees(
    Supplement, by=rules.can_see_supplement, arg="supplement", related=("call", "call__joint_body")
)
hosts = sees(JointBody, by=rules.handles_for_host, arg="joint_body")

urlpatterns = [
    path("calls/", signed_in(reading.call_list), name="list"),
    path("calls/prepare/", signed_in(verbs.choose_notice), name="prepare"),
    path(
        "calls/prepare/<uuid:joint_body>/<slug:notice>/", hosts(verbs.Prepare.as_view()), name="prepare-from"
    ),
    path("calls/<uuid:call>/", sees_call(reading.call_page), name="call"),
    path("calls/<uuid:call>/revise/", sees_call(verbs.Revise.as_view()), name="revise"),
    path(
        "calls/<uuid:call>/send-for-cosign/", sees_call(verbs.SendForCosign.as_view()), name="send-for-cosign"
    ),
    path("calls/<uuid:call>/consent/", sees_call(verbs.GiveConsent.as_view()), name="consent"),
    path("calls/<uuid:call>/return/", sees_call(verbs.ReturnToDraft.as_view()), name="return-to-draft"),
    path("calls/<uuid:call>/publish/", sees_call(verbs.Publish.as_view()), name="publish"),
    path(
        "calls/<uuid:call>/supplements/propose/",
        sees_call(verbs.ProposeSupplement.as_view()),
        name="propose-supplement",
    ),
    path("supplements/<uuid:supplement>/", sees_supplement(reading.supplement_page), name="supplement"),
    path(
        "supplements/<uuid:supplement>/consent/",
        sees_supplement(verbs.ConsentToSupplement.as_view()),
        name="consent-to-supplement",
    ),
    path(
        "supplements/<uuid:supplement>/issue/",
        sees_supplement(verbs.IssueSupplement.as_view()),
        name="issue-supplement",
    ),
    path(
        "supplements/<uuid:supplement>/drop/",
        sees_supplement(verbs.DropSupplement.as_view()),
        name="drop-supplement",
    ),
]
