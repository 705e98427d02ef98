"""A pilot is handed in for evaluation and acceptance; the State's round takes it in, or it goes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Max, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery import handing_in, quoted
from qingyuan.delivery.handing_in import Part, Reached
from qingyuan.delivery.mails import acceptance as mails
from qingyuan.delivery.models import AcceptanceFiling, Project
from qingyuan.delivery.queries import acceptance as queries
from qingyuan.delivery.rules import acceptance as rules
from qingyuan.delivery.rules.project import handles_project
from qingyuan.kernel import checks
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.kernel.record_language import in_record_language
from qingyuan.review.actions.acceptance import content_hash, enter
from qingyuan.review.models import Round

LONGEST_SUMMARY = 20_000
LONGEST_VALUE, LONGEST_REASON = 40, 1000
Stage = AcceptanceFiling.Stage


@action(
    "project.hand_in",
    title=gettext_lazy("提交验收材料"),
    on=Project,
    may=handles_project,
    stages=("running",),
    to=("evaluating",),
    creates=AcceptanceFiling,
    creates_in=(Stage.HANDED_IN,),
    clauses=("N11",),
    idempotent=True,
    mails=mails.handed_in,
)
def hand_in(
    project: Project,
    act: Act,
    *,
    summary: str,
    reached: Mapping[str, Reached],
    report: Upload | None = None,
    keep_older: bool = False,
) -> AcceptanceFiling:
    """实施结束后，填写各项目标的完成值（未完成的说明原因）和工作总结，连同平台已有的基线、企业、成果和进展一并封存，提交评估验收。工作总结引用的计算结果按引用的那次写入；已有更新结果的，须更新或确认仍用较早的。"""
    text = summary.strip()
    problems = [
        Problem(finding.message, url=finding.url, clause=finding.clause, mend=finding.mend)
        for finding in checks.run("acceptance", project)
        if finding.level == "error"
    ]
    if not text:
        problems.append(Problem(_("请填写工作总结"), where="summary"))
    elif len(text) > LONGEST_SUMMARY:
        problems.append(
            Problem(_("工作总结过长"), where="summary", expected=_("不超过 %d 字") % LONGEST_SUMMARY)
        )
    pins = quoted.of_texts(project, [text])
    problems += quoted.unknown(pins, where="summary")
    problems += quoted.hidden(project, text, by=act.by, where="summary")
    problems += [] if keep_older else _older(pins)
    known = {line["key"]: line for line in project.baseline.content["targets"]}
    said = {key: Reached(value=one.value.strip(), reason=one.reason.strip()) for key, one in reached.items()}
    problems += [
        Problem(_("现行基线没有这项目标"), where=f"reached-{key}") for key in said if key not in known
    ]
    for key, line in known.items():
        problems += _target(line, said.get(key, Reached()))
    if problems:
        raise Invalid(problems)
    content = handing_in.content_of(
        project, summary=quoted.filled(text, pins), reached=said, further=_quotes(pins)
    )
    if drawings := quoted.drawn(pins):
        content["charts"] = [one.plain() for one in drawings]
    content["files"] = [{"name": report.name, "sha256": report.sha256}] if report else []
    last = project.filings.aggregate(last=Max("number"))["last"] or 0
    made = AcceptanceFiling.objects.create(
        project=project,
        number=last + 1,
        sitting=queries.next_sitting(project),
        content=content,
        content_sha256=content_hash(content),
        report=report,
        handed_in_at=act.now,
        handed_in_by=act.by,
    )
    act.move(project, Project.Stage.EVALUATING)
    act.note(number=made.number, sitting=made.sitting, content_sha256=made.content_sha256)
    return made


def _older(pins: quoted.Pins) -> list[Problem]:
    """Figures and charts of the summary of which a newer computation says something else."""
    drawn = [one for one, _readable in quoted.charts_in(pins, None)]
    return [
        Problem(
            _("工作总结引用的“%(title)s”已有更新的结果：文中 %(then)s，最新 %(now)s")
            % {
                "title": one.said.title,
                "then": one.said.origin if one in drawn else one.said.text,
                "now": one.newest.origin if one in drawn else one.newest.text,
            },
            where="summary",
            mend=_("按“更新”改为最新结果，或勾选“仍用较早的计算结果”"),
        )
        for one in pins.values()
        if one.differs and one.said is not None and one.newest is not None
    ]


@in_record_language()
def _quotes(pins: quoted.Pins) -> list[Part]:
    rows = quoted.rows(quoted.sealed(pins))
    if not rows:
        return []
    return [
        Part(
            id="findings",
            title=_("工作总结引用的计算结果"),
            columns=[_("指标"), _("数值"), _("来源")],
            rows=rows,
        )
    ]


def _target(line: Mapping[str, Any], said: Reached) -> list[Problem]:
    at, name = f"reached-{line['key']}", line["indicator"] or line["key"]
    problems = []
    if said.value and not handing_in.is_number(said.value):
        problems.append(Problem(_("“%s”的完成值须为一个数") % name, where=at, expected="12.5"))
    if len(said.value) > LONGEST_VALUE or len(said.reason) > LONGEST_REASON:
        problems.append(Problem(_("“%s”的完成值或说明过长") % name, where=at))
    if not said.reason and (not said.value or handing_in.met(line, said.value) == "no"):
        problems.append(
            Problem(
                _("“%s”没有完成值或没有完成，须说明原因") % name,
                where=f"reason-{line['key']}",
                expected=_("目标值 %(target)s %(unit)s")
                % {"target": line["target"] or "—", "unit": line["unit"]},
            )
        )
    return problems


def _round_of(filing: AcceptanceFiling, **_arguments: object) -> Iterable[Model]:
    found = queries.round_for(filing.project)
    return [found] if found else []


@action(
    "filing.take_in",
    title=gettext_lazy("接收验收材料"),
    on=AcceptanceFiling,
    may=rules.organises_filing,
    stages=(Stage.HANDED_IN,),
    to=(Stage.TAKEN_IN,),
    clauses=("N11",),
    idempotent=True,
    mails=mails.taken_in,
    locks=_round_of,
)
def take_in(filing: AcceptanceFiling, act: Act) -> AcceptanceFiling:
    """把封存的验收材料立为评估验收项目，编号接续；此后由专家评审、现场调查和会同决定。"""
    project = Project.objects.select_related("case__round__call__joint_body").get(pk=filing.project_id)
    if rules.approved_elsewhere(project.case):
        raise Invalid(
            [Problem(_("国家在本平台之外评估验收的，不在这里接收"), mend=_("结果公布后登记评估验收结果"))]
        )
    round_ = queries.round_for(project)
    if round_ is None:
        raise Invalid([_no_round(project)])
    case = enter(
        round_,
        act,
        approved=project.case,
        content=filing.content,
        files=[filing.report] if filing.report else [],
    )
    # The sheet may have changed since it was handed in: the round that takes it in says which sitting it is.
    filing.case, filing.sitting = case, round_.sitting
    act.move(filing, Stage.TAKEN_IN)
    filing.save(update_fields=["case", "sitting", "stage"])
    act.note(case=str(case.pk), number=case.number, content_sha256=filing.content_sha256)
    return filing


def _no_round(project: Project) -> Problem:
    if queries.next_sitting(project) == Round.Sitting.ACCEPTANCE:
        return Problem(_("还没有建立验收"), mend=_("先在“评审”中建立验收"))
    return Problem(_("还没有建立评估验收"), mend=_("先在“评审”中建立评估验收"))


def _project_of(filing: AcceptanceFiling, **_arguments: object) -> Iterable[Model]:
    return [filing.project]


@action(
    "filing.send_back",
    title=gettext_lazy("退回验收材料"),
    on=AcceptanceFiling,
    may=rules.organises_filing,
    stages=(Stage.HANDED_IN,),
    to=(Stage.RETURNED,),
    clauses=("N11",),
    mails=mails.sent_back,
    locks=_project_of,
)
def send_back(filing: AcceptanceFiling, act: Act, *, reason: str) -> AcceptanceFiling:
    """验收材料不完整的，写明理由退回；试点回到实施中，补齐后重新提交。退回的材料照原样留存。"""
    problems = misfits(AcceptanceFiling, returned_reason=reason.strip())
    if not reason.strip():
        problems.append(Problem(_("请写明退回的理由"), where="reason"))
    if problems:
        raise Invalid(problems)
    filing.returned_reason = reason.strip()
    act.move(filing, Stage.RETURNED)
    filing.save(update_fields=["returned_reason", "stage"])
    act.move(Project.objects.get(pk=filing.project_id), Project.Stage.RUNNING)
    return filing
