"""Verbs of the form check: begin, judge, pass, send back, propose to reject; and go on after a supplement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.pilots import actions as pilots
from qingyuan.pilots.models import Pilot, Submission
from qingyuan.pilots.selfcheck import Found, run_on_snapshot
from qingyuan.review.actions.round import case_of
from qingyuan.review.models import Case, FormCheck, Round
from qingyuan.review.rules import formcheck as rules

Stage = FormCheck.Stage
CLAUSES = ("H3", "N9")
LONGEST_NOTE = 1000


def finding_of(found: Found) -> dict[str, Any]:
    """One finding as it is kept. Its id follows from rule and place, so that the next version's check knows it again."""
    place = found.hit.place
    at = [found.rule, found.clause, found.message, place.area, place.part, place.paragraph]
    return {
        "id": sha256_hex(canonical_bytes(at))[:16],
        "rule": found.rule,
        "severity": found.severity,
        "clause": found.clause,
        "message": found.message,
        "mend": found.mend,
        "excerpt": found.hit.excerpt,
        "area": place.area,
    }


@action(
    "form_check.begin",
    title=gettext_lazy("开始形式校核"),
    on=Case,
    may=rules.checks_case,
    stages=("form_check",),
    creates=FormCheck,
    creates_in=(Stage.OPEN,),
    clauses=CLAUSES,
    idempotent=True,
)
def begin(case: Case, act: Act) -> FormCheck:
    """对封存的申报材料运行通知的规则集，问题清单连同其哈希原样留存；此前对同一问题作过的判断带入，供复核。"""
    if case.round.stage != Round.Stage.REVIEWING:
        raise Invalid([Problem(_("评审尚未开始，不能进行形式校核"), mend=_("先在评审页面“开始评审”"))])
    if case.form_checks.filter(stage__in=[Stage.OPEN, Stage.FAILING]).exists():
        raise Invalid([Problem(_("这个项目的形式校核正在进行"))])
    findings = _findings(case)
    before = case.form_checks.order_by("-begun_at").first()
    known = {one["id"] for one in findings}
    check = FormCheck.objects.create(
        case=case,
        submission=case.submission,
        rule_set=_rule_set(case),
        findings=findings,
        findings_sha256=findings_hash(case.submission, findings),
        on_findings={key: said for key, said in before.on_findings.items() if key in known} if before else {},
        begun_at=act.now,
        begun_by=act.by,
    )
    levels = [one["severity"] for one in findings]
    act.note(
        version=case.submission.version if case.submission else 0,
        rule_set=check.rule_set,
        findings_sha256=check.findings_sha256,
        errors=levels.count("error"),
        warnings=levels.count("warning"),
    )
    return check


def _findings(case: Case) -> list[dict[str, Any]]:
    """In the language of the record; an imported case brought no data that rules could read."""
    if case.submission is None:
        return []
    call = case.round.call
    with in_record_language():
        found = run_on_snapshot(
            case.submission.snapshot, call.notice, closes_on=clock.local(call.closes_at).date()
        )
    # The same sentence at the same place twice is one finding.
    return list({one["id"]: one for one in map(finding_of, found) if one["severity"] != "info"}.values())


def _rule_set(case: Case) -> str:
    rules_ = case.round.notice.self_check
    return f"{rules_.id} {rules_.version}"[:80]


def findings_hash(submission: Submission | None, findings: Sequence[Mapping[str, Any]]) -> str:
    return sha256_hex(
        canonical_bytes(
            {"sealed": submission.snapshot_sha256 if submission else "", "findings": list(findings)}
        )
    )


@action(
    "form_check.judge",
    title=gettext_lazy("填写校核意见"),
    on=FormCheck,
    may=rules.does_check,
    stages=(Stage.OPEN,),
    clauses=CLAUSES,
)
def judge(
    check: FormCheck,
    act: Act,
    *,
    dimensions: Mapping[str, Mapping[str, str]],
    findings: Mapping[str, Mapping[str, str]],
    opinion: str = "",
) -> FormCheck:
    """逐项判断通知规定的校核内容，逐条确认规则集发现的问题是否成立；可以分几次填写，通过之前须全部填完。"""
    problems = misfits(FormCheck, opinion=opinion.strip())
    said_of = {
        "d": _kept(dimensions, {one.id for one in check.dimensions}, FormCheck.Word, "d", problems),
        "f": _kept(findings, {one["id"] for one in check.findings}, FormCheck.OnFinding, "f", problems),
    }
    for key, said in said_of["d"].items():
        if said["word"] != FormCheck.Word.MEETS and not said["note"]:
            problems.append(
                Problem(
                    _("请写明为什么没有完全符合"), where=f"d-{key}-note", expected=_("一两句话，指明章节")
                )
            )
    for key, said in said_of["f"].items():
        if said["word"] == FormCheck.OnFinding.OVERRIDDEN and not said["note"]:
            problems.append(Problem(_("判定问题不成立的，须写明理由"), where=f"f-{key}-note"))
    if problems:
        raise Invalid(problems)
    check.on_dimensions, check.on_findings, check.opinion = said_of["d"], said_of["f"], opinion.strip()
    check.save(update_fields=["on_dimensions", "on_findings", "opinion"])
    act.note(
        dimensions=len(check.on_dimensions),
        findings=len(check.on_findings),
        judged_sha256=_judged_hash(check),
    )
    return check


def _kept(
    given: Mapping[str, Mapping[str, str]],
    known: set[str],
    words: Any,
    prefix: str,
    problems: list[Problem],
) -> dict[str, dict[str, str]]:
    """What was said, without the lines that say nothing; unknown lines and words become problems."""
    found = {}
    for key, said in given.items():
        word, note = said.get("word", ""), " ".join(said.get("note", "").split())
        if key not in known:
            problems.append(Problem(_("没有这一项：%s") % key[:40], where=prefix, mend=_("请刷新页面后重填")))
        elif word and word not in words.values:
            problems.append(
                Problem(
                    _("不认识的判断：%s") % word[:20],
                    where=f"{prefix}-{key}",
                    expected="、".join(str(label) for label in words.labels),
                )
            )
        elif len(note) > LONGEST_NOTE:
            problems.append(
                Problem(
                    _("过长：%(found)d 字") % {"found": len(note)},
                    where=f"{prefix}-{key}-note",
                    expected=_("不超过 %d 字") % LONGEST_NOTE,
                )
            )
        elif note and not word:
            problems.append(Problem(_("写了说明，还没有选择判断"), where=f"{prefix}-{key}"))
        elif word:
            found[key] = {"word": word, "note": note}
    return found


def _judged_hash(check: FormCheck) -> str:
    return sha256_hex(
        canonical_bytes(
            {
                "findings": check.findings_sha256,
                "on_dimensions": check.on_dimensions,
                "on_findings": check.on_findings,
                "opinion": check.opinion,
            }
        )
    )


def _incomplete(check: FormCheck) -> list[Problem]:
    """Everything that has no word yet."""
    dimensions, findings = check.unjudged
    return [
        Problem(_("校核内容“%s”还没有判断") % one.title, where=f"d-{one.id}", mend=_("在“校核意见”中判断"))
        for one in dimensions
    ] + [
        Problem(
            _("问题还没有确认：%s") % one["message"],
            where=f"f-{one['id']}",
            mend=_("在“校核意见”中判定成立或不成立"),
        )
        for one in findings
    ]


def _conclude(check: FormCheck, act: Act, stage: str) -> None:
    check.concluded_at, check.concluded_by = act.now, act.by
    act.move(check, stage)
    check.save(update_fields=["stage", "concluded_at", "concluded_by", "opinion", "request"])


def _case(check: FormCheck, **_arguments: object) -> list[Model]:
    return [check.case]


def _still_checked(check: FormCheck) -> Case:
    """The case as it stands under its lock; the check must be of the version under review."""
    case = Case.objects.get(pk=check.case_id)
    if case.stage != Case.Stage.FORM_CHECK or case.submission_id != check.submission_id:
        raise Invalid(
            [Problem(_("项目当前为“%s”，这次校核不再有效") % case.get_stage_display(), mend=_("请刷新页面"))]
        )
    return case


@action(
    "form_check.pass",
    title=gettext_lazy("通过形式校核"),
    on=FormCheck,
    may=rules.does_check,
    stages=(Stage.OPEN,),
    to=(Stage.PASSED,),
    clauses=CLAUSES,
    locks=_case,
)
def pass_check(check: FormCheck, act: Act) -> FormCheck:
    """全部判断完毕且没有不符合的，项目转入专家评审；确认成立的须改正问题仍要通过的，须在总体意见中说明。"""
    case = _still_checked(check)
    problems = _incomplete(check)
    problems += [
        Problem(
            _("校核内容“%s”不符合，不能通过") % one.title,
            where=f"d-{one.id}",
            mend=_("退回补充完善（通知有此环节时），或提出不予通过"),
        )
        for one in check.failed_dimensions
    ]
    if check.confirmed_errors and not check.opinion:
        problems.append(
            Problem(
                _("有 %d 条须改正的问题成立") % len(check.confirmed_errors),
                where="opinion",
                mend=_("在总体意见中写明为什么仍然通过，或退回、提出不予通过"),
            )
        )
    if problems:
        raise Invalid(problems)
    act.note(case=str(case.pk), judged_sha256=_judged_hash(check), confirmed=len(check.confirmed_errors))
    act.move(case, Case.Stage.ASSESSMENT)
    _conclude(check, act, Stage.PASSED)
    return check


@action(
    "form_check.propose_rejection",
    title=gettext_lazy("提出不予通过"),
    on=FormCheck,
    may=rules.does_check,
    stages=(Stage.OPEN,),
    to=(Stage.FAILING,),
    clauses=CLAUSES,
    locks=_case,
)
def propose_rejection(check: FormCheck, act: Act, *, reason: str) -> FormCheck:
    """校核结论为不予通过，写明理由；是否不予通过由会同单位共同决定，在此之前项目仍在形式校核。"""
    case = _still_checked(check)
    problems = _incomplete(check) + misfits(FormCheck, opinion=reason.strip())
    if not reason.strip():
        problems.append(Problem(_("请写明不予通过的理由"), where="reason"))
    if not check.failed_dimensions and not check.confirmed_errors:
        problems.append(
            Problem(
                _("没有不符合的校核内容，也没有成立的须改正问题"),
                mend=_("先在校核意见中判断哪一项不符合"),
            )
        )
    if problems:
        raise Invalid(problems)
    check.opinion = reason.strip()
    act.note(case=str(case.pk), judged_sha256=_judged_hash(check))
    _conclude(check, act, Stage.FAILING)
    return check


@action(
    "form_check.reopen",
    title=gettext_lazy("撤回不予通过的结论"),
    on=FormCheck,
    may=rules.does_check,
    stages=(Stage.FAILING,),
    to=(Stage.OPEN,),
    locks=_case,
)
def reopen(check: FormCheck, act: Act) -> FormCheck:
    """会同决定之前，经办人可以撤回不予通过的结论，重新填写校核意见。"""
    _still_checked(check)
    check.concluded_at = check.concluded_by = None
    act.move(check, Stage.OPEN)
    check.save(update_fields=["stage", "concluded_at", "concluded_by"])
    return check


def _case_and_pilot(check: FormCheck, **_arguments: object) -> list[Model]:
    """The application goes back with its case; `pilot.request_supplement` locks it again inside."""
    pilot = check.case.pilot
    return [check.case, *([pilot] if pilot else [])]


@action(
    "form_check.send_back",
    title=gettext_lazy("退回补充完善"),
    on=FormCheck,
    may=rules.does_check & rules.call_takes_supplements,
    stages=(Stage.OPEN,),
    to=(Stage.SENT_BACK,),
    clauses=CLAUSES,
    locks=_case_and_pilot,
)
def send_back(
    check: FormCheck,
    act: Act,
    *,
    chapters: Sequence[str],
    parts: Sequence[str],
    reason: str,
    due_at: datetime,
    remarks: Mapping[str, str] | None = None,
) -> FormCheck:
    """请申报单位在期限内补充完善指定的章节和部分；申报单位只看到退回的理由和要求，看不到校核意见。"""
    case = _still_checked(check)
    pilot = Pilot.objects.get(pk=case.pilot.pk) if case.pilot else None
    if pilot is None:
        raise Invalid([Problem(_("这个项目由外单位报送，请向报送单位发函退回"))])
    request = pilots.request_supplement(
        pilot, by=act.by, chapters=chapters, parts=parts, reason=reason, due_at=due_at, remarks=remarks
    )
    check.request = request
    act.note(case=str(case.pk), request=str(request.pk), judged_sha256=_judged_hash(check))
    act.move(case, Case.Stage.RETURNED)
    _conclude(check, act, Stage.SENT_BACK)
    return check


@action(
    "case.take_new_version",
    title=gettext_lazy("接续形式校核"),
    on=Case,
    may=rules.checks_case,
    stages=("returned",),
    to=("form_check",),
    clauses=CLAUSES,
)
def take_new_version(case: Case, act: Act) -> Case:
    """退回补充完善办结后，以收到的新版本（逾期或取消的，以原版本）接续形式校核。"""
    pilot = case.pilot
    if pilot is None:  # what was returned has a pilot: only for the type
        raise Invalid([Problem(_("这个项目没有平台上的申报"))])
    open_request = pilot.supplement_requests.filter(stage="open").first()
    if open_request is not None:
        raise Invalid(
            [
                Problem(
                    _("申报单位正在补充完善，期限 %s") % f"{clock.local(open_request.due_at):%Y-%m-%d %H:%M}",
                    mend=_("等新版本提交；期限已过的，先登记逾期"),
                )
            ]
        )
    current = Submission.objects.filter(pilot=pilot, is_current=True).first()
    if current is not None and current.pk != case.submission_id:
        fresh = case_of(case.round, current, case.number)
        case.submission = current
        for name in ("title", "applicant_name", "region_code", "category_id", "received_at"):
            setattr(case, name, getattr(fresh, name))
    act.move(case, Case.Stage.FORM_CHECK)
    case.save(
        update_fields=[
            "stage", "submission", "title", "applicant_name", "region_code", "category_id", "received_at",
        ]
    )  # fmt: skip
    act.note(version=case.submission.version if case.submission else 0)
    return case
