"""How far form check and examination of truth are: of a case, of a page of cases, of a round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from qingyuan.kernel.actions import Problem
from qingyuan.review.models import Case, FormCheck, Round, Truthfulness

CHECK_TONES = {
    FormCheck.Stage.OPEN: "info",
    FormCheck.Stage.PASSED: "good",
    FormCheck.Stage.SENT_BACK: "warn",
    FormCheck.Stage.FAILING: "bad",
}
TRUTH_TONES = {
    Truthfulness.Stage.EXAMINED: "warn",
    Truthfulness.Stage.SIGNED: "good",
    Truthfulness.Stage.RETURNED: "bad",
}


@dataclass(frozen=True)
class State:
    """A word with the colour of its badge."""

    title: str
    tone: str = "neutral"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One case with the state of each check."""

    case: Case
    check: State
    unjudged: int
    truth: State


def latest_check(case: Case) -> FormCheck | None:
    return case.form_checks.select_related("begun_by", "concluded_by", "request").first()


def latest_examination(case: Case) -> Truthfulness | None:
    return case.truthfulness.select_related("examined_by", "signed_by").first()


def sealed_of(case: Case) -> str:
    return case.submission.snapshot_sha256 if case.submission else ""


def lines(cases: Sequence[Case]) -> list[Line]:
    """The states of a page of cases (two queries; `submission` selected with the cases)."""
    checks: dict[Any, FormCheck] = {}
    for check in FormCheck.objects.filter(case__in=cases).order_by("begun_at"):
        checks[check.case_id] = check
    truths: dict[Any, Truthfulness] = {}
    for one in Truthfulness.objects.filter(case__in=cases).order_by("examined_at"):
        truths[one.case_id] = one
    found = []
    for case in cases:
        made = checks.get(case.pk)
        if made is not None:
            made.case = case
        found.append(
            Line(
                case=case,
                check=check_state(case, made),
                unjudged=made.left if made and made.stage == "open" else 0,
                truth=truth_state(case, truths.get(case.pk)),
            )
        )
    return found


def check_state(case: Case, check: FormCheck | None) -> State:
    if check is None or (check.stage == "sent_back" and case.stage == Case.Stage.FORM_CHECK):
        return State(_("待校核"), "warn")
    return State(str(check.get_stage_display()), CHECK_TONES[FormCheck.Stage(check.stage)])


def truth_state(case: Case, one: Truthfulness | None) -> State:
    """What an examination says of the version under review; an older version's says nothing."""
    if one is None or one.stage == Truthfulness.Stage.RETURNED:
        return State(_("待审查") if one is None else str(one.get_stage_display()), "warn")
    if one.sealed_sha256 != sealed_of(case):
        return State(_("已换版本，待重审"), "warn")
    if one.stage == Truthfulness.Stage.SIGNED:
        tone = "bad" if one.result == Truthfulness.Result.UNTRUE else "good"
        return State(str(one.get_result_display()), tone)
    return State(str(one.get_stage_display()), TRUTH_TONES[Truthfulness.Stage(one.stage)])


@dataclass(frozen=True)
class Progress:
    """How many cases of a round there are, how many passed the form check, are still in it, have a signed examination."""

    total: int
    waiting: int
    returned: int
    signed: int


def progress(round_: Round) -> Progress:
    """One query."""
    signed = Truthfulness.objects.filter(
        case=OuterRef("pk"), stage=Truthfulness.Stage.SIGNED, sealed_sha256=OuterRef("sealed")
    )
    found = (
        Case.objects.filter(round=round_)
        .exclude(stage=Case.Stage.WITHDRAWN)
        .order_by()
        .annotate(sealed=_sealed())
        .annotate(truth=Exists(signed))
        .aggregate(
            total=Count("pk"),
            waiting=Count("pk", filter=Q(stage=Case.Stage.FORM_CHECK)),
            returned=Count("pk", filter=Q(stage=Case.Stage.RETURNED)),
            signed=Count("pk", filter=Q(truth=True)),
        )
    )
    return Progress(**found)


def _sealed() -> Any:
    from django.db.models import Value
    from django.db.models.functions import Coalesce

    return Coalesce("submission__snapshot_sha256", Value(""))


def truthfulness_problems(round_: Round, cases: Iterable[Case] | None = None) -> list[Problem]:
    """Why cases cannot be recommended yet: no signed examination of the version under review, or one that says untrue.

    For a province's round (N14); the State relies on the provinces' signatures and gets no problems. `cases`: those to be
    recommended; all that wait for the decision when not named. Two queries.
    """
    if round_.is_state:
        return []
    wanted = list(
        Case.objects.filter(round=round_, stage=Case.Stage.DECISION).select_related("submission", "round")
        if cases is None
        else Case.objects.filter(pk__in=[case.pk for case in cases]).select_related("submission", "round")
    )
    signed = {
        (one.case_id, one.sealed_sha256): one
        for one in Truthfulness.objects.filter(case__in=wanted, stage=Truthfulness.Stage.SIGNED)
    }
    problems = []
    for case in wanted:
        one = signed.get((case.pk, sealed_of(case)))
        if one is None:
            problems.append(
                Problem(
                    _("%(label)s《%(title)s》的真实性审查还没有签发")
                    % {"label": case.label, "title": case.title},
                    where=str(case.pk),
                    mend=_("由省级主办单位审查并签发（地市不能代替）"),
                    clause="N14",
                )
            )
        elif one.result == Truthfulness.Result.UNTRUE:
            problems.append(
                Problem(
                    _("%(label)s《%(title)s》的真实性审查结论为“不属实”")
                    % {"label": case.label, "title": case.title},
                    where=str(case.pk),
                    mend=_("不能推荐"),
                    clause="N14",
                )
            )
    return problems
