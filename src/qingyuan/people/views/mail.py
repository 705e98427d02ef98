"""The outbox of one's bodies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.actions import verbs
from qingyuan.kernel.models import Mail
from qingyuan.people import actions, forms, queries
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage


def outbox(request: HttpRequest) -> HttpResponse:
    form = forms.OutboxFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = paginate(request, queries.outbox(request.user, **wanted))
    page.object_list = queries.mail_rows(page.object_list)  # type: ignore[assignment]
    return TemplateResponse(
        request, "people/outbox.html", {"page": page, "filter": form, "filtered": any(wanted.values())}
    )


def mail_page(request: HttpRequest, mail: Mail) -> HttpResponse:
    """The whole mail, as it goes or went out."""
    verb = verbs().get(mail.verb)
    context = {
        "mail": mail,
        "row": queries.mail_rows([mail])[0],
        "sender": queries.sender_of(mail, request.user),
        "occasion": verb.title if verb else mail.verb,
        "may_release": actions.release_mail.allowed(request.user, mail),
        "may_discard": actions.discard_mail.allowed(request.user, mail),
    }
    return TemplateResponse(request, "people/mail.html", context)


class MailVerb(VerbPage):
    template_name = "people/mail_verb.html"

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("people:mail", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.get_cancel_url(), "row": queries.mail_rows([self.object])[0]}


class ReleaseMail(MailVerb):
    verb = actions.release_mail
    explain = _("核对收件人、主题和正文后发出。发出后不能收回。")
    done = _("邮件已交付发送。")


class DiscardMail(MailVerb):
    verb = actions.discard_mail
    explain = _("不发送这封邮件。邮件留在发件箱备查，此后不能再发。")
    danger = True
    done = _("邮件已标为不予发送。")
