"""Commendations: drafted, consulted, consented to by one hash, issued; the names of people erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery import commending
from qingyuan.delivery.commending import Body, Person
from qingyuan.delivery.mails import commendation as mails
from qingyuan.delivery.models import (
    Commendation,
    CommendationConsent,
    CommendedBody,
    CommendedPerson,
)
from qingyuan.delivery.rules import commendation as rules
from qingyuan.kernel.actions import Act, Invalid, Problem, Stale, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.ledger import stamp
from qingyuan.kernel.models import Upload
from qingyuan.papers.canonical import sha256_hex
from qingyuan.people.models import JointBody, Role


def _write(
    commendation: Commendation,
    act: Act,
    *,
    title: str,
    basis: str,
    attachment_number: str,
    bodies: Sequence[Body],
    persons: Sequence[Person],
) -> None:
    """The draft as given; raises Invalid with everything that stands against it."""
    texts = {"title": title.strip(), "basis": basis.strip(), "attachment_number": attachment_number.strip()}
    problems = misfits(Commendation, **texts)
    if not texts["title"]:
        problems.append(Problem(_("请填写标题"), where="title"))
    if persons and not texts["attachment_number"]:
        problems.append(Problem(_("表扬个人的，请填写个人名单的附件编号"), where="attachment_number"))
    problems += commending.problems_of(commendation.joint_body, bodies, persons)
    if problems:
        raise Invalid(problems)
    for name, value in texts.items():
        setattr(commendation, name, value)
    commendation.save()
    commendation.bodies.all().delete()
    CommendedBody.objects.bulk_create(
        CommendedBody(
            commendation=commendation,
            project_id=one.project_id,
            organisation_id=one.organisation_id,
            reason=one.reason.strip(),
            position=position,
        )
        for position, one in enumerate(bodies, start=1)
    )
    _write_persons(commendation, persons)
    # Of people the ledger keeps how many, and nothing by which one could be known.
    act.note(bodies=len(bodies), persons=len(persons))


def _write_persons(commendation: Commendation, persons: Sequence[Person]) -> None:
    commendation.persons.all().delete()
    rows = []
    for position, one in enumerate(persons, start=1):
        person = Person(one.name.strip(), one.body.strip(), one.reason.strip())
        salt, commitment = commending.committed(person)
        rows.append(
            CommendedPerson(
                commendation=commendation,
                position=position,
                name=person.name,
                body=person.body,
                reason=person.reason,
                salt=salt,
                commitment=commitment,
            )
        )
    CommendedPerson.objects.bulk_create(rows)


@action(
    "commendation.draft",
    title=gettext_lazy("拟稿通报表扬"),
    on=JointBody,
    may=rules.commends,
    creates=Commendation,
    creates_in=("drafting",),
    clauses=("H6",),
    idempotent=True,
)
def draft(
    joint_body: JointBody,
    act: Act,
    *,
    title: str,
    basis: str = "",
    attachment_number: str = "",
    bodies: Sequence[Body],
    persons: Sequence[Person] = (),
) -> Commendation:
    """由主办单位拟稿：通过评估验收的试点中表现突出的单位和理由；个人另列，只有主办和会签单位看得到，可以删除。"""
    commendation = Commendation(joint_body=joint_body, drafted_at=act.now)
    _write(
        commendation,
        act,
        title=title,
        basis=basis,
        attachment_number=attachment_number,
        bodies=bodies,
        persons=persons,
    )
    return commendation


@action(
    "commendation.revise",
    title=gettext_lazy("修改通报表扬"),
    on=Commendation,
    may=rules.handles_commendation,
    stages=("drafting",),
)
def revise(
    commendation: Commendation,
    act: Act,
    *,
    title: str,
    basis: str = "",
    attachment_number: str = "",
    bodies: Sequence[Body],
    persons: Sequence[Person] = (),
) -> Commendation:
    """修改拟稿的名单、理由和文字。"""
    _write(
        commendation,
        act,
        title=title,
        basis=basis,
        attachment_number=attachment_number,
        bodies=bodies,
        persons=persons,
    )
    return commendation


@action(
    "commendation.send_for_cosign",
    title=gettext_lazy("送会签通报表扬"),
    on=Commendation,
    may=rules.handles_commendation,
    stages=("drafting",),
    to=("cosign",),
    mails=mails.cosign,
)
def send_for_cosign(commendation: Commendation, act: Act, *, due_at: datetime) -> Commendation:
    """送各会签单位在期限内审阅；主办和会签单位都同意同一内容，通报才成立。"""
    if due_at <= act.now:
        raise Invalid(
            [Problem(_("会签期限须晚于现在"), where="due_at", expected=_("晚于 %s") % stamp(act.now))]
        )
    commendation.content_sha256, commendation.cosign_due_at = commending.content_hash(commendation), due_at
    commendation.save(update_fields=["content_sha256", "cosign_due_at"])
    act.move(commendation, Commendation.Stage.COSIGN)
    act.note(content_sha256=commendation.content_sha256, due_at=stamp(due_at))
    return commendation


def _say(commendation: Commendation, act: Act, *, seen: str, agrees: bool, opinion: str) -> None:
    if seen != commendation.content_sha256:
        raise Stale(_("您阅看之后内容又有修改，请重新核对现在的内容"))
    for organisation in rules.bodies_of(act.by, commendation, Role.SIGNER):
        CommendationConsent.objects.update_or_create(
            commendation=commendation,
            organisation=organisation,
            content_sha256=commendation.content_sha256,
            defaults={"by": act.by, "at": act.now, "agrees": agrees, "opinion": opinion},
        )
    act.note(content_sha256=commendation.content_sha256, agrees=agrees)


@action(
    "commendation.consent",
    title=gettext_lazy("同意通报表扬"),
    on=Commendation,
    may=rules.signs_commendation | rules.cosigns_commendation,
    stages=("cosign",),
    to=("agreed",),
    clauses=("H6",),
    idempotent=True,
)
def consent(commendation: Commendation, act: Act, *, content_sha256: str) -> Commendation:
    """代表本单位同意所阅看的内容；主办和全部会签单位都同意同一内容，通报才成立。"""
    _say(commendation, act, seen=content_sha256, agrees=True, opinion="")
    parts = {part.organisation_id for part in commendation.joint_body.seats}
    agreed = commendation.consents.filter(content_sha256=commendation.content_sha256, agrees=True)
    if parts <= set(agreed.values_list("organisation_id", flat=True)):
        act.move(commendation, Commendation.Stage.AGREED)
    return commendation


@action(
    "commendation.dissent",
    title=gettext_lazy("对通报表扬提出不同意见"),
    on=Commendation,
    may=rules.signs_commendation | rules.cosigns_commendation,
    stages=("cosign",),
    to=("disagreed",),
)
def dissent(commendation: Commendation, act: Act, *, content_sha256: str, opinion: str) -> Commendation:
    """代表本单位表示不同意并写明意见，由主办单位协商后重新拟稿。"""
    problems = misfits(CommendationConsent, opinion=opinion.strip())
    if not opinion.strip():
        problems.append(Problem(_("请写明不同意的意见"), where="opinion"))
    if problems:
        raise Invalid(problems)
    _say(commendation, act, seen=content_sha256, agrees=False, opinion=opinion.strip())
    act.move(commendation, Commendation.Stage.DISAGREED)
    return commendation


@action(
    "commendation.return_to_draft",
    title=gettext_lazy("退回拟稿"),
    on=Commendation,
    may=rules.edits_for_cosigner | rules.handles_commendation,
    stages=("cosign", "disagreed", "agreed"),
    to=("drafting",),
)
def return_to_draft(commendation: Commendation, act: Act, *, remark: str) -> Commendation:
    """写明意见，退回拟稿；重新送会签后各单位重新表示意见。"""
    if not remark.strip():
        raise Invalid([Problem(_("请写明退回修改的意见"), where="remark")])
    act.move(commendation, Commendation.Stage.DRAFTING)
    act.note(remark_sha256=sha256_hex(remark.encode()))
    return commendation


@action(
    "commendation.issue",
    title=gettext_lazy("印发通报表扬"),
    on=Commendation,
    may=rules.signs_commendation,
    stages=("agreed",),
    to=("issued",),
    clauses=("H6",),
    idempotent=True,
    mails=mails.issued,
)
def issue(
    commendation: Commendation,
    act: Act,
    *,
    document_number: str,
    dated_on: date,
    sealed_copy: Upload | None = None,
) -> Commendation:
    """登记公文系统产生的发文字号和成文日期，公布表扬单位名单；个人名单不公布。"""
    problems = misfits(Commendation, document_number=document_number.strip())
    if not document_number.strip():
        problems.append(Problem(_("请填写发文字号"), where="document_number"))
    if problems:
        raise Invalid(problems)
    if commending.content_hash(commendation) != commendation.content_sha256:
        raise Stale(_("内容与各单位同意的不一致，请退回重新会签"))
    commendation.document_number, commendation.dated_on = document_number.strip(), dated_on
    commendation.sealed_copy, commendation.issued_at = sealed_copy, act.now
    act.move(commendation, Commendation.Stage.ISSUED)
    commendation.save(update_fields=["stage", "document_number", "dated_on", "sealed_copy", "issued_at"])
    act.note(
        content_sha256=commendation.content_sha256,
        document_number=commendation.document_number,
        dated_on=dated_on.isoformat(),
    )
    return commendation


@action(
    "commendation.drop",
    title=gettext_lazy("撤销通报表扬"),
    on=Commendation,
    may=rules.handles_commendation,
    stages=("drafting", "disagreed"),
    to=("dropped",),
)
def drop(commendation: Commendation, act: Act) -> Commendation:
    """撤销这份拟稿；其中的个人姓名一并删除。"""
    act.note(erased=_erase(commendation, act))
    act.move(commendation, Commendation.Stage.DROPPED)
    return commendation


@action(
    "commendation.erase_persons",
    title=gettext_lazy("删除个人姓名"),
    on=Commendation,
    may=rules.handles_commendation | rules.edits_for_cosigner,
    stages=("issued",),
    clauses=("H6",),
)
def erase_persons(commendation: Commendation, act: Act) -> Commendation:
    """删除名单中的个人姓名、单位和事由，不能恢复；会签意见仍可凭指纹核对。"""
    act.note(erased=_erase(commendation, act))
    return commendation


def _erase(commendation: Commendation, act: Act) -> int:
    """Salt and all: what stays is a commitment that nobody can open any more."""
    return commendation.persons.filter(erased_at=None).update(
        name="", body="", reason="", salt="", erased_at=act.now
    )
