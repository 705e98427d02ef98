"""Verbs on what an application says; scope and targets stand in their own files. Chapter texts are saved by `drafts.py`, without a ledger entry each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.models import Call
from qingyuan.catalogue.notices.conditions import AnswerError, read_answer
from qingyuan.kernel.actions import Act, Closed, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.papers.canonical import sha256_hex
from qingyuan.people.models import Organisation, Role
from qingyuan.pilots import returned, rules
from qingyuan.pilots.eligibility import is_meant_for
from qingyuan.pilots.models import Answer, Attachment, Chapter, Pilot, Target
from qingyuan.pilots.wording import region_names

DRAFTING = (Pilot.Stage.DRAFTING,)
MAX_NAME = 80
MAX_ANSWER = 4000


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
            pilot=pilot,
            position=number,
            key=measure.id,
            measure_id=measure.id,
            indicator=measure.title,
            unit=measure.unit,
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
    if object_form != pilot.object_form:
        pilot.key_place = ""  # a region's is no basin's
    pilot.name, pilot.object_form, pilot.object_name = name, object_form, object_name
    pilot.region_code, pilot.sectors, pilot.pollutants = region_code, list(sectors), list(pollutants)
    pilot.save(
        update_fields=[
            "name",
            "object_form",
            "object_name",
            "region_code",
            "sectors",
            "pollutants",
            "key_place",
        ]
    )
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
