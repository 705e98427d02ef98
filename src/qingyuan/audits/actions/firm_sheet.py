"""Verbs on enterprises' sheets: invite, remind, the link, sign, reopen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits import extent, filling, links
from qingyuan.audits.mails import sheet as mails
from qingyuan.audits.models import Dataset, DatasetRow, EnterpriseSheet
from qingyuan.audits.rules import dataset as dataset_rules
from qingyuan.audits.rules import sheet as rules
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.people.models import User

LINK_DAYS = 60
MOST_INVITED = 1000
INVITED, SIGNED = EnterpriseSheet.Stage.INVITED, EnterpriseSheet.Stage.SIGNED


@dataclass(frozen=True)
class Invitation:
    """An enterprise of the pilot's scope by its credit code, and where it is reached."""

    credit_code: str
    address: str = ""


@action(
    "dataset.invite",
    title=gettext_lazy("邀请企业填报"),
    on=Dataset,
    may=dataset_rules.writes_raw,
    stages=(Dataset.Stage.COLLECTING,),
    clauses=("N3a", "N3b", "N3c"),
    idempotent=True,
    mails=mails.invited,
)
def invite(
    dataset: Dataset, act: Act, *, invitations: Sequence[Invitation], due_on: date | None = None
) -> Dataset:
    """请试点范围内的企业填报自己的数据：有邮箱的发专用链接，有平台账号的在账号中填报；各企业只看得到自己的。"""
    entries = {one.credit_code: one for one in extent.of(dataset.pilot)}
    present = set(dataset.sheets.values_list("enterprise__credit_code", flat=True))
    problems = [] if invitations else [Problem(_("请至少选择一家企业"), where="invitations")]
    if len(invitations) > MOST_INVITED:
        problems.append(Problem(_("一次最多邀请 %d 家") % MOST_INVITED, where="invitations"))
    for one in invitations[:MOST_INVITED]:
        where = f"invitations.{one.credit_code[:18]}"
        if one.credit_code not in entries:
            problems.append(Problem(_("不在试点范围内：%s") % one.credit_code[:18], where=where))
        elif one.credit_code in present:
            problems.append(Problem(_("已经邀请过：%s") % entries[one.credit_code].name, where=where))
        if one.address and not _is_address(one.address):
            problems.append(Problem(_("邮箱写法不对：%s") % one.address[:60], where=where))
        present.add(one.credit_code)
    if problems:
        raise Invalid(problems)
    made = []
    for one in invitations:
        entry = entries[one.credit_code]
        guest = User(username=f"sheet-{uuid.uuid4().hex}", display_name=_("企业填报人"), is_active=False)
        guest.set_unusable_password()
        guest.save()
        sheet = EnterpriseSheet(
            dataset=dataset,
            enterprise_id=entry.id,
            name=entry.name,
            address=one.address,
            due_on=due_on,
            guest=guest,
            invited_at=act.now,
            invited_by=act.by,
        )
        if one.address:
            _new_link(sheet, act.now)
        made.append(sheet)
    EnterpriseSheet.objects.bulk_create(made)
    _begin_rows(dataset, made, act)
    act.items([[one.credit_code, bool(one.address)] for one in invitations])
    return dataset


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _new_link(sheet: EnterpriseSheet, now: datetime) -> None:
    """The former link ends with it."""
    sheet.link_number += 1
    sheet.link_digest = links.digest_of(links.secret_of(sheet))
    sheet.link_expires_at = now + timedelta(days=LINK_DAYS)
    sheet.handed_over_at = None


LINK_FIELDS = ["link_number", "link_digest", "link_expires_at", "handed_over_at"]


def _begin_rows(dataset: Dataset, sheets: Sequence[EnterpriseSheet], act: Act) -> None:
    """A row for every enterprise in every table that has one row an enterprise."""
    for table in filling.own_tables(dataset):
        if table.key != ("enterprise",):
            continue
        rows = dataset.rows.filter(table=table.name)
        known = set(rows.filter(enterprise__isnull=False).values_list("enterprise_id", flat=True))
        last = rows.aggregate(last=Max("position"))["last"]
        DatasetRow.objects.bulk_create(
            DatasetRow(
                dataset=dataset,
                table=table.name,
                position=place,
                enterprise_id=sheet.enterprise_id,
                values={"enterprise": sheet.name},
                origin=DatasetRow.Origin.SCOPE,
                revision=1,
                updated_at=act.now,
                updated_by=act.by,
            )
            for place, sheet in enumerate(
                (sheet for sheet in sheets if sheet.enterprise_id not in known),
                start=0 if last is None else last + 1,
            )
        )


@action(
    "dataset.remind",
    title=gettext_lazy("催报"),
    on=Dataset,
    may=dataset_rules.writes_raw,
    stages=(Dataset.Stage.COLLECTING,),
    idempotent=True,
    mails=mails.reminded,
)
def remind(dataset: Dataset, act: Act) -> Dataset:
    """给所有还没有签署、留有邮箱的企业各发一封提醒，附专用链接；链接已过期的换发新的。"""
    waiting = list(dataset.sheets.select_for_update().filter(stage=INVITED).exclude(address=""))
    if not waiting:
        raise Invalid([Problem(_("没有可以提醒的企业：都已签署，或者没有留邮箱"))])
    for sheet in waiting:
        if not sheet.link_digest or sheet.link_expires_at is None or sheet.link_expires_at <= act.now:
            _new_link(sheet, act.now)
        sheet.reminded_at = act.now
    EnterpriseSheet.objects.bulk_update(waiting, [*LINK_FIELDS, "reminded_at"], batch_size=500)
    act.items([[str(sheet.pk)] for sheet in waiting])
    return dataset


@action(
    "sheet.renew_link",
    title=gettext_lazy("换发链接"),
    on=EnterpriseSheet,
    may=rules.asks_enterprise,
    stages=(INVITED,),
    mails=mails.renewed,
)
def renew_link(sheet: EnterpriseSheet, act: Act, *, address: str) -> EnterpriseSheet:
    """换发新的专用链接，发到所填的邮箱；原来的链接立即失效。"""
    address = address.strip()
    if not _is_address(address):
        raise Invalid([Problem(_("邮箱写法不对"), where="address")])
    sheet.address = address
    _new_link(sheet, act.now)
    sheet.save(update_fields=[*LINK_FIELDS, "address"])
    act.note(link=sheet.link_number)
    return sheet


@action(
    "sheet.hand_over_link",
    title=gettext_lazy("取得链接自行转交"),
    on=EnterpriseSheet,
    may=rules.asks_enterprise,
    stages=(INVITED,),
)
def hand_over_link(sheet: EnterpriseSheet, act: Act) -> EnterpriseSheet:
    """没有邮箱的企业：取得新的专用链接，由申报单位转交，只显示一次；用它签署的，签署记录写明“由申报单位转交”。"""
    _new_link(sheet, act.now)
    sheet.handed_over_at = act.now
    sheet.save(update_fields=LINK_FIELDS)
    act.note(link=sheet.link_number)
    return sheet


@action(
    "sheet.revoke_link",
    title=gettext_lazy("吊销链接"),
    on=EnterpriseSheet,
    may=rules.asks_enterprise,
)
def revoke_link(sheet: EnterpriseSheet, act: Act) -> EnterpriseSheet:
    """专用链接立即失效，正在用它填报的页面也不能再打开；已填的数据不变。"""
    if not sheet.link_digest:
        raise Invalid([Problem(_("没有有效的链接"))])
    sheet.link_digest = ""
    sheet.save(update_fields=["link_digest"])
    act.note(link=sheet.link_number)
    return sheet


@action(
    "sheet.sign",
    title=gettext_lazy("签署"),
    on=EnterpriseSheet,
    may=rules.fills_sheet,
    stages=(INVITED,),
    to=(SIGNED,),
    clauses=("N14",),
    locks=lambda sheet, **_rest: [sheet.dataset],
    mails=mails.signed,
)
def sign(sheet: EnterpriseSheet, act: Act, *, declared: bool) -> EnterpriseSheet:
    """企业声明所填数据真实、完整并签署；签署的是全部内容的校验值，此后谁也不能改动，直到申报单位退回。"""
    rows = filling.rows_of(sheet)
    problems = [] if declared else [Problem(_("请先确认声明"), where="declared")]
    if Dataset.objects.get(pk=sheet.dataset_id).stage != Dataset.Stage.COLLECTING:
        problems.append(Problem(_("数据已定版，现在不能签署")))
    if not any(len(row.values) > 1 for row in rows):
        problems.append(Problem(_("还没有填写任何数值")))
    if problems:
        raise Invalid(problems)
    by_link = rules.came_by_link.test(act.by, sheet)
    sheet.signed_at, sheet.signed_by = act.now, act.by
    sheet.signed_via = (
        EnterpriseSheet.Via.HANDED
        if by_link and sheet.handed_over_at
        else EnterpriseSheet.Via.LINK
        if by_link
        else EnterpriseSheet.Via.ACCOUNT
    )
    sheet.signed_sha256 = filling.digest_of(rows)
    act.move(sheet, SIGNED)
    sheet.save(update_fields=["signed_at", "signed_by", "signed_via", "signed_sha256", "stage"])
    act.note(sha256=sheet.signed_sha256, via=str(sheet.signed_via))
    return sheet


@action(
    "sheet.reopen",
    title=gettext_lazy("退回企业修改"),
    on=EnterpriseSheet,
    may=rules.asks_enterprise,
    stages=(SIGNED,),
    to=(INVITED,),
    mails=mails.reopened,
)
def reopen(sheet: EnterpriseSheet, act: Act, *, reason: str) -> EnterpriseSheet:
    """写明理由，请企业修改后重新签署；原签署作废。"""
    reason = reason.strip()
    if not reason or len(reason) > 500:
        raise Invalid([Problem(_("请写明退回的理由，不超过 500 字"), where="reason")])
    act.note(was_sha256=sheet.signed_sha256)
    act.move(sheet, INVITED)
    sheet.reopened_reason = reason
    sheet.signed_at, sheet.signed_by, sheet.signed_via, sheet.signed_sha256 = None, None, "", ""
    if sheet.address and (sheet.link_expires_at is None or sheet.link_expires_at <= act.now):
        _new_link(sheet, act.now)
    sheet.save(
        update_fields=[*LINK_FIELDS, "reopened_reason", "signed_at", "signed_by", "signed_via", "signed_sha256", "stage"]
    )  # fmt: skip
    return sheet
