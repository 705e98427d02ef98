"""Verbs on what an application says. Chapter texts are saved by `drafts.py`, without a ledger entry each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.models import Call
from qingyuan.catalogue import credit_code
from qingyuan.catalogue.notices.conditions import AnswerError, read_answer
from qingyuan.kernel.actions import Act, Closed, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.papers.canonical import sha256_hex
from qingyuan.people.models import Organisation, Role
from qingyuan.pilots import returned, rules
from qingyuan.pilots.eligibility import is_meant_for
from qingyuan.pilots.models import Answer, Attachment, Chapter, Pilot, ScopeEntry, Target
from qingyuan.pilots.wording import region_names
from qingyuan.registry.actions import StatedEnterprise, ensure_enterprises

DRAFTING = (Pilot.Stage.DRAFTING,)
MAX_SCOPE = 5000
MAX_NAME = 80
MAX_ANSWER = 4000
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100


def _check_name(name: str, call: Call, applicant: Organisation, *, but: Pilot | None = None) -> list[Problem]:
    if not name:
        return [Problem(_("请填写项目名称"), where="name")]
    if len(name) > MAX_NAME:
        return [
            Problem(
                _("项目名称过长（%(n)d 字）") % {"n": len(name)},
                where="name",
                expected=_("不超过 %d 字") % MAX_NAME,
            )
        ]
    same = Pilot.objects.filter(call=call, applicant=applicant, name=name).exclude(
        stage=Pilot.Stage.WITHDRAWN
    )
    if but is not None:
        same = same.exclude(pk=but.pk)
    return (
        [
            Problem(
                _("本单位已有同名的试点申报“%s”") % name,
                where="name",
                mend=_("换一个名称，或打开已有的那一份"),
            )
        ]
        if same.exists()
        else []
    )


@action(
    "pilot.create",
    title=gettext_lazy("新建试点申报"),
    on=Call,
    may=rules.handles_an_applicant,
    stages=("open",),
    creates=Pilot,
    creates_in=("drafting",),
    clauses=("N0", "N4", "N3a", "N3b", "N3c"),
    idempotent=True,
)
def create(call: Call, act: Act, *, applicant: Organisation, category_id: str, name: str) -> Pilot:
    """为本单位按所选类别新建一份申报；方案大纲、条件问卷和目标表随即按通知生成。"""
    if not call.accepts_at(act.now):
        raise Closed(_("现在不在申报时间内"))
    name = " ".join(name.split())
    problems = _check_name(name, call, applicant)
    if not is_meant_for(call, applicant):
        problems.append(
            Problem(
                _("“%s”不在这份通知的申报范围内：申报单位向所在省份的通知申报，国家通知由各省推荐")
                % applicant,
                where="applicant",
                clause="N7",
            )
        )
    if not applicant.may_apply:
        problems.append(
            Problem(_("“%s”不属于通知规定的申报主体") % applicant, where="applicant", clause="N4")
        )
    if not act.by.standing.holds(applicant.pk, Role.HANDLER, Role.LEAD):
        problems.append(Problem(_("您不是“%s”的经办人或牵头负责人") % applicant, where="applicant"))
    categories = {category.id: category for category in call.notice.categories}
    if category_id not in categories:
        problems.append(Problem(_("通知没有这个类别"), where="category_id", expected="、".join(categories)))
    if problems:
        raise Invalid(problems)
    forms = categories[category_id].forms
    pilot = Pilot.objects.create(
        call=call,
        applicant=applicant,
        category_id=category_id,
        name=name,
        object_form=forms[0].kind if len(forms) == 1 else "",
        region_code=applicant.region_code,
        created_at=act.now,
        created_by=act.by,
        is_demo=applicant.is_demo,
    )
    Chapter.objects.bulk_create(
        Chapter(pilot=pilot, outline_id=leaf.id, updated_at=act.now, updated_by=act.by)
        for leaf in call.notice.leaves()
    )
    measures = [measure for aim in call.notice.aims for measure in aim.measures]
    Target.objects.bulk_create(
        Target(
            pilot=pilot, position=number, measure_id=measure.id, indicator=measure.title, unit=measure.unit
        )
        for number, measure in enumerate(measures, start=1)
    )
    act.note(category=category_id, applicant=str(applicant.pk))
    return pilot


@action(
    "pilot.describe",
    title=gettext_lazy("填写试点对象"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
    clauses=("N2", "N3a", "N3b", "N3c"),
)
def describe(
    pilot: Pilot,
    act: Act,
    *,
    name: str,
    object_form: str,
    object_name: str,
    region_code: str,
    sectors: Sequence[str],
    pollutants: Sequence[str] = (),
) -> Pilot:
    """填写项目名称、试点对象的形态与名称、所在地、重点行业和（第三类的）特征污染物。"""
    returned.require(pilot, now=act.now, part="object")
    name = " ".join(name.split())
    problems = _check_name(name, pilot.call, pilot.applicant, but=pilot)
    forms = {form.kind: form for form in pilot.category.forms}
    if object_form not in forms:
        problems.append(
            Problem(
                _("请选择试点对象的形态"),
                where="object_form",
                expected="、".join(f.title for f in forms.values()),
            )
        )
    object_name = " ".join(object_name.split())
    problems += misfits(Pilot, object_name=object_name)
    if region_code and region_code not in region_names():
        problems.append(Problem(_("没有这个行政区划代码：%s") % region_code[:12], where="region_code"))
    if any(len(pollutant) > MAX_NAME for pollutant in pollutants):
        problems.append(
            Problem(_("污染物名称过长"), where="pollutants", expected=_("不超过 %d 字") % MAX_NAME)
        )
    known = set(pilot.notice.sectors.ids)
    if unknown := [sector for sector in sectors if sector not in known]:
        problems.append(Problem(_("通知没有列出行业：%s") % "、".join(unknown), where="sectors"))
    if problems:
        raise Invalid(problems)
    pilot.name, pilot.object_form, pilot.object_name = name, object_form, object_name
    pilot.region_code, pilot.sectors, pilot.pollutants = region_code, list(sectors), list(pollutants)
    pilot.save(update_fields=["name", "object_form", "object_name", "region_code", "sectors", "pollutants"])
    act.note(object_form=object_form, region=region_code, sectors=list(sectors), pollutants=list(pollutants))
    return pilot


@action(
    "pilot.answer_condition",
    title=gettext_lazy("回答申报条件"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
    clauses=("N5.1", "N5.2", "N5.3", "N5.4"),
)
def answer_condition(pilot: Pilot, act: Act, *, condition_id: str, answers: Mapping[str, Any]) -> Pilot:
    """逐条回答通知规定的申报条件；每一条即时给出是否符合的判断。"""
    returned.require(pilot, now=act.now, part="eligibility")
    conditions = {condition.id: condition for condition in pilot.notice.conditions_for(pilot.category_id)}
    condition = conditions.get(condition_id)
    if condition is None:
        raise Invalid([Problem(_("本类别没有这一条件"), where="condition_id")])
    questions = {question.id: question for question in condition.questions}
    problems, rows = [], []
    for question_id, raw in answers.items():
        if question_id not in questions:
            problems.append(Problem(_("没有这个问题：%s") % question_id, where=question_id))
            continue
        try:
            read_answer(questions[question_id], raw)
        except AnswerError as error:
            problems.append(Problem(str(error), where=question_id))
        if isinstance(raw, float):
            problems.append(
                Problem(_("数字请以文字传入，以免丢失精度"), where=question_id, expected='"12.5"')
            )
        if isinstance(raw, str) and len(raw) > MAX_ANSWER:
            problems.append(
                Problem(_("回答过长"), where=question_id, expected=_("不超过 %d 字") % MAX_ANSWER)
            )
        value = sorted(raw) if isinstance(raw, (list, tuple, set, frozenset)) else raw
        rows.append(Answer(pilot=pilot, condition_id=condition_id, question_id=question_id, value=value))
    if problems:
        raise Invalid(problems)
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["pilot", "condition_id", "question_id"],
        update_fields=["value"],
    )
    act.note(condition=condition_id, clause=condition.clause, answered=len(rows))
    return pilot


@dataclass(frozen=True)
class ScopeRow:
    """An enterprise as a form or a workbook row states it."""

    name: str
    credit_code: str
    sector: str = ""
    note: str = ""


def _checked(pilot: Pilot, rows: Sequence[ScopeRow]) -> list[ScopeRow]:
    """Normalised rows, or all problems at once."""
    problems: list[Problem] = []
    clean: list[ScopeRow] = []
    seen: dict[str, int] = {}
    sectors = set(pilot.notice.sectors.ids)
    for number, row in enumerate(rows, start=1):
        code = credit_code.normalise(row.credit_code)
        where = f"{number}" if len(rows) > 1 else ""
        problems.extend(
            Problem(message, where=f"{where}.credit_code".lstrip(".")) for message in credit_code.check(code)
        )
        problems += misfits(ScopeEntry, at=where, stated_name=row.name, note=row.note)
        if not row.name.strip():
            problems.append(Problem(_("请填写企业名称"), where=f"{where}.name".lstrip(".")))
        if row.sector and row.sector not in sectors:
            problems.append(
                Problem(_("“%s”不在通知所列行业内") % row.sector, where=f"{where}.sector".lstrip("."))
            )
        if code in seen:
            problems.append(
                Problem(
                    _("与第 %d 家重复：同一统一社会信用代码") % seen[code],
                    where=f"{where}.credit_code".lstrip("."),
                )
            )
        seen.setdefault(code, number)
        clean.append(ScopeRow(" ".join(row.name.split()), code, row.sector, row.note.strip()))
    if problems:
        raise Invalid(problems)
    return clean


def _enter(pilot: Pilot, rows: Sequence[ScopeRow]) -> None:
    enterprises = ensure_enterprises(
        StatedEnterprise(row.name, row.credit_code, is_demo=pilot.is_demo) for row in rows
    )
    ScopeEntry.objects.bulk_create(
        ScopeEntry(
            pilot=pilot,
            enterprise=enterprises[row.credit_code],
            stated_name=row.name,
            sector=row.sector,
            note=row.note,
        )
        for row in rows
    )


@action(
    "pilot.add_enterprise",
    title=gettext_lazy("添加范围内企业"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
)
def add_enterprise(
    pilot: Pilot, act: Act, *, name: str, credit_code: str, sector: str = "", note: str = ""
) -> Pilot:
    """把一家企业列入试点范围；统一社会信用代码按 GB 32100 校验。"""
    returned.require(pilot, now=act.now, part="scope")
    row = _checked(pilot, [ScopeRow(name, credit_code, sector, note)])[0]
    if pilot.scope.filter(enterprise__credit_code=row.credit_code).exists():
        raise Invalid([Problem(_("该企业已在试点范围内"), where="credit_code")])
    if pilot.scope.count() >= MAX_SCOPE:
        raise Invalid([Problem(_("试点范围最多 %d 家企业") % MAX_SCOPE, where="credit_code")])
    _enter(pilot, [row])
    act.note(credit_code=row.credit_code)
    return pilot


@action(
    "pilot.import_scope",
    title=gettext_lazy("导入企业名单"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
    idempotent=True,
)
def import_scope(pilot: Pilot, act: Act, *, rows: Sequence[ScopeRow]) -> Pilot:
    """用一张企业名单整体替换试点范围；有一处错误就全部不导入，并逐格列出。"""
    returned.require(pilot, now=act.now, part="scope")
    if len(rows) > MAX_SCOPE:
        raise Invalid(
            [
                Problem(
                    _("名单有 %(n)d 家，最多 %(max)d 家") % {"n": len(rows), "max": MAX_SCOPE}, where="file"
                )
            ]
        )
    clean = _checked(pilot, rows)
    pilot.scope.all().delete()
    _enter(pilot, clean)
    act.items([[row.credit_code, row.name, row.sector] for row in clean])
    return pilot


@action(
    "pilot.remove_enterprise",
    title=gettext_lazy("移出范围内企业"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
)
def remove_enterprise(pilot: Pilot, act: Act, *, entry_id: int) -> Pilot:
    """把一家企业移出试点范围。"""
    returned.require(pilot, now=act.now, part="scope")
    entry = pilot.scope.select_related("enterprise").filter(pk=entry_id).first()
    if entry is None:
        raise Invalid([Problem(_("该企业已不在试点范围内"), where="entry_id")])
    act.note(credit_code=entry.enterprise.credit_code)
    entry.delete()
    return pilot


@dataclass(frozen=True)
class TargetRow:
    """One line of the targets table; None is "not stated"."""

    indicator: str
    unit: str = ""
    baseline_year: int | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    note: str = ""
    measure_id: str = ""


@action(
    "pilot.set_targets",
    title=gettext_lazy("填写试点目标"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
    clauses=("N1",),
)
def set_targets(pilot: Pilot, act: Act, *, rows: Sequence[TargetRow]) -> Pilot:
    """填写目标表：通知规定的四类目标必列，其余由申报单位自加。"""
    returned.require(pilot, now=act.now, part="targets")
    asked = {measure.id: measure for aim in pilot.notice.aims for measure in aim.measures}
    problems = []
    for number, row in enumerate(rows, start=1):
        if not row.indicator.strip():
            problems.append(Problem(_("第 %d 行没有写指标名称") % number, where=f"{number}.indicator"))
        problems += misfits(
            Target,
            at=str(number),
            indicator=row.indicator,
            unit=row.unit,
            note=row.note,
            baseline=row.baseline,
            target=row.target,
        )
        if row.baseline_year is not None and not EARLIEST_YEAR <= row.baseline_year <= LATEST_YEAR:
            problems.append(
                Problem(
                    _("第 %(row)d 行的基准年“%(year)d”不合理") % {"row": number, "year": row.baseline_year},
                    where=f"{number}.baseline_year",
                    expected=f"{EARLIEST_YEAR}–{LATEST_YEAR}",
                )
            )
        if row.measure_id and row.measure_id not in asked:
            problems.append(Problem(_("第 %d 行引用了通知没有的目标") % number, where=f"{number}.measure_id"))
    missing = [asked[key].title for key in asked if key not in {row.measure_id for row in rows}]
    problems.extend(
        Problem(_("通知要求的目标“%s”不能删除") % title, where="rows", clause="N1") for title in missing
    )
    if problems:
        raise Invalid(problems)
    pilot.targets.all().delete()
    Target.objects.bulk_create(
        Target(
            pilot=pilot,
            position=number,
            measure_id=row.measure_id,
            indicator=asked[row.measure_id].title if row.measure_id else row.indicator.strip(),
            unit=asked[row.measure_id].unit if row.measure_id else row.unit.strip(),
            baseline_year=row.baseline_year,
            baseline=row.baseline,
            target=row.target,
            note=row.note.strip(),
        )
        for number, row in enumerate(rows, start=1)
    )
    act.items(
        [
            [
                row.measure_id or row.indicator,
                row.unit,
                row.baseline_year,
                _text(row.baseline),
                _text(row.target),
            ]
            for row in rows
        ]
    )
    return pilot


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


@action(
    "pilot.attach",
    title=gettext_lazy("上传附件"),
    on=Pilot,
    may=rules.can_write,
    stages=(Pilot.Stage.DRAFTING, Pilot.Stage.SIGNED),
    idempotent=True,
)
def attach(
    pilot: Pilot,
    act: Act,
    *,
    upload: Upload,
    purpose: str,
    title: str = "",
    condition_id: str = "",
    question_id: str = "",
) -> Attachment:
    """附上一份文件：条件佐证、盖章页或其他附件。签发之后只能补传盖章页。"""
    returned.require(pilot, now=act.now, part=returned.part_of_purpose(purpose))
    problems = misfits(Attachment, title=title)
    if purpose not in Attachment.Purpose.values:
        problems.append(Problem(_("没有这种附件"), where="purpose"))
    if pilot.stage == Pilot.Stage.SIGNED and not rules.handles_pilot.test(act.by, pilot):
        problems.append(Problem(_("盖章页须由申报单位的经办人或牵头负责人上传"), where="purpose"))
    if pilot.stage == Pilot.Stage.SIGNED and purpose != Attachment.Purpose.SEAL:
        problems.append(Problem(_("签发之后只能补传盖章页；要改其他附件，请先退回修改"), where="purpose"))
    if purpose == Attachment.Purpose.EVIDENCE:
        condition = next(
            (c for c in pilot.notice.conditions_for(pilot.category_id) if c.id == condition_id), None
        )
        if condition is None or question_id not in {question.id for question in condition.questions}:
            problems.append(Problem(_("佐证材料须对应一个条件问题"), where="condition_id"))
    if problems:
        raise Invalid(problems)
    attachment = Attachment.objects.create(
        pilot=pilot,
        purpose=purpose,
        condition_id=condition_id if purpose == Attachment.Purpose.EVIDENCE else "",
        question_id=question_id if purpose == Attachment.Purpose.EVIDENCE else "",
        title=title.strip() or upload.name,
        upload=upload,
        added_at=act.now,
    )
    act.note(sha256=upload.sha256, purpose=purpose, name_sha256=sha256_hex(upload.name.encode()))
    return attachment


@action(
    "pilot.detach",
    title=gettext_lazy("移除附件"),
    on=Pilot,
    may=rules.can_write,
    stages=(Pilot.Stage.DRAFTING, Pilot.Stage.SIGNED),
)
def detach(pilot: Pilot, act: Act, *, attachment_id: int) -> Pilot:
    """移除一份附件；已提交版本中的文件不受影响。"""
    attachment = pilot.attachments.select_related("upload").filter(pk=attachment_id).first()
    if attachment is None:
        raise Invalid([Problem(_("该附件已被移除"), where="attachment_id")])
    if pilot.stage == Pilot.Stage.SIGNED and not rules.handles_pilot.test(act.by, pilot):
        raise Invalid([Problem(_("盖章页须由申报单位的经办人或牵头负责人更换"), where="attachment_id")])
    returned.require(pilot, now=act.now, part=returned.part_of_purpose(attachment.purpose))
    if pilot.stage == Pilot.Stage.SIGNED and attachment.purpose != Attachment.Purpose.SEAL:
        raise Invalid([Problem(_("签发之后只能更换盖章页"), where="attachment_id")])
    act.note(sha256=attachment.upload.sha256, purpose=attachment.purpose)
    attachment.delete()
    return pilot
