"""Verbs of 经所在市转报: the bureau forwards or returns; the receiver goes on when its time is over."""

from __future__ import annotations

from django.db.models import Max, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.mails import shown_until
from qingyuan.kernel.actions import Act, Closed, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.papers.canonical import sha256_hex
from qingyuan.people.models import Role
from qingyuan.pilots import forwarding as ways
from qingyuan.pilots import mails_forwarding
from qingyuan.pilots.models import (
    ForwardingOpinion,
    Pilot,
    PrefectureForwarding,
    SignOff,
    Submission,
)

Stage = PrefectureForwarding.Stage
Word = ForwardingOpinion.Word


def begin(submission: Submission, act: Act) -> PrefectureForwarding | None:
    """Part of `pilot.submit`: the version goes to the bureaus of its place, or straight on (None)."""
    route = ways.route_of(submission.pilot)
    act.note(route=[str(body.pk) for body in route.bureaus])
    if not route.bureaus:
        return None
    made = PrefectureForwarding.objects.create(
        pilot=submission.pilot,
        call=submission.call,
        submission=submission,
        organisation=route.bureaus[0],
        arrived_at=submission.submitted_at,
    )
    ForwardingOpinion.objects.bulk_create(
        ForwardingOpinion(forwarding=made, organisation=body) for body in route.bureaus
    )
    return made


def end_waiting(pilot: Pilot, act: Act) -> None:
    """Part of `pilot.submit` and `pilot.withdraw`: nothing older waits any more."""
    for waiting in pilot.forwardings.filter(stage=Stage.WAITING):
        act.move(waiting, Stage.VOID)
        waiting.closed_at = act.now
        waiting.save(update_fields=["stage", "closed_at"])


def _call_and_pilot(forwarding: PrefectureForwarding, **_arguments: object) -> list[Model]:
    """The call counts the bureau's register; the pilot goes back with a return."""
    return [forwarding.call, forwarding.pilot]


def _give(forwarding: PrefectureForwarding, act: Act, *, word: str, text: str) -> ForwardingOpinion:
    """The opinion of the acting person's bureau, or all that speaks against it."""
    if ways.is_over(forwarding, act.now):
        due = forwarding.call.forward_closes_at
        assert due is not None
        raise Closed(
            _("转报已于 %s 截止；申报以申报单位提交的时刻为准，由受理单位直接办理") % shown_until(due)
        )
    text, opinion = text.strip(), ways.own_opinion(act.by, forwarding, Role.HANDLER, Role.LEAD)
    problems = misfits(ForwardingOpinion, text=text)
    if word != Word.AGREE and not text:
        problems.append(Problem(_("请写明理由"), where="text"))
    if opinion is not None and opinion.word:
        problems.append(Problem(_("本单位已对这一版本提出意见，不能更改"), where="text"))
    if problems or opinion is None:
        raise Invalid(problems)
    opinion.word, opinion.text, opinion.by, opinion.at = word, text, act.by, act.now
    opinion.save()
    act.note(
        organisation=str(opinion.organisation_id),
        word=str(word),
        text_sha256=sha256_hex(text.encode()),
        register_number=forwarding.submission.register_number,
    )
    return opinion


@action(
    "forwarding.give",
    title=gettext_lazy("提出市级意见并转报"),
    on=PrefectureForwarding,
    may=ways.forwards,
    stages=(Stage.WAITING,),
    to=(Stage.FORWARDED,),
    idempotent=True,
    mails=mails_forwarding.give_mails,
    locks=_call_and_pilot,
)
def give(forwarding: PrefectureForwarding, act: Act, *, agree: bool, text: str = "") -> PrefectureForwarding:
    """市级生态环境局（通知规定会同的，还有发展改革委）提出意见并转报；不同意的写明理由，一并转报，由受理单位判断。该提意见的单位都提出后登记转报号。"""
    _give(forwarding, act, word=Word.AGREE if agree else Word.DISSENT, text=text)
    if forwarding.opinions.filter(word="").exists():
        return forwarding
    given = PrefectureForwarding.objects.filter(
        call_id=forwarding.call_id, organisation_id=forwarding.organisation_id
    ).aggregate(last=Max("number"))
    forwarding.number, forwarding.closed_at = (given["last"] or 0) + 1, act.now
    act.move(forwarding, Stage.FORWARDED)
    forwarding.save(update_fields=["number", "closed_at", "stage"])
    act.note(forwarding_number=forwarding.number)
    return forwarding


@action(
    "forwarding.return",
    title=gettext_lazy("退回申报单位"),
    on=PrefectureForwarding,
    may=ways.forwards,
    stages=(Stage.WAITING,),
    to=(Stage.RETURNED,),
    mails=mails_forwarding.return_mails,
    locks=_call_and_pilot,
)
def send_back(forwarding: PrefectureForwarding, act: Act, *, text: str) -> PrefectureForwarding:
    """申报截止之前，写明理由退回申报单位修改后再次提交；在新版本提交之前，已收到的版本仍在收件登记簿上。截止之后不能退回，只能转报。"""
    if not forwarding.call.accepts_at(act.now):
        raise Closed(_("申报已截止，申报单位不能再修改，不能退回；不同意的，请附不同意见转报"))
    _give(forwarding, act, word=Word.RETURN, text=text)
    act.move(forwarding, Stage.RETURNED)
    forwarding.closed_at = act.now
    forwarding.save(update_fields=["stage", "closed_at"])
    pilot = Pilot.objects.get(pk=forwarding.pilot_id)
    SignOff.objects.create(
        pilot=pilot, step=SignOff.Step.PREFECTURE, by=act.by, at=act.now, remark=text.strip()[:1000]
    )
    if pilot.stage == Pilot.Stage.SUBMITTED:
        act.move(pilot, Pilot.Stage.DRAFTING)
        # The database holds that a submitted pilot is bound: stage and binding are saved together.
        pilot.content_sha256, pilot.no_state_secrets = "", False
        pilot.revision += 1
        pilot.save(update_fields=["content_sha256", "no_state_secrets", "stage", "revision"])
    return forwarding


@action(
    "forwarding.lapse",
    title=gettext_lazy("登记逾期未转报"),
    on=PrefectureForwarding,
    may=ways.receives_forwarding,
    stages=(Stage.WAITING,),
    to=(Stage.LAPSED,),
    mails=mails_forwarding.lapse_mails,
)
def lapse(forwarding: PrefectureForwarding, act: Act) -> PrefectureForwarding:
    """转报期限已过而没有转报：受理单位直接办理，申报以申报单位提交的时刻为准，不因转报而受影响。"""
    if not ways.is_over(forwarding, act.now):
        raise Closed(_("转报的期限还没有到，不能登记逾期"))
    act.move(forwarding, Stage.LAPSED)
    forwarding.closed_at = act.now
    forwarding.save(update_fields=["stage", "closed_at"])
    act.note(missing=[str(one.organisation_id) for one in forwarding.opinions.filter(word="")])
    return forwarding
