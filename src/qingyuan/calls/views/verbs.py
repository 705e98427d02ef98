"""Acting on calls: prepare, consult, publish, extend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.calls import actions, forms, mails, participants, preparing, queries
from qingyuan.calls.models import Call
from qingyuan.calls.notices import known_notices
from qingyuan.kernel.permission import Verdict
from qingyuan.ui.templatetags.ui import until
from qingyuan.ui.verbpage import VerbPage


def choose_notice(request: HttpRequest) -> HttpResponse:
    """The notices that one's joint bodies can put to work."""
    bodies = preparing.hosted(request.user)
    context = {"offers": preparing.offers(bodies), "hosted": bodies}
    return TemplateResponse(request, "calls/choose_notice.html", context, status=200 if bodies else 403)


class Prepare(VerbPage):
    verb = actions.prepare
    object_arg = "joint_body"
    form_class = forms.CallForm
    template_name = "calls/prepare.html"
    explain = _(
        "类别、条件、大纲、日程都取自通知文件。这里只定起止时间、发送范围、收件邮箱和可选环节；拟好后送会签，会签齐备才能发布。"
    )
    button = _("存为草稿")
    done = _("草稿已拟好，请核对后送会签。")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        notice = known_notices().get(kwargs["notice"])
        if notice is None or not preparing.fits(notice, self.object):
            raise Http404
        self.notice = notice
        self.parent = preparing.parent_call(notice)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        made = Call.objects.filter(notice_id=self.notice.id, joint_body=self.object).first()
        if made:
            return redirect("calls:call", made.pk)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"notice": self.notice}

    def get_initial(self) -> dict[str, Any]:
        return {
            "opens_at": preparing.opening(self.notice),
            "closes_at": self.notice.closes.ends,
            "addressees": [str(body.pk) for body in preparing.addressees(self.notice)],
            "options": [name for name in actions.OPTIONS if getattr(self.notice.options, name).on],
            **preparing.forwarding(self.notice),
        }

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"notice_id": self.notice.id, "parent": self.parent, **form.arguments()}

    def get_success_url(self, result: Any) -> str:
        return reverse("calls:call", args=[result.pk])

    def get_cancel_url(self) -> str:
        return reverse("calls:prepare")

    def get_context(self) -> dict[str, Any]:
        return {
            "notice": self.notice,
            "parent": self.parent,
            "notice_closes": until(self.notice.closes.ends),
        }


def waiting_for_consents(page: VerbPage, context: dict[str, Any]) -> dict[str, Any]:
    """Say before the click whose consent is missing; the verb itself would refuse after it."""
    missing = context["consultation"].missing
    if missing and page.request.method == "GET" and page.verb.allowed(page.request.user, page.object):
        reasons = tuple(gettext("%s尚未会签同意当前内容") % body for body in missing)
        return context | {"verdict": Verdict(ok=False, reasons=reasons)}
    return context


class CallVerb(VerbPage):
    """A verb on a call begins and ends on the call's page, and shows what it is about."""

    template_name = "calls/call_verb.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        queries.with_departments(self.object)

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("calls:call", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {
            "object_url": self.get_cancel_url(),
            "call": self.object,
            "until": until(self.object.closes_at),
            "consultation": queries.consultation(self.object),
            "options": queries.options(self.object.notice, self.object.options),
            "addressees": list(self.object.addressees.order_by("region_code", "kind", "name")),
        }


class Revise(CallVerb):
    verb = actions.revise
    form_class = forms.CallForm
    template_name = "ui/verb.html"
    explain = _("修改起止时间、发送范围、收件邮箱和可选环节。其余内容取自通知，不能在这里改动。")
    button = _("保存修改")
    done = _("草稿已修改。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"notice": self.object.notice, "extra": list(self.object.addressees.all())}

    def get_initial(self) -> dict[str, Any]:
        return {
            "opens_at": self.object.opens_at,
            "closes_at": self.object.closes_at,
            "mailbox": self.object.mailbox,
            "addressees": [str(pk) for pk in self.object.addressees.values_list("pk", flat=True)],
            "options": [name for name in actions.OPTIONS if self.object.options.get(name)],
            "forward_closes_at": self.object.forward_closes_at,
            "forward_jointly": self.object.forward_jointly,
        }

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return dict(form.arguments())


class SendForCosign(CallVerb):
    verb = actions.send_for_cosign
    explain = _("送会签单位的签发人审阅。会签期间内容不能改动；需要改动的，先退回修改，再重新送会签。")
    done = _("已送会签。")


class GiveConsent(CallVerb):
    verb = actions.consent
    explain = _("代表本单位同意下列内容。同意记在内容的摘要上：内容再有改动，同意自动失效。")
    statement = _("按下按钮即表示本单位同意以上全部内容。")
    done = _("已会签同意。")


class ReturnToDraft(CallVerb):
    verb = actions.return_to_draft
    form_class = forms.RemarkForm
    explain = _("写明意见，退回主办单位修改。已有的会签同意随内容改动失效。")
    danger = True
    done = _("已退回修改，意见已发给主办单位经办人。")

    def get_mails(self) -> Sequence[Any]:
        return self.verb.preview(self.object, by=self.request.user, remark=gettext("（上面填写的意见）"))


class Publish(CallVerb):
    verb = actions.publish
    form_class = forms.PublicationForm
    explain = _(
        "签发后立即发布：申报单位自开始时间起可以提交，下列邮件发往全部发送对象。发布后，截止时间只能以联合补充通知延长。"
    )
    statement = _("按下按钮即表示会签齐备，同意发布。")
    done = _("申报通知已发布。")

    def get_context(self) -> dict[str, Any]:
        unreachable = mails.unreachable(list(self.object.addressees.all()))
        return waiting_for_consents(self, super().get_context()) | {"unreachable": unreachable}


class ProposeSupplement(CallVerb):
    verb = actions.propose_supplement
    form_class = forms.SupplementForm
    template_name = "ui/verb.html"
    explain = _(
        "延长截止时间只能以联合补充通知的形式，对全部申报单位一视同仁。拟好后送会签单位同意，再由主办单位签发；签发前截止时间不变。"
    )
    done = _("补充通知已送会签。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"closes_at": self.object.closes_at}

    def get_initial(self) -> dict[str, Any]:
        return {"new_closes_at": self.object.closes_at}

    def get_success_url(self, result: Any) -> str:
        return reverse("calls:supplement", args=[result.pk])


class SupplementVerb(VerbPage):
    template_name = "calls/supplement_verb.html"

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("calls:supplement", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        queries.with_departments(self.object.call)
        return {
            "object_url": self.get_cancel_url(),
            "supplement": self.object,
            "old": until(self.object.old_closes_at),
            "new": until(self.object.new_closes_at),
            "consultation": queries.supplement_consultation(self.object),
        }


class ConsentToSupplement(SupplementVerb):
    verb = actions.consent_to_supplement
    explain = _("代表本单位同意延长截止时间。")
    statement = _("按下按钮即表示本单位同意以上内容。")
    done = _("已会签同意。")


class DropSupplement(SupplementVerb):
    verb = actions.drop_supplement
    explain = _("撤销后不再延长，截止时间不变。")
    danger = True
    done = _("补充通知已撤销。")


class IssueSupplement(SupplementVerb):
    verb = actions.issue_supplement
    form_class = forms.PublicationForm
    explain = _("签发后，新的截止时间立即对全部申报单位生效，并逐一发出下列邮件。")
    statement = _("按下按钮即表示会签齐备，同意发布。")
    done = _("补充通知已发布，截止时间已延长。")

    def get_context(self) -> dict[str, Any]:
        unreachable = mails.unreachable(participants.of(self.object.call))
        return waiting_for_consents(self, super().get_context()) | {"unreachable": unreachable}
