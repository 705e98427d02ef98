"""The applicant's side of enterprises' sheets: who was asked, who has signed, reminding, links, giving back; aggregates."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits import actions, aggregates, bringing, links
from qingyuan.audits.forms.sheet import AddressForm, InviteForm, SheetReopenForm
from qingyuan.audits.models import Dataset, EnterpriseSheet
from qingyuan.audits.queries import sheet as queries
from qingyuan.audits.rules import dataset as rules
from qingyuan.audits.views.dataset_frame import DatasetVerbPage, show
from qingyuan.ui.pagination import paginate

MOST_AT_ONCE = 200


def sheets(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """How far everybody is; no figure stands here."""
    stage = request.GET.get("stage", "")
    stage = stage if stage in EnterpriseSheet.Stage.values else ""
    text = request.GET.get("q", "").replace("\0", "")[:80]
    page = paginate(request, queries.of_dataset(dataset, stage=stage, text=text))
    counted = list(dataset.sheets.values_list("stage", flat=True))
    signed = counted.count(EnterpriseSheet.Stage.SIGNED)
    return show(
        request,
        "audits/firm/list.html",
        dataset,
        "sheets",
        page=page,
        rows=[(one, queries.TONES[one.stage]) for one in page.object_list],
        stats=[
            (_("已邀请"), len(counted)),
            (_("已签署"), signed),
            (_("未签署"), len(counted) - signed),
            (_("范围内未邀请"), len(queries.to_invite(dataset))),
        ],
        stages=EnterpriseSheet.Stage.choices,
        stage=stage,
        text=text,
        may_write=actions.invite.allowed(request.user, dataset).ok,
        has_filings=bool(bringing.available(dataset)),
    )


class InvitePage(DatasetVerbPage):
    verb = actions.invite
    form_class = InviteForm
    template_name = "audits/firm/invite.html"
    part = "sheets"
    check_revision = False
    button = gettext_lazy("发出邀请")
    done = gettext_lazy("已邀请")
    explain = gettext_lazy(
        "勾选要请其填报的企业。留有邮箱的收到专用链接（60 天内有效，可随时吊销）；没有邮箱的可在其平台账号中填报，或由您取得链接转交。"
    )

    @cached_property
    def entries(self) -> list[Any]:
        return queries.to_invite(self.object)[:MOST_AT_ONCE]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"entries": self.entries, "addresses": queries.mailboxes(self.entries)}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"invitations": form.invitations(), "due_on": form.cleaned_data["due_on"]}

    def get_cancel_url(self) -> str:
        return reverse("audits:sheets", args=[self.object.pk])


class RemindPage(DatasetVerbPage):
    verb = actions.remind
    part = "sheets"
    check_revision = False
    done = gettext_lazy("提醒已列入发件箱")
    explain = gettext_lazy("给所有还没有签署、留有邮箱的企业各发一封提醒。")

    def get_cancel_url(self) -> str:
        return reverse("audits:sheets", args=[self.object.pk])


class SheetVerbPage(DatasetVerbPage):
    object: EnterpriseSheet
    object_arg = "sheet"
    part = "sheets"

    def dataset_of(self) -> Dataset:
        return self.object.dataset

    def get_cancel_url(self) -> str:
        return reverse("audits:sheets", args=[self.object.dataset_id])


class RenewPage(SheetVerbPage):
    verb = actions.renew_link
    form_class = AddressForm
    done = gettext_lazy("新的链接已列入发件箱")
    explain = gettext_lazy("原来的链接立即失效，新的发到所填邮箱。")

    def get_initial(self) -> dict[str, Any]:
        return {"address": self.object.address}


class HandOverPage(SheetVerbPage):
    """The link stands on the answer to this one click and nowhere else."""

    verb = actions.hand_over_link
    explain = gettext_lazy(
        "链接只显示这一次，请用可靠的方式转交企业；原来的链接立即失效。用它签署的，签署记录写明“由申报单位转交”。"
    )

    def succeeded(self, result: Any) -> HttpResponse:
        path = reverse("audits:enter", args=[links.secret_of(result)])
        context = {
            **self.get_context(),
            "sheet": result,
            "link": self.request.build_absolute_uri(path),
        }
        response = TemplateResponse(self.request, "audits/firm/handed.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response


class RevokePage(SheetVerbPage):
    verb = actions.revoke_link
    danger = True
    done = gettext_lazy("链接已吊销")
    explain = gettext_lazy("立即失效；已填的数据不变，需要时可换发新的。")


class ReopenPage(SheetVerbPage):
    verb = actions.reopen
    form_class = SheetReopenForm
    done = gettext_lazy("已退回企业修改")
    explain = gettext_lazy("原签署作废，企业修改后重新签署。")


def aggregate_page(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """What reviewing departments see: sums and quartiles of the last fixed version."""
    version = dataset.versions.select_related("dataset").first()
    found = aggregates.of_version(version) if version else []
    template = "audits/dataset/aggregates.html"
    if not rules.sees_dataset.test(request.user, dataset):
        template = "audits/dataset/aggregates_received.html"
    return show(
        request,
        template,
        dataset,
        "aggregates",
        version=version,
        found=found,
        fewest=aggregates.FEWEST,
    )
