"""Verbs on the pool: many experts by workbook, one expert's knowledge, and rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import outbox
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.people.models import Expert, Organisation, User
from qingyuan.people.pool import rules, wording

MOST_FIELDS = 40


@dataclass(frozen=True)
class PoolRow:
    """An expert as a row of the workbook or the form states it."""

    code: str
    name: str
    email: str
    title: str = ""
    employer: str = ""
    region_code: str = ""
    fields: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()


def _welcome(
    keeper: Organisation, *, by: Any, now: datetime, result: list[Expert] | None, **_rest: Any
) -> list[outbox.Draft]:
    """Those who are new in the pool are asked to declare their interests."""
    del by, now
    return [
        outbox.Draft(
            to=outbox.Recipient(expert.user.email, str(expert.user), expert.user_id),
            subject=_("您已列入清洁生产审核创新试点专家库"),
            body=_(
                "您好：\n\n{keeper}已将您列入专家库，专家代码 {code}。公开场合只显示代码。\n\n"
                "请登录清源平台核对专业领域并申报利益关系；首次使用请在登录页选择“忘记密码”，用本邮箱设置密码。\n\n清源 · 清洁生产审核创新试点平台"
            ),
            untrusted={"keeper": keeper.name, "code": expert.code},
            sender_id=keeper.pk,
        )
        for expert in result or ()
    ]


@action(
    "expert.import_pool",
    title=gettext_lazy("导入专家名单"),
    on=Organisation,
    may=rules.keeps_pool,
    stages=("active",),
    idempotent=True,
    mails=_welcome,
)
def import_pool(keeper: Organisation, act: Act, *, rows: Sequence[PoolRow]) -> list[Expert]:
    """按名单新增或更新本单位专家库中的专家；没有账号的建立账号。返回新入库的专家。"""
    users = {
        user.email.lower(): user
        for user in User.objects.filter(email__in=[row.email for row in rows]).select_related("expert")
    }
    known = {
        expert.code: expert
        for expert in Expert.objects.filter(code__in=[row.code for row in rows]).select_related("user")
    }
    if problems := _pool_problems(keeper, rows, users, known):
        raise Invalid(problems)
    bodies = {
        body.name: body
        for body in Organisation.objects.filter(
            name__in=[row.employer for row in rows], stage=Organisation.Stage.ACTIVE
        )
    }
    new = []
    for row in rows:
        expert = known.get(row.code)
        if expert is None:
            user = users.get(row.email) or _account(row)
            expert = Expert(user=user, code=row.code, keeper=keeper)
            new.append(expert)
        _take(expert, row, bodies.get(row.employer))
        expert.save()
    act.items([[row.code, *sorted(row.fields)] for row in rows])
    act.note(new=len(new))
    return new


def _account(row: PoolRow) -> User:
    user = User(username=row.email, email=row.email, display_name=row.name)
    user.set_unusable_password()
    user.save(force_insert=True)
    return user


def _take(expert: Expert, row: PoolRow, employer: Organisation | None) -> None:
    expert.title, expert.region_code = row.title, row.region_code
    expert.employer, expert.employer_name = employer, "" if employer else row.employer
    if employer and not row.region_code:
        expert.region_code = employer.region_code
    expert.fields, expert.categories, expert.methods = (
        list(row.fields),
        list(row.categories),
        list(row.methods),
    )


def _pool_problems(
    keeper: Organisation, rows: Sequence[PoolRow], users: dict[str, User], known: dict[str, Expert]
) -> list[Problem]:
    """What the rows contradict: each other, the accounts, and the pools of other departments."""
    problems: list[Problem] = []
    addresses: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        at = f"{number}." if len(rows) > 1 else ""
        expert, user = known.get(row.code), users.get(row.email)
        if expert is not None and expert.keeper_id != keeper.pk:
            problems.append(
                Problem(
                    _("代码 %s 属于其他单位的专家库") % row.code,
                    where=f"{at}code",
                    expected=_("未被使用的代码，或本单位专家的代码"),
                )
            )
        elif expert is not None and expert.user.email.lower() != row.email:
            problems.append(
                Problem(
                    _("%(code)s 登记的邮箱不是 %(email)s") % {"code": row.code, "email": row.email},
                    where=f"{at}email",
                    expected=_("与登记的邮箱一致；换了邮箱的，请该专家联系平台运维人员"),
                )
            )
        elif expert is None and user is not None and hasattr(user, "expert"):
            problems.append(
                Problem(
                    _("此人已在专家库中，代码 %s") % user.expert.code,
                    where=f"{at}email",
                    expected=_("使用其原有代码"),
                )
            )
        if row.email in addresses:
            problems.append(Problem(_("与第 %d 位专家的邮箱重复") % addresses[row.email], where=f"{at}email"))
        addresses.setdefault(row.email, number)
        problems += misfits(
            Expert, at=at.rstrip("."), code=row.code, title=row.title, employer_name=row.employer
        )
    return problems


@action(
    "expert.describe",
    title=gettext_lazy("更新专家信息"),
    on=Expert,
    may=rules.can_describe_expert,
)
def describe(
    expert: Expert,
    act: Act,
    *,
    fields: list[str],
    categories: list[str],
    methods: list[str],
    employer: str = "",
    region_code: str = "",
    title: str = "",
) -> Expert:
    """更新专业领域、熟悉的试点类别、方法专长、工作单位、所在地区和职称；匹配与回避以此为据。"""
    problems = [
        Problem(_("没有“%s”这个专业领域") % key, where="fields")
        for key in fields
        if key not in wording.sector_titles()
    ]
    problems += [
        Problem(_("没有“%s”这个试点类别") % key, where="categories")
        for key in categories
        if key not in wording.category_titles()
    ]
    problems += [Problem(message, where="methods") for message in wording.method_problems("、".join(methods))]
    if region_code and wording.region_problems(region_code):
        problems.append(Problem(_("没有这个地区"), where="region_code"))
    problems += misfits(Expert, employer_name=employer, title=title)
    if problems:
        raise Invalid(problems)
    body = Organisation.objects.filter(name=employer, stage=Organisation.Stage.ACTIVE).first()
    _take(
        expert,
        PoolRow(
            code=expert.code,
            name="",
            email="",
            title=title,
            employer=employer,
            region_code=region_code,
            fields=tuple(dict.fromkeys(fields)),
            categories=tuple(dict.fromkeys(categories)),
            methods=tuple(wording.parts("、".join(methods))),
        ),
        body,
    )
    expert.save()
    act.note(fields=expert.fields, categories=expert.categories, employer=str(body.pk) if body else None)
    return expert


@action(
    "expert.rest",
    title=gettext_lazy("暂停专家"),
    on=Expert,
    may=rules.keeps_expert,
    stages=("active",),
    to=("resting",),
)
def rest(expert: Expert, act: Act) -> Expert:
    """暂停后不再参加抽取和分派；已开始的评审不受影响。"""
    act.move(expert, Expert.Stage.RESTING)
    return expert


@action(
    "expert.restore",
    title=gettext_lazy("恢复专家"),
    on=Expert,
    may=rules.keeps_expert,
    stages=("resting",),
    to=("active",),
)
def restore(expert: Expert, act: Act) -> Expert:
    """恢复后可以参加抽取和分派。"""
    act.move(expert, Expert.Stage.ACTIVE)
    return expert
