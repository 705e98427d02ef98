"""Verbs on calls: prepare, consult, publish, extend."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls import mails, rules
from qingyuan.calls.models import Call, CallReturn, Consent, Supplement
from qingyuan.calls.notices import known_notices
from qingyuan.catalogue.notices.model import Notice
from qingyuan.kernel.actions import Act, Closed, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.ledger import stamp
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.people.models import JointBody, Organisation

OPTIONS = ("prefecture_comment", "return_for_supplement", "publicity")


def content_hash(call: Call) -> str:
    """What the departments consent to: the notice, the instants, the options and the addressees."""
    return sha256_hex(
        canonical_bytes(
            {
                "notice": call.notice_id,
                # The words too: a notice file that is changed after the consent is not what was consented to.
                "notice_sha256": sha256_hex(call.notice.model_dump_json().encode()),
                "title": call.title,
                "opens_at": stamp(call.opens_at),
                "closes_at": stamp(call.closes_at),
                "options": {name: bool(call.options.get(name)) for name in OPTIONS},
                "mailbox": call.mailbox,
                "addressees": sorted(str(pk) for pk in call.addressees.values_list("pk", flat=True)),
            }
            # Only where there is something: calls without it keep the hash to which their departments consented.
            | _forwarding(call)
        )
    )


def _forwarding(call: Call) -> dict[str, object]:
    if call.forward_closes_at is None:
        return {}
    return {
        "forwarding": {"closes_at": stamp(call.forward_closes_at), "jointly": call.forward_jointly},
    }


def _check(
    opens_at: datetime, closes_at: datetime, forward_closes_at: datetime | None, *, jointly: bool
) -> None:
    problems = []
    if closes_at <= opens_at:
        problems.append(Problem(_("截止时间须晚于开始时间"), where="closes_at", expected=_("晚于开始时间")))
    if forward_closes_at is not None and forward_closes_at <= closes_at:
        problems.append(
            Problem(
                _("转报截止须晚于申报截止：最后一刻提交的申报也要有时间转报"),
                where="forward_closes_at",
                expected=_("晚于申报截止时间"),
            )
        )
    if jointly and forward_closes_at is None:
        problems.append(
            Problem(
                _("不经市级转报的，没有会同转报"),
                where="forward_jointly",
                mend=_("填写转报截止时间，或取消会同"),
            )
        )
    if problems:
        raise Invalid(problems)


def _check_fit(notice: Notice, joint_body: JointBody, parent: Call | None) -> None:
    """A national notice is the State's, a provincial one its province's, and it hangs below the notice it names."""
    problems = []
    level = JointBody.Level.STATE if notice.level == "national" else JointBody.Level.PROVINCE
    if joint_body.level != level or (notice.region and joint_body.region_code != notice.region):
        problems.append(Problem(_("“%s”不是这份通知的发文单位") % joint_body, where="notice_id"))
    if parent is not None and parent.notice_id != notice.parent:
        problems.append(Problem(_("“%s”不是这份通知的上级通知") % parent, where="parent"))
    if problems:
        raise Invalid(problems)


@action(
    "call.prepare",
    title=gettext_lazy("依据通知拟制申报"),
    on=JointBody,
    may=rules.handles_for_host,
    creates=Call,
    creates_in=("draft",),
    clauses=("N0", "H1"),
    idempotent=True,
)
def prepare(
    joint_body: JointBody,
    act: Act,
    *,
    notice_id: str,
    opens_at: datetime,
    closes_at: datetime,
    addressees: Iterable[Organisation],
    parent: Call | None = None,
    mailbox: str = "",
    options: dict[str, bool] | None = None,
    forward_closes_at: datetime | None = None,
    forward_jointly: bool = False,
) -> Call:
    """由一份通知文件生成申报通知草稿：类别、条件、大纲、日程都取自通知，可调整的只有起止时间、发送范围和可选环节。"""
    notice = known_notices().get(notice_id)
    if notice is None:
        raise Invalid(
            [
                Problem(
                    _("没有“%s”这份通知") % notice_id, where="notice_id", expected="、".join(known_notices())
                )
            ]
        )
    _check(opens_at, closes_at, forward_closes_at, jointly=forward_jointly)
    _check_fit(notice, joint_body, parent)
    if Call.objects.filter(notice_id=notice_id, joint_body=joint_body).exists():
        raise Invalid([Problem(_("这份通知已经拟制过申报"), where="notice_id")])
    chosen = {name: getattr(notice.options, name).on for name in OPTIONS} | (options or {})
    call = Call.objects.create(
        notice_id=notice_id,
        parent=parent,
        joint_body=joint_body,
        title=notice.title,
        document_number="、".join(notice.document_numbers),
        opens_at=opens_at,
        closes_at=closes_at,
        options={name: bool(chosen[name]) for name in OPTIONS},
        mailbox=mailbox,
        forward_closes_at=forward_closes_at,
        forward_jointly=forward_jointly,
    )
    call.addressees.set(addressees)
    act.note(notice=notice_id, closes_at=stamp(closes_at), addressees=call.addressees.count())
    return call


@action(
    "call.send_for_cosign",
    title=gettext_lazy("送会签"),
    on=Call,
    may=rules.handles_call,
    stages=("draft",),
    to=("cosign",),
)
def send_for_cosign(call: Call, act: Act) -> Call:
    """送会签单位审阅；会签期间内容不能改动。"""
    call.consents.all().delete()
    act.move(call, Call.Stage.COSIGN)
    act.note(content_sha256=content_hash(call))
    return call


@action("call.consent", title=gettext_lazy("会签同意"), on=Call, may=rules.cosigns_call, stages=("cosign",))
def consent(call: Call, act: Act) -> Call:
    """代表会签单位同意当前内容；内容若再变动，同意自动失效。"""
    digest = content_hash(call)
    for organisation in rules.cosigning_organisations(act.by, call):
        Consent.objects.update_or_create(
            call=call,
            organisation=organisation,
            defaults={"by": act.by, "at": act.now, "content_sha256": digest},
        )
    act.note(content_sha256=digest)
    return call


@action(
    "call.return_to_draft",
    title=gettext_lazy("退回修改"),
    on=Call,
    may=rules.cosigns_call | rules.handles_call,
    stages=("cosign",),
    to=("draft",),
    mails=mails.return_mails,
)
def return_to_draft(call: Call, act: Act, *, remark: str) -> Call:
    """写明意见，退回主办单位修改。"""
    problems = misfits(CallReturn, remark=remark.strip())
    if not remark.strip():
        problems.append(Problem(_("请写明退回修改的意见"), where="remark"))
    if problems:
        raise Invalid(problems)
    CallReturn.objects.create(call=call, by=act.by, at=act.now, remark=remark.strip())
    act.move(call, Call.Stage.DRAFT)
    act.note(remark_sha256=sha256_hex(remark.encode()))
    return call


@action(
    "call.revise",
    title=gettext_lazy("修改草稿"),
    on=Call,
    may=rules.handles_call,
    stages=("draft",),
)
def revise(
    call: Call,
    act: Act,
    *,
    opens_at: datetime,
    closes_at: datetime,
    addressees: Iterable[Organisation],
    mailbox: str = "",
    options: dict[str, bool] | None = None,
    forward_closes_at: datetime | None = None,
    forward_jointly: bool = False,
) -> Call:
    """修改起止时间、发送范围、收件邮箱、报送途径和可选环节。"""
    _check(opens_at, closes_at, forward_closes_at, jointly=forward_jointly)
    call.opens_at, call.closes_at, call.mailbox = opens_at, closes_at, mailbox
    call.options = {name: bool((options or {}).get(name)) for name in OPTIONS}
    call.forward_closes_at, call.forward_jointly = forward_closes_at, forward_jointly
    call.addressees.set(addressees)
    call.save(
        update_fields=[
            "opens_at",
            "closes_at",
            "mailbox",
            "options",
            "forward_closes_at",
            "forward_jointly",
        ]
    )
    act.note(content_sha256=content_hash(call))
    return call


def _missing_consents(consented: Iterable[Consent], joint_body: JointBody, digest: str) -> list[Organisation]:
    given = {row.organisation_id for row in consented if row.content_sha256 == digest}
    return [body for body in joint_body.cosigners if body.pk not in given]


def _require_consents(consented: Iterable[Consent], joint_body: JointBody, digest: str) -> None:
    if missing := _missing_consents(consented, joint_body, digest):
        raise Invalid([Problem(_("%s尚未会签同意当前内容") % body, where="consents") for body in missing])


@action(
    "call.publish",
    title=gettext_lazy("发布申报通知"),
    on=Call,
    may=rules.signs_call,
    stages=("cosign",),
    to=("open",),
    clauses=("N0", "H1"),
    idempotent=True,
    mails=mails.publication_mails,
)
def publish(call: Call, act: Act, *, document_number: str = "") -> Call:
    """会签齐备后由主办单位签发，向全部发送对象发出通知。发文字号由公文系统产生后填入。"""
    digest = content_hash(call)
    _require_consents(call.consents.all(), call.joint_body, digest)
    if document_number:
        call.document_number = document_number
    call.published_at = act.now
    call.save(update_fields=["document_number", "published_at"])
    act.move(call, Call.Stage.OPEN)
    act.note(content_sha256=digest, closes_at=stamp(call.closes_at))
    return call


def supplement_hash(supplement: Supplement) -> str:
    return sha256_hex(
        canonical_bytes(
            {
                "call": str(supplement.call_id),
                "closes_at": stamp(supplement.new_closes_at),
                "reason": supplement.reason,
            }
        )
    )


def _refuse_after_closing(call: Call, act: Act) -> None:
    """A call that has closed stays closed: to open it again for some would be a hidden grace."""
    if act.now >= call.closes_at:
        raise Closed(_("申报已截止，不能再以补充通知延长"))


@action(
    "supplement.propose",
    title=gettext_lazy("拟补充通知（延长截止时间）"),
    on=Call,
    may=rules.handles_call,
    stages=("open",),
    creates=Supplement,
    creates_in=("cosign",),
    idempotent=True,
)
def propose_supplement(call: Call, act: Act, *, new_closes_at: datetime, reason: str) -> Supplement:
    """延长截止时间只能以联合补充通知的形式，对全部申报单位一视同仁。"""
    _refuse_after_closing(call, act)
    problems = misfits(Supplement, reason=reason.strip())
    if new_closes_at <= call.closes_at:
        problems.append(Problem(_("新的截止时间须晚于现在的截止时间"), where="new_closes_at"))
    if not reason.strip():
        problems.append(Problem(_("请写明理由"), where="reason"))
    if call.supplements.filter(stage=Supplement.Stage.COSIGN).exists():
        problems.append(Problem(_("已有一份补充通知在会签中，请先办结"), where="new_closes_at"))
    if problems:
        raise Invalid(problems)
    supplement = Supplement.objects.create(
        call=call,
        old_closes_at=call.closes_at,
        new_closes_at=new_closes_at,
        reason=reason.strip(),
        proposed_at=act.now,
    )
    act.note(new_closes_at=stamp(new_closes_at))
    return supplement


@action(
    "supplement.consent",
    title=gettext_lazy("会签同意补充通知"),
    on=Supplement,
    may=rules.cosigns_supplement,
    stages=("cosign",),
)
def consent_to_supplement(supplement: Supplement, act: Act) -> Supplement:
    """代表会签单位同意延长截止时间。"""
    digest = supplement_hash(supplement)
    for organisation in rules.cosigning_organisations(act.by, supplement.call):
        Consent.objects.update_or_create(
            supplement=supplement,
            organisation=organisation,
            defaults={"by": act.by, "at": act.now, "content_sha256": digest},
        )
    act.note(content_sha256=digest)
    return supplement


@action(
    "supplement.drop",
    title=gettext_lazy("撤销补充通知"),
    on=Supplement,
    may=rules.handles_supplement | rules.cosigns_supplement,
    stages=("cosign",),
    to=("dropped",),
)
def drop_supplement(supplement: Supplement, act: Act) -> Supplement:
    """不再延长；截止时间不变。"""
    act.move(supplement, Supplement.Stage.DROPPED)
    return supplement


def _call_of(supplement: Supplement, **_arguments: object) -> list[Model]:
    return [supplement.call]


@action(
    "supplement.issue",
    title=gettext_lazy("发布补充通知"),
    on=Supplement,
    may=rules.signs_supplement,
    stages=("cosign",),
    to=("issued",),
    idempotent=True,
    mails=mails.supplement_mails,
    locks=_call_of,
)
def issue_supplement(supplement: Supplement, act: Act, *, document_number: str = "") -> Supplement:
    """会签齐备后签发；新的截止时间立即对全部申报单位生效，并逐一通知。"""
    _refuse_after_closing(supplement.call, act)
    _require_consents(supplement.consents.all(), supplement.call.joint_body, supplement_hash(supplement))
    call = supplement.call
    if call.forward_closes_at is not None:
        # The bureaus keep the time that the call gave them after the closing.
        call.forward_closes_at += supplement.new_closes_at - call.closes_at
    call.closes_at = supplement.new_closes_at
    call.revision += 1
    call.save(update_fields=["closes_at", "forward_closes_at", "revision"])
    supplement.issued_at, supplement.document_number = act.now, document_number
    supplement.save(update_fields=["issued_at", "document_number"])
    act.move(supplement, Supplement.Stage.ISSUED)
    act.note(new_closes_at=stamp(supplement.new_closes_at))
    return supplement
