"""Routes of bodies, experts, mail and tokens."""

from __future__ import annotations

from django.urls import include, path

from qingyuan.kernel.guards import sees, signed_in
from qingyuan.kernel.models import ApiToken, Mail
from qingyuan.people import rules
from qingyuan.people.models import Authorisation, Organisation
from qingyuan.people.views import authorisations, experts, mail, organisations, tokens

app_name = "people"
sees_organisation = sees(Organisation, by=rules.can_see_organisation, arg="organisation", related=("parent",))
sees_authorisation = sees(
    Authorisation,
    by=rules.is_party,
    arg="authorisation",
    related=("applicant", "service_body", "secrecy_agreement"),
)
sees_mail = sees(Mail, by=rules.sees_mail, arg="mail", related=("recipient",))
sees_token = sees(ApiToken, by=rules.owns_token, arg="token")

urlpatterns = [
    path("organisations/", signed_in(organisations.organisation_list), name="organisations"),
    path(
        "organisations/register/",
        signed_in(organisations.RegisterOrganisation.as_view()),
        name="register-organisation",
    ),
    path("organisations/joint/", signed_in(organisations.FormJointBody.as_view()), name="form-joint-body"),
    path(
        "organisations/<uuid:organisation>/",
        sees_organisation(organisations.organisation_page),
        name="organisation",
    ),
    path(
        "organisations/<uuid:organisation>/members/add/",
        sees_organisation(organisations.AddMember.as_view()),
        name="add-member",
    ),
    path(
        "organisations/<uuid:organisation>/members/remove/",
        sees_organisation(organisations.RemoveMember.as_view()),
        name="remove-member",
    ),
    path(
        "organisations/<uuid:organisation>/authorisations/grant/",
        sees_organisation(authorisations.GrantAuthorisation.as_view()),
        name="grant-authorisation",
    ),
    path(
        "authorisations/<uuid:authorisation>/end/",
        sees_authorisation(authorisations.EndAuthorisation.as_view()),
        name="end-authorisation",
    ),
    path(
        "authorisations/<uuid:authorisation>/secrecy-agreement/",
        sees_authorisation(authorisations.secrecy_agreement),
        name="secrecy-agreement",
    ),
    path("interests/", signed_in(experts.DeclareInterests.as_view()), name="interests"),
    path("", include("qingyuan.people.pool.urls")),
    path("experts/enrol/", signed_in(experts.EnrolExpert.as_view()), name="enrol-expert"),
    path("outbox/", signed_in(mail.outbox), name="outbox"),
    path("outbox/<uuid:mail>/", sees_mail(mail.mail_page), name="mail"),
    path("outbox/<uuid:mail>/release/", sees_mail(mail.ReleaseMail.as_view()), name="release-mail"),
    path("outbox/<uuid:mail>/discard/", sees_mail(mail.DiscardMail.as_view()), name="discard-mail"),
    path("tokens/", signed_in(tokens.token_list), name="tokens"),
    path("tokens/issue/", signed_in(tokens.IssueToken.as_view()), name="issue-token"),
    path("tokens/<uuid:token>/revoke/", sees_token(tokens.RevokeToken.as_view()), name="revoke-token"),
]
