"""Verbs of a draw, in their order: announce, commit, watch, reveal the public value, reveal the secret; or void."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import draws
from qingyuan.kernel.actions import Act, Closed, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.people.models import Membership, User
from qingyuan.review.mails import draws as mails
from qingyuan.review.models import Case, Draw, Round
from qingyuan.review.queries import draws as queries
from qingyuan.review.rules import draws as rules
from qingyuan.review.rules import ground


@action(
    "draw.announce",
    title=gettext_lazy("公告随机抽取"),
    on=Round,
    may=ground.handles_round,
    stages=("preparing", "reviewing", "deciding"),
    creates=Draw,
    creates_in=("announced", "committed"),
    clauses=("N9",),
    idempotent=True,
    mails=mails.announced,
)
def announce(
    round_: Round,
    act: Act,
    *,
    draw_id: uuid.UUID,
    kind: str,
    case: Case | None = None,
    take: int,
    reserves: int,
    strata: str,
    exclusions: Sequence[tuple[str, str]],
    public_kind: str,
    source: str,
    public_at: datetime,
    reveal_by: datetime,
    supervisor: User,
    supervisor_role: str,
    salt: str,
    commitment: str,
    reason: str = "",
) -> Draw:
    """固定候选名单、排除及理由、抽取数、公开值的来源和时间，连同主办单位的密钥承诺记入台账。此后不能更改，只能作废。"""
    if problems := _of_the_round(round_, kind, case):
        raise Invalid(problems)
    if case is not None:
        case.round = round_
    earlier = Draw.objects.filter(round=round_, kind=kind, case=case)
    attempt = earlier.count() + 1
    everyone = queries.candidates(round_, kind, strata=strata, case=case)
    excluded = dict(exclusions)
    terms = draws.Terms(
        draw=str(draw_id),
        purpose=kind,
        candidates=tuple(one for one in everyone if one.code not in excluded),
        exclusions=tuple(draws.Exclusion(code, why) for code, why in exclusions),
        take=take,
        reserves=reserves,
        stratified=strata != queries.NONE,
        salt=salt,
        public_value=draws.PublicValue(public_kind, source.strip(), queries.stamp(public_at)),
        more={
            "round": str(round_.pk),
            "attempt": attempt,
            "reason": reason.strip(),
            **({"case": case.label} if case else {}),
        },
    )
    body = _body_of(round_, supervisor)
    problems = [Problem(text) for text in terms.problems()]
    known = {one.code for one in everyone}
    problems += [
        Problem(_("“%s”不在候选之列，不能排除") % code, where="exclusions")
        for code in excluded
        if code not in known
    ]
    if public_at <= act.now:
        problems.append(Problem(_("公开值的时间须在公告之后"), where="public_at"))
    if reveal_by <= public_at:
        problems.append(Problem(_("揭示期限须在公开值的时间之后"), where="reveal_by"))
    if not body:
        problems.append(Problem(_("监督人员须为联合单位或其内设处室人员"), where="supervisor"))
    if supervisor.pk == act.by.pk:
        problems.append(Problem(_("公告抽取的人不能兼任监督人员"), where="supervisor"))
    if attempt > 1 and not reason.strip():
        problems.append(Problem(_("本轮（本项目）已有同类抽取，再次抽取须写明理由"), where="reason"))
    if earlier.exclude(stage__in=[Draw.Stage.DRAWN, Draw.Stage.VOID]).exists():
        problems.append(Problem(_("上一次同类抽取尚未完成，完成或作废后才能再次公告")))
    if not draws.is_secret(commitment):
        problems.append(Problem(_("承诺的格式不对"), where="secret"))
    if Draw.objects.filter(pk=draw_id).exists():
        problems.append(Problem(_("这个抽取编号已经用过，请刷新页面")))
    problems += misfits(
        Draw, reason=reason.strip(), supervisor_role=supervisor_role.strip(), supervisor_body=body
    )
    if problems:
        raise Invalid(problems)
    act.note(terms_sha256=terms.sha256, commitment=commitment)
    second = public_kind == draws.SECOND_BODY
    return Draw.objects.create(
        id=draw_id,
        stage=Draw.Stage.ANNOUNCED if second else Draw.Stage.COMMITTED,
        round=round_,
        kind=kind,
        case=case,
        attempt=attempt,
        reason=reason.strip(),
        terms=terms.as_json(),
        terms_sha256=terms.sha256,
        organiser_commitment=commitment,
        public_at=public_at,
        reveal_by=reveal_by,
        supervisor=supervisor,
        supervisor_body=body,
        supervisor_role=supervisor_role.strip(),
        announced_at=act.now,
        announced_by=act.by,
        is_demo=round_.is_demo,
    )


def _of_the_round(round_: Round, kind: str, case: Case | None) -> list[Problem]:
    """What stands against drawing for this case."""
    if case is None:
        return []
    problems = []
    if kind != Draw.Kind.EXPERTS:
        problems.append(Problem(_("只有抽取专家才能指定项目"), where="case"))
    if case.round_id != round_.pk:
        problems.append(Problem(_("这个项目不在本轮评审中"), where="case"))
    elif case.stage not in Case.ASSIGNABLE:
        problems.append(Problem(_("项目状态为“%s”，不再抽取专家") % case.get_stage_display(), where="case"))
    return problems


def _body_of(round_: Round, supervisor: User) -> str:
    """The body for which this person may watch; empty: for none."""
    if not queries.supervisors(round_).filter(pk=supervisor.pk).exists():
        return ""
    membership = Membership.objects.filter(user=supervisor).select_related("organisation").first()
    return membership.organisation.name if membership else ""


@action(
    "draw.commit_second",
    title=gettext_lazy("会签单位承诺"),
    on=Draw,
    may=rules.is_second,
    stages=("announced",),
    to=("committed",),
)
def commit_second(draw: Draw, act: Act, *, commitment: str) -> Draw:
    """会签单位的密钥承诺记入台账；须早于公开值的时间。平台只存承诺，不存密钥。"""
    _not_after(draw.public_at, act, _("已到公开值的时间，不能再承诺，本次抽取只能作废"))
    if not draws.is_secret(commitment):
        raise Invalid([Problem(_("承诺的格式不对"), where="secret")])
    draw.second_commitment = commitment
    draw.save(update_fields=["second_commitment"])
    act.move(draw, Draw.Stage.COMMITTED)
    act.note(commitment=commitment)
    return draw


@action(
    "draw.supervise",
    title=gettext_lazy("监督人员签到"),
    on=Draw,
    may=rules.supervises,
    stages=("announced", "committed"),
)
def supervise(draw: Draw, act: Act) -> Draw:
    """监督人员本人确认：已核对候选名单、排除及理由和抽取办法，在场监督本次抽取。"""
    draw.supervised_at = act.now
    draw.save(update_fields=["supervised_at"])
    terms = terms_of(draw)
    watched = draws.supervisor_sha256(terms, body=draw.supervisor_body, role=draw.supervisor_role)
    act.note(terms_sha256=draw.terms_sha256, supervisor_sha256=watched)
    return draw


@action(
    "draw.reveal_public",
    title=gettext_lazy("揭示公开值"),
    on=Draw,
    may=rules.reveals_public_value,
    stages=("committed",),
    to=("revealed",),
)
def reveal_public(draw: Draw, act: Act, *, value: str) -> Draw:
    """到事先公告的时间，会签单位揭示密钥；公开值取自外部的，由监督人员如实记下。"""
    _not_after(draw.reveal_by, act, _("已过揭示期限，本次抽取只能作废"))
    value = value.strip()
    problems = []
    if act.now < draw.public_at:
        problems.append(Problem(_("未到公告的公开值时间"), where="value"))
    if draw.supervised_at is None:
        problems.append(Problem(_("监督人员尚未签到")))
    if draw.has_second and not _keeps(draw, draws.SECOND, value, draw.second_commitment):
        problems.append(_broken())
    if not draw.has_second and not value:
        problems.append(Problem(_("请填写公开值"), where="value"))
    problems += misfits(Draw, public_value=value)
    if problems:
        raise Invalid(problems)
    draw.public_value = value
    draw.save(update_fields=["public_value"])
    act.move(draw, Draw.Stage.REVEALED)
    return draw


@action(
    "draw.reveal",
    title=gettext_lazy("揭示密钥并抽取"),
    on=Draw,
    may=rules.reveals,
    stages=("revealed",),
    to=("drawn",),
    clauses=("N9",),
    mails=mails.drawn,
)
def reveal(draw: Draw, act: Act, *, secret: str) -> Draw:
    """主办单位揭示密钥，平台按公告的条件和两个值算出结果。结果在评审结果公布之前只对组织单位和监督人员可见。"""
    _not_after(draw.reveal_by, act, _("已过揭示期限，本次抽取只能作废"))
    secret = secret.strip()
    if not _keeps(draw, draws.ORGANISER, secret, draw.organiser_commitment):
        raise Invalid([_broken(where="secret")])
    seed = draws.seed_of(terms_sha256=draw.terms_sha256, secret=secret, public_value=draw.public_value)
    outcome = draws.draw(terms_of(draw), seed=seed)
    draw.organiser_secret, draw.seed = secret, seed.hex()
    draw.outcome, draw.drawn_at = outcome.as_json(), act.now
    draw.save(update_fields=["organiser_secret", "seed", "outcome", "drawn_at"])
    act.move(draw, Draw.Stage.DRAWN)
    act.note(outcome_sha256=draws.outcome_sha256(outcome, seed=seed))
    return draw


@action(
    "draw.void",
    title=gettext_lazy("作废抽取"),
    on=Draw,
    may=rules.voids,
    stages=("announced", "committed", "revealed"),
    to=("void",),
)
def void(draw: Draw, act: Act, *, party: str, reason: str) -> Draw:
    """作废的抽取连同理由留在记录里，结果公布后一并公开并计数。公开值已经揭示的，过了揭示期限才能作废。"""
    if draw.stage == Draw.Stage.REVEALED and act.now < draw.reveal_by:
        why = _("公开值已经揭示，结果已经确定：在揭示期限之前不能作废，只能揭示密钥")
        raise Invalid([Problem(why)], why)
    problems = misfits(Draw, void_reason=reason.strip())
    if not reason.strip():
        problems.append(Problem(_("请写明作废的理由"), where="reason"))
    if party not in Draw.Party.values:
        problems.append(Problem(_("请选择是哪一方的原因"), where="party"))
    if problems:
        raise Invalid(problems)
    draw.void_party, draw.void_reason = party, reason.strip()
    draw.save(update_fields=["void_party", "void_reason"])
    act.move(draw, Draw.Stage.VOID)
    act.note(party=party)
    return draw


def terms_of(draw: Draw) -> draws.Terms:
    """The announced terms, as the algorithm takes them."""
    raw: dict[str, Any] = draw.terms
    return draws.Terms(
        draw=raw["draw"],
        purpose=raw["purpose"],
        candidates=tuple(draws.Candidate(one["code"], one["stratum"]) for one in raw["candidates"]),
        exclusions=tuple(draws.Exclusion(one["code"], one["reason"]) for one in raw["exclusions"]),
        take=raw["take"],
        reserves=raw["reserves"],
        stratified=raw["stratified"],
        salt=raw["salt"],
        public_value=draws.PublicValue(**raw["public_value"]),
        more=raw["more"],
    )


def _keeps(draw: Draw, role: str, secret: str, promised: str) -> bool:
    return (
        draws.is_secret(secret) and draws.commitment(draw=str(draw.pk), role=role, secret=secret) == promised
    )


def _broken(where: str = "value") -> Problem:
    return Problem(
        _("密钥与承诺不符"),
        where=where,
        expected=_("公告（承诺）时保存的 64 位密钥，一字不差"),
        mend=_("请核对密封件；确已遗失的，到期作废后重新抽取"),
    )


def _not_after(instant: datetime, act: Act, reason: str) -> None:
    if act.now >= instant:
        raise Closed(reason)
