"""What enterprises are sent. The link stands in no mail of the outbox: it is made when the mail leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.audits.links import MARK
from qingyuan.audits.models import Dataset, EnterpriseSheet
from qingyuan.calls.mails import SIGNATURE, recipients_of
from qingyuan.kernel.outbox import Draft, Recipient

LINK = "[[" + MARK + ":{sheet}]]"


def _letters(
    dataset: Dataset, sheets: Iterable[EnterpriseSheet], *, subject: str, body: str, **untrusted: object
) -> list[Draft]:
    applicant = dataset.pilot.applicant
    return [
        Draft(
            to=Recipient(sheet.address, sheet.name),
            subject=subject,
            body=body + SIGNATURE,
            trusted={
                "sheet": sheet.pk,
                "due": f"{sheet.due_on:%Y年%-m月%-d日}" if sheet.due_on else _("（未定）"),
                "year": dataset.year,
            },
            untrusted={
                "enterprise": sheet.name,
                "applicant": applicant.name,
                "pilot": dataset.pilot.name,
                **untrusted,
            },
            sender_id=applicant.pk,
        )
        for sheet in sheets
        if sheet.address
    ]


def invited(
    dataset: Dataset, *, by: Any, now: datetime, result: Any, invitations: Sequence[Any] = (), **_rest: Any
) -> list[Draft]:
    del by, now
    if result is None:
        return []
    codes = [one.credit_code for one in invitations]
    sheets = dataset.sheets.filter(enterprise__credit_code__in=codes).order_by("name")
    return _letters(
        dataset,
        sheets,
        subject=_("请填报清洁生产审核数据：{pilot}"),
        body=_(
            "{enterprise}：\n{applicant}开展“{pilot}”，请贵单位填报 {year} 年度数据，期限：{due}。\n"
            "打开下面的专用链接即可填写，不需要账号；链接只供贵单位使用，请勿转发。\n"
        )
        + LINK
        + _(
            "\n贵单位的原始数据只有贵单位、申报单位指定的人员和技术支撑单位能看，每次查阅都有记录，不对公众公开。"
        ),
    )


def reminded(dataset: Dataset, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    del by, now, result
    waiting = dataset.sheets.filter(stage=EnterpriseSheet.Stage.INVITED).exclude(address="").order_by("name")
    return _letters(
        dataset,
        waiting,
        subject=_("催报：请填报清洁生产审核数据：{pilot}"),
        body=_(
            "{enterprise}：\n“{pilot}”{year} 年度数据尚未收到贵单位的签署，期限：{due}。请打开专用链接填写并签署：\n"
        )
        + LINK,
    )


def renewed(
    sheet: EnterpriseSheet, *, by: Any, now: datetime, result: Any, address: str = "", **_rest: Any
) -> list[Draft]:
    del by, now, address
    if result is None:
        return []
    return _letters(
        sheet.dataset,
        [result],
        subject=_("新的填报链接：{pilot}"),
        body=_("{enterprise}：\n“{pilot}”的专用填报链接已更换，原链接失效。请使用：\n") + LINK,
    )


def signed(sheet: EnterpriseSheet, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """To the applicant's mailbox."""
    del by, now, result
    applicant = sheet.dataset.pilot.applicant
    return [
        Draft(
            to=recipient,
            subject=_("企业已签署数据：{enterprise}"),
            body=_("{enterprise}已签署“{pilot}”的审核数据，请登录清源平台核查。") + SIGNATURE,
            untrusted={"enterprise": sheet.name, "pilot": sheet.dataset.pilot.name},
            sender_id=applicant.pk,
        )
        for _body, recipient in recipients_of([applicant])
    ]


def reopened(
    sheet: EnterpriseSheet, *, by: Any, now: datetime, result: Any, reason: str = "", **_rest: Any
) -> list[Draft]:
    del by, now, result
    return _letters(
        sheet.dataset,
        [sheet],
        subject=_("请修改审核数据：{pilot}"),
        body=_("{enterprise}：\n贵单位签署的数据已退回，请修改后重新签署。理由：{reason}\n") + LINK,
        reason=reason or "—",
    )
