"""Verbs on bodies, memberships, authorisations, experts, mail and tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import outbox
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits, unique_or
from qingyuan.kernel.models import ApiToken, Mail, Upload
from qingyuan.kernel.permission import is_operator, is_signed_in
from qingyuan.people import rules
from qingyuan.people.models import (
    Authorisation,
    Expert,
    Interest,
    JointBody,
    JointMember,
    Kind,
    Membership,
    Organisation,
    Role,
    User,
)

TOKEN_MAX_DAYS = 366


def _problems(error: ValidationError) -> list[Problem]:
    return [
        Problem(message, where=field)
        for field, messages in error.message_dict.items()
        for message in messages
    ]


@action(
    "organisation.register",
    title=gettext_lazy("登记单位"),
    on=None,
    may=is_operator,
    creates=Organisation,
    creates_in=("active",),
    idempotent=True,
)
def register_organisation(
    act: Act,
    *,
    kind: str,
    name: str,
    region_code: str = "",
    parent: Organisation | None = None,
    credit_code: str = "",
    email: str = "",
    is_demo: bool = False,
) -> Organisation:
    """登记一个单位，之后可以为它添加人员。"""
    organisation = Organisation(
        kind=kind,
        name=name,
        region_code=region_code,
        parent=parent,
        credit_code=credit_code,
        email=email,
        is_demo=is_demo,
    )
    try:
        organisation.full_clean()
    except ValidationError as error:
        raise Invalid(_problems(error)) from error
    organisation.save(force_insert=True)
    act.note(kind=kind, region=region_code)
    return organisation


@action(
    "joint_body.form",
    title=gettext_lazy("组成会同机制"),
    on=None,
    may=is_operator,
    creates=JointBody,
    idempotent=True,
)
def form_joint_body(
    act: Act,
    *,
    name: str,
    level: str,
    region_code: str,
    host: Organisation,
    cosigners: Iterable[Organisation],
) -> JointBody:
    """登记共同作出决定的主办、会签单位。"""
    name, cosigners = " ".join(name.split()), list(cosigners)
    problems = misfits(JointBody, name=name)
    if not name:
        problems.append(Problem(_("请填写名称"), where="name"))
    if len({host.pk, *(body.pk for body in cosigners)}) <= len(cosigners):
        problems.append(Problem(_("一个单位在会同机制中只能列一次"), where="cosigners"))
    if problems:
        raise Invalid(problems)
    taken = Problem(
        _("已有名为“%s”的会同机制") % name, where="name", mend=_("换一个名称，或使用已登记的那一个")
    )
    with unique_or({"name": taken}):
        joint_body = JointBody.objects.create(name=name, level=level, region_code=region_code)
    parts = [(host, JointMember.Part.HOST), *((body, JointMember.Part.COSIGNER) for body in cosigners)]
    JointMember.objects.bulk_create(
        JointMember(joint_body=joint_body, organisation=body, part=part) for body, part in parts
    )
    act.note(parts=[{"organisation": str(body.pk), "part": str(part)} for body, part in parts])
    return joint_body


def _invitation(
    organisation: Organisation,
    *,
    by: Any,
    now: datetime,
    result: Membership | None,
    email: str = "",
    role: str = "",
    **_rest: Any,
) -> list[outbox.Draft]:
    del now
    if not email:
        return []
    return [
        outbox.Draft(
            to=outbox.Recipient(email, email, result.user_id if result else None),
            subject=_("{inviter}邀请您以“{role}”身份加入{organisation}"),
            body=_(
                "您好：\n\n{inviter}已将您登记为{organisation}的{role}。\n\n"
                "首次使用请在登录页选择“忘记密码”，用本邮箱设置密码。\n\n清源 · 清洁生产审核创新试点平台"
            ),
            trusted={"role": dict(Role.choices).get(role, role)},
            untrusted={"inviter": str(by), "organisation": organisation.name},
            sender_id=organisation.pk,
        )
    ]


def _account_of(address: str) -> User | None:
    """The account that this product opened for the address; only operators and invitations ever set `User.email`
    (the sign-in library's own page for changing it is closed, see site/urls.py).
    """
    return User.objects.filter(email__iexact=address, is_active=True).first()


@action(
    "organisation.add_member",
    title=gettext_lazy("添加人员"),
    on=Organisation,
    may=rules.can_manage_members,
    stages=("active",),
    idempotent=True,
    mails=_invitation,
)
def add_member(organisation: Organisation, act: Act, *, email: str, name: str, role: str) -> Membership:
    """为本单位添加一名人员并赋予角色；没有账号的，按邮箱建立账号并发出邀请。"""
    address = email.strip().lower()
    if role not in Role.values:
        raise Invalid([Problem(_("没有“%s”这个角色") % role, where="role", expected="、".join(Role.values))])
    user = _account_of(address)
    if user is None:
        user = User(username=address, email=address, display_name=name.strip())
        user.set_unusable_password()
        try:
            user.full_clean(exclude=["password"])
        except ValidationError as error:
            raise Invalid(_problems(error)) from error
        user.save(force_insert=True)
    membership, is_new = Membership.objects.get_or_create(
        user=user, organisation=organisation, role=role, defaults={"since": act.now}
    )
    if not is_new:
        raise Invalid([Problem(_("此人已是本单位的%s") % membership.get_role_display(), where="role")])
    act.note(member=str(user.ref), role=role)
    return membership


@action(
    "organisation.remove_member",
    title=gettext_lazy("移除人员"),
    on=Organisation,
    may=rules.can_manage_members,
)
def remove_member(organisation: Organisation, act: Act, *, membership_id: int) -> None:
    """撤销一名人员在本单位的一个角色；其以往的操作记录保留。"""
    membership = organisation.memberships.select_related("user").filter(pk=membership_id).first()
    if membership is None:
        raise Invalid([Problem(_("该人员已不在本单位"), where="membership_id")])
    leads = organisation.memberships.filter(role=Role.LEAD).count()
    if membership.role == Role.LEAD and leads == 1:
        raise Invalid([Problem(_("这是本单位唯一的牵头负责人，请先添加另一位"), where="membership_id")])
    act.note(member=str(membership.user.ref), role=membership.role)
    membership.delete()


def _authorisation_mail(
    applicant: Organisation,
    *,
    by: Any,
    now: datetime,
    result: Any,
    service_body: Organisation | None = None,
    valid_until: date | None = None,
    **_rest: Any,
) -> list[outbox.Draft]:
    del by, now, result
    if service_body is None or valid_until is None:
        return []
    return [
        outbox.Draft(
            to=outbox.Recipient(membership.user.email, str(membership.user), membership.user_id),
            subject=_("{applicant}授权贵单位开展试点相关工作"),
            body=_(
                "您好：\n\n{applicant}已授权{body}开展清洁生产审核创新试点相关工作，有效期至{until}。\n\n请登录清源平台查看授权范围。"
            ),
            trusted={"until": valid_until.isoformat()},
            untrusted={"applicant": applicant.name, "body": service_body.name},
            sender_id=applicant.pk,
        )
        for membership in service_body.memberships.filter(role=Role.LEAD).select_related("user")
        if membership.user.email
    ]


@action(
    "authorisation.grant",
    title=gettext_lazy("授权咨询服务机构"),
    on=Organisation,
    may=rules.can_authorise,
    stages=("active",),
    creates=Authorisation,
    creates_in=("active",),
    idempotent=True,
    mails=_authorisation_mail,
)
def grant_authorisation(
    applicant: Organisation,
    act: Act,
    *,
    service_body: Organisation,
    scope: str,
    valid_from: date,
    valid_until: date,
    secrecy_agreement: Upload | None = None,
) -> Authorisation:
    """在保密协议之下，授权一家咨询服务机构在限定范围和期限内为本单位工作。"""
    problems = []
    if service_body.kind != Kind.SERVICE:
        problems.append(Problem(_("“%s”不是咨询服务机构") % service_body, where="service_body"))
    if valid_until < valid_from:
        problems.append(Problem(_("截止日期早于起始日期"), where="valid_until", expected=_("不早于起始日期")))
    if scope not in Authorisation.Scope.values:
        problems.append(
            Problem(_("没有这个授权范围"), where="scope", expected="、".join(Authorisation.Scope.values))
        )
    if problems:
        raise Invalid(problems)
    authorisation = Authorisation.objects.create(
        applicant=applicant,
        service_body=service_body,
        scope=scope,
        valid_from=valid_from,
        valid_until=valid_until,
        secrecy_agreement=secrecy_agreement,
    )
    act.note(service_body=str(service_body.pk), scope=scope, until=valid_until.isoformat())
    return authorisation


@action(
    "authorisation.end",
    title=gettext_lazy("终止授权"),
    on=Authorisation,
    may=rules.gave_authorisation,
    stages=("active",),
    to=("ended",),
)
def end_authorisation(authorisation: Authorisation, act: Act) -> Authorisation:
    """立即终止授权；对方此后不再能查看或编写。"""
    act.move(authorisation, Authorisation.Stage.ENDED)
    return authorisation


@action(
    "expert.enrol",
    title=gettext_lazy("专家入库"),
    on=None,
    may=is_operator,
    creates=Expert,
    creates_in=("active",),
    idempotent=True,
)
def enrol_expert(
    act: Act,
    *,
    user: User,
    code: str,
    fields: list[str],
    employer: Organisation | None = None,
    region_code: str = "",
    title: str = "",
) -> Expert:
    """将一名人员列入专家库；公开场合只显示专家代码。"""
    code = code.strip()
    if problems := misfits(Expert, code=code, title=title):
        raise Invalid(problems)
    refusals = {
        "code": Problem(_("专家代码“%s”已被使用") % code, where="code", mend=_("换一个代码")),
        "user": Problem(_("该人员已在专家库"), where="user", mend=_("在专家库中查看其代码")),
    }
    with unique_or(refusals):
        expert = Expert.objects.create(
            user=user, code=code, fields=fields, employer=employer, region_code=region_code, title=title
        )
    act.note(code=code, employer=str(employer.pk) if employer else None)
    return expert


@action("expert.declare_interests", title=gettext_lazy("申报利益关系"), on=Expert, may=rules.is_this_expert)
def declare_interests(expert: Expert, act: Act, *, interests: list[Mapping[str, Any]]) -> Expert:
    """如实申报与有关单位的任职、咨询、合作等关系；新的申报整体替换旧的申报。"""
    problems = [
        Problem(_("第 %d 行没有写明单位") % number, where="body_name")
        for number, row in enumerate(interests, start=1)
        if not row.get("organisation") and not str(row.get("body_name", "")).strip()
    ]
    if problems:
        raise Invalid(problems)
    expert.interests.all().delete()
    expert.declared_at = act.now
    expert.save(update_fields=["declared_at"])
    Interest.objects.bulk_create(Interest(expert=expert, declared_at=act.now, **row) for row in interests)
    act.items(
        [
            [
                str(row["organisation"].pk) if row.get("organisation") else row.get("body_name", ""),
                row["relation"],
            ]
            for row in interests
        ]
    )
    return expert


@action(
    "mail.release",
    title=gettext_lazy("审发邮件"),
    on=Mail,
    may=rules.handles_mail,
    stages=("draft", "failed"),
    to=("queued",),
)
def release_mail(mail: Mail, act: Act) -> Mail:
    """核对后发出这封邮件；发送失败的，改好邮件服务后由此重新发送。"""
    mail.attempts, mail.error = 0, ""
    mail.save(update_fields=["attempts", "error"])
    act.move(mail, Mail.Stage.QUEUED)
    outbox.wake()
    return mail


@action(
    "mail.discard",
    title=gettext_lazy("不予发送"),
    on=Mail,
    may=rules.handles_mail,
    stages=("draft",),
    to=("discarded",),
)
def discard_mail(mail: Mail, act: Act) -> Mail:
    """不发送这封邮件；邮件留在发件箱备查。"""
    act.move(mail, Mail.Stage.DISCARDED)
    return mail


@action("token.issue", title=gettext_lazy("签发接口令牌"), on=None, may=is_signed_in, creates=ApiToken)
def issue_token(act: Act, *, name: str, secret: str, days: int = 90) -> ApiToken:
    """为程序访问签发一个令牌；令牌只显示一次，权限与本人相同。"""
    if not 1 <= days <= TOKEN_MAX_DAYS:
        raise Invalid([Problem(_("有效期须在 1 至 %d 天之间") % TOKEN_MAX_DAYS, where="days")])
    if problems := misfits(ApiToken, name=name):
        raise Invalid(problems)
    real_now = datetime.now(UTC)  # a token lives by the machine's time, not by a demo's shifted clock
    return ApiToken.objects.create(
        user=act.by,
        name=name,
        digest=ApiToken.digest_of(secret),
        created_at=real_now,
        expires_at=real_now + timedelta(days=days),
    )


@action("token.revoke", title=gettext_lazy("吊销接口令牌"), on=ApiToken, may=rules.owns_token)
def revoke_token(token: ApiToken, _act: Act) -> ApiToken:
    """立即吊销令牌。"""
    token.revoked_at = datetime.now(UTC)
    token.save(update_fields=["revoked_at"])
    return token
