"""Reads that the pages and the API share; what a person may not see is never in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.models import Call
from qingyuan.kernel import checks, clock
from qingyuan.kernel.actions import verbs
from qingyuan.kernel.checks import Finding
from qingyuan.kernel.models import LedgerEntry
from qingyuan.people.models import Organisation, Role, User
from qingyuan.pilots import doubles, returned, rules
from qingyuan.pilots.models import CertificateRequest, Pilot, ScopeEntry, SignOff, SupplementRequest
from qingyuan.registry.models import Enterprise

Stage = Pilot.Stage
FINISHED = (Stage.SUBMITTED, Stage.WITHDRAWN)
RELATED = ("call", "applicant")
SORTS = {"name": "name", "applicant": "applicant__name", "closes": "call__closes_at", "stage": "stage"}
PATH = (Stage.DRAFTING, Stage.REVIEWING, Stage.SIGNING, Stage.SIGNED, Stage.SUBMITTED)
TONES: dict[str, str] = {
    Stage.DRAFTING: "info",
    Stage.REVIEWING: "warn",
    Stage.SIGNING: "warn",
    Stage.SIGNED: "warn",
    Stage.SUBMITTED: "good",
    Stage.WITHDRAWN: "neutral",
}


def visible(user: Any) -> QuerySet[Pilot]:
    """The pilots whose working papers this person reads."""
    return Pilot.objects.filter(rules.visible_pilots(user)).select_related(*RELATED)


def search(
    user: Any, *, text: str = "", stage: str = "", call: Any = None, category: str = "", sort: str = ""
) -> QuerySet[Pilot]:
    """The list of 我的试点, filtered and sorted; an unknown sort falls back to the newest first."""
    rows = visible(user)
    if text := " ".join(text.split()):
        rows = rows.filter(
            Q(name__icontains=text) | Q(object_name__icontains=text) | Q(applicant__name__icontains=text)
        )
    if stage:
        rows = rows.filter(stage=stage)
    if call is not None:
        rows = rows.filter(call=call)
    if category:
        rows = rows.filter(category_id=category)
    field = SORTS.get(sort.removeprefix("-"))
    if field is None:
        return rows.order_by("-created_at", "pk")
    return rows.order_by(f"-{field}" if sort.startswith("-") else field, "pk")


def calls_of(user: Any) -> QuerySet[Call]:
    """The calls under which this person has pilots."""
    return Call.objects.filter(pilots__in=Pilot.objects.filter(rules.visible_pilots(user))).distinct()


def applicants_of(user: Any) -> list[Organisation]:
    """The bodies for which this person may begin an application."""
    return sorted(
        (
            body
            for body in user.standing.organisations.values()
            if body.may_apply and user.standing.holds(body.pk, Role.HANDLER, Role.LEAD)
        ),
        key=lambda body: body.name,
    )


def open_calls() -> QuerySet[Call]:
    """Calls that take applications at this instant."""
    now = clock.now()
    return Call.objects.filter(stage=Call.Stage.OPEN, opens_at__lte=now, closes_at__gt=now)


def open_requests(user: Any) -> dict[Any, SupplementRequest]:
    """The open 退回补充完善 of the pilots on which this person works, by pilot."""
    standing = user.standing
    found = SupplementRequest.objects.filter(
        stage=SupplementRequest.Stage.OPEN,
        pilot__applicant__in=[*standing.organisation_ids, *standing.authorised],
    )
    return {request.pilot_id: request for request in found}


def open_certificates(user: Any) -> QuerySet[CertificateRequest]:
    """Letters without an answer that the user's bodies sent or got, of applications still being written."""
    bodies = user.standing.organisation_ids
    return (
        CertificateRequest.objects.filter(
            Q(pilot__applicant__in=bodies) | Q(organisation__in=bodies),
            stage=CertificateRequest.Stage.SENT,
            pilot__stage=Stage.DRAFTING,
        )
        .select_related("pilot__call", "pilot__applicant")
        .order_by("sent_at")
    )


def certificates_asked_of(user: Any) -> QuerySet[CertificateRequest]:
    """Letters to the user's bodies: the unanswered first, the nearest date first, then the answered."""
    return (
        CertificateRequest.objects.filter(organisation__in=user.standing.organisation_ids)
        .select_related("pilot__call", "pilot__applicant")
        .order_by(
            Case(When(stage=CertificateRequest.Stage.SENT, then=0), default=1),
            F("due_on").asc(nulls_last=True),
            "-sent_at",
        )
    )


def certificates_seen_by(user: Any) -> QuerySet[CertificateRequest]:
    """Letters of the pilots whose working papers this person reads, and letters to the person's bodies."""
    mine = Q(pilot__in=Pilot.objects.filter(rules.visible_pilots(user)).values("pk"))
    return (
        CertificateRequest.objects.filter(mine | Q(organisation__in=user.standing.organisation_ids))
        .select_related("pilot__call", "pilot__applicant")
        .order_by("-sent_at", "pk")
    )


def requests_seen_by(user: Any) -> QuerySet[SupplementRequest]:
    """退回补充完善 of the pilots on which this person works, and of the calls that the person's departments receive."""
    mine = Q(pilot__in=Pilot.objects.filter(rules.visible_pilots(user)).values("pk"))
    received = Call.objects.filter(joint_body__parts__organisation__in=user.standing.organisation_ids)
    return (
        SupplementRequest.objects.filter(mine | Q(pilot__call__in=received.values("pk")))
        .select_related("pilot__applicant", "pilot__call")
        .order_by("-asked_at", "pk")
    )


def overdue_requests(user: Any) -> QuerySet[SupplementRequest]:
    """Open requests of the user's departments whose deadline has passed."""
    return (
        SupplementRequest.objects.filter(
            stage=SupplementRequest.Stage.OPEN,
            due_at__lte=clock.now(),
            organisation__in=user.standing.organisation_ids,
        )
        .select_related("pilot__applicant", "pilot__call__joint_body")
        .prefetch_related("pilot__call__joint_body__parts")
    )


# --- one pilot


@dataclass(frozen=True)
class Part:
    """A part of the application as its navigation shows it."""

    key: str
    title: str
    icon: str
    url: str
    errors: int = 0
    warnings: int = 0

    @property
    def state(self) -> Literal["done", "open", "look", "none"]:
        if self.key == "overview":
            return "none"
        return "open" if self.errors else "look" if self.warnings else "done"


PARTS: tuple[tuple[str, str | Promise, str, str], ...] = (
    ("overview", gettext_lazy("概况"), "file-description", "pilots:pilot"),
    ("object", gettext_lazy("试点对象"), "target-arrow", "pilots:describe"),
    ("eligibility", gettext_lazy("申报条件"), "checklist", "pilots:eligibility"),
    ("scope", gettext_lazy("范围内企业"), "building-factory-2", "pilots:scope"),
    ("plan", gettext_lazy("实施方案"), "file-text", "pilots:plan"),
    ("targets", gettext_lazy("试点目标"), "chart-bar", "pilots:targets"),
    ("schedule", gettext_lazy("实施计划与产出"), "route", "pilots:schedule"),
    ("attachments", gettext_lazy("附件"), "paperclip", "pilots:attachments"),
    ("check", gettext_lazy("提交前自查"), "clipboard-check", "pilots:check"),
)
AREA_TITLES = {key: title for key, title, _icon, _url in PARTS}


LEVELS: dict[str, str | Promise] = {
    "error": gettext_lazy("须完成"),
    "warning": gettext_lazy("请核对"),
    "info": gettext_lazy("供参考"),
}
"""What a finding asks of the applicant: on the page, on paper and in the dossier."""


def findings_of(pilot: Pilot) -> list[Finding]:
    """The self-check, with what only the submission asks once the application is signed."""
    found = checks.run("pilot", pilot)
    if pilot.stage == Stage.SIGNED:
        found += checks.run("pilot.submit", pilot)
    return checks.by_level(found)


def parts_of(pilot: Pilot, findings: list[Finding]) -> list[Part]:
    """The parts with the number of findings in each; the check counts all of them."""
    parts = []
    for key, title, icon, url_name in PARTS:
        mine = findings if key == "check" else [finding for finding in findings if finding.area == key]
        errors, warnings = (sum(finding.level == level for finding in mine) for level in ("error", "warning"))
        parts.append(Part(key, str(title), icon, reverse(url_name, args=[pilot.pk]), errors, warnings))
    return parts


def grouped(findings: list[Finding]) -> list[tuple[str, list[Finding]]]:
    """Findings by area, in the order of the parts; areas of other rooms come last."""
    order = [key for key, _title, _icon, _url in PARTS]
    areas = sorted(
        {finding.area for finding in findings},
        key=lambda area: order.index(area) if area in order else len(order),
    )
    return [
        (
            str(AREA_TITLES.get(area, area or _("其他"))),
            [finding for finding in findings if finding.area == area],
        )
        for area in areas
    ]


def path_of(pilot: Pilot, signoffs: list[SignOff]) -> list[dict[str, str]]:
    """The way from drafting to submission, as the steps part shows it."""
    if pilot.stage == Stage.WITHDRAWN:
        return [
            {"title": str(Stage.DRAFTING.label), "state": "done", "detail": ""},
            {"title": str(Stage.WITHDRAWN.label), "state": "current", "detail": _("不再参加评审")},
        ]
    here = PATH.index(Stage(pilot.stage))
    latest = {signoff.step: signoff.at for signoff in signoffs}
    leaving = {
        Stage.DRAFTING: SignOff.Step.HAND_IN,
        Stage.REVIEWING: SignOff.Step.REVIEW,
        Stage.SIGNING: SignOff.Step.SIGN,
    }
    steps = []
    for number, stage in enumerate(PATH):
        at = latest.get(leaving.get(stage, ""))
        last_is_done = stage == Stage.SUBMITTED and number == here
        steps.append(
            {
                "title": str(stage.label),
                "state": "done" if number < here or last_is_done else "current" if number == here else "todo",
                "detail": f"{clock.local(at):%-m月%-d日 %H:%M}" if at and number < here else "",
            }
        )
    return steps


@dataclass(frozen=True)
class Move:
    """A verb of the sign-off as the overview offers it, or the reasons why it is not offered."""

    title: str
    url: str
    ok: bool
    reasons: tuple[str, ...]
    danger: bool = False
    main: bool = False


MOVES: tuple[tuple[str, str], ...] = (
    ("pilot.hand_in", "pilots:hand-in"),
    ("pilot.pass_review", "pilots:pass-review"),
    ("pilot.sign", "pilots:sign"),
    ("pilot.submit", "pilots:submit"),
    ("pilot.reopen", "pilots:reopen"),
    ("pilot.return_for_changes", "pilots:return"),
    ("pilot.withdraw", "pilots:withdraw"),
)
_QUIET = {"pilot.return_for_changes", "pilot.withdraw", "pilot.reopen"}


def moves_of(pilot: Pilot, user: Any, findings: list[Finding]) -> list[Move]:
    """What this user can do next with the pilot, and why not what they cannot."""
    errors = sum(finding.level == "error" for finding in findings)
    declared = verbs()
    moves = []
    for name, url_name in MOVES:
        verb = declared[name]
        reasons = list(verb.allowed(user, pilot).reasons)
        if name in {"pilot.hand_in", "pilot.sign", "pilot.submit"} and errors and not reasons:
            reasons.append(_("提交前自查还有 %d 处未完成") % errors)
        if name == "pilot.submit" and pilot.open_request is not None:
            reasons += filter(None, [returned.why_not(pilot, now=clock.now())])
        elif name in {"pilot.submit", "pilot.reopen"} and not pilot.call.is_open:
            reasons.append(_("现在不在申报时间内"))
        moves.append(
            Move(
                title=str(verb.title),
                url=reverse(url_name, args=[pilot.pk]),
                ok=not reasons,
                reasons=tuple(reasons),
                danger=name == "pilot.withdraw",
                main=name not in _QUIET,
            )
        )
    return moves


@dataclass(frozen=True)
class Event:
    """A ledger entry as the timeline shows it."""

    when: datetime
    title: str
    who: str
    seq: int
    hash: str
    detail: str = ""


def timeline_of(pilot: Pilot, *, limit: int = 10) -> list[Event]:
    """The newest ledger entries of a pilot and of its submissions, with the names behind the references (three queries)."""
    submissions = {str(pk): version for pk, version in pilot.submissions.values_list("pk", "version")}
    entries = list(
        LedgerEntry.objects.filter(
            Q(subject_type="pilots.pilot", subject_id=str(pilot.pk))
            | Q(subject_type="pilots.submission", subject_id__in=list(submissions))
        ).order_by("-seq")[:limit]
    )
    refs = {entry.actor_ref for entry in entries} - {"system"}
    names = {str(user.ref): str(user) for user in User.objects.filter(ref__in=refs)}
    declared = verbs()
    return [
        Event(
            when=entry.at,
            title=str(declared[entry.verb].title) if entry.verb in declared else entry.verb,
            who=names.get(entry.actor_ref, ""),
            seq=entry.seq,
            hash=entry.hash,
            detail=_("第 %d 版") % submissions[entry.subject_id] if entry.subject_id in submissions else "",
        )
        for entry in entries
    ]


def scope_of(pilot: Pilot, *, text: str = "", sector: str = "", doubled: bool = False) -> QuerySet[Any]:
    """The enterprises in a pilot's scope, searched by name or credit code; `doubled`: those of other applications too."""
    rows = pilot.scope.select_related("enterprise").order_by("pk")
    if text := " ".join(text.split()):
        known = Enterprise.objects.filter(credit_code__icontains=text)
        rows = rows.filter(Q(stated_name__icontains=text) | Q(enterprise__in=known))
    if doubled:
        rows = rows.filter(enterprise__in=doubles.others_of(pilot).values("enterprise"))
    return rows.filter(sector=sector) if sector else rows


MOST_FOUND = 50


def known_enterprises(pilot: Pilot, text: str) -> list[Enterprise]:
    """Enterprises of the registry by name or credit code that are not in the scope yet; those of own applications first."""
    text = " ".join(text.split())
    if len(text) < 2:
        return []
    mine = ScopeEntry.objects.filter(enterprise=OuterRef("pk"), pilot__applicant=pilot.applicant_id)
    return list(
        Enterprise.objects.filter(Q(name__icontains=text) | Q(credit_code__icontains=text.replace(" ", "")))
        .exclude(scopes__pilot=pilot)
        .annotate(is_mine=Exists(mine))
        .order_by("-is_mine", "name", "credit_code")[:MOST_FOUND]
    )


def sectors_in_scope(pilot: Pilot) -> dict[str, int]:
    """How many enterprises of the scope stand in each sector."""
    rows = pilot.scope.order_by().values_list("sector").annotate(count=Count("pk"))
    return {sector: count for sector, count in rows if sector}
