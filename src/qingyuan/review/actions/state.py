"""Verbs of the State's round: take in what a province recommended here, or import what came on paper and by mail."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.review.bundles import Stated, provinces
from qingyuan.review.models import Bundle, Case, CaseFile, Decision, Round
from qingyuan.review.queries.state import final_of
from qingyuan.review.rules import ground

RECEIVING = ("preparing", "reviewing")


def _receives(round_: Round) -> list[Problem]:
    if round_.is_state and not round_.is_acceptance:
        return []
    return [Problem(_("只有国家评审接收省级推荐"), where="round")]


def _numbered(round_: Round, cases: Sequence[Case]) -> list[Case]:
    """Saved with the numbers that follow; numbers have no gaps."""
    for number, case in enumerate(cases, start=round_.case_last + 1):
        case.number = number
    Case.objects.bulk_create(cases)
    round_.case_last += len(cases)
    round_.save(update_fields=["case_last"])
    return list(cases)


@action(
    "round.take_in",
    title=gettext_lazy("接收省级推荐"),
    on=Round,
    may=ground.handles_round,
    stages=RECEIVING,
    clauses=("N7", "N8", "N9"),
    idempotent=True,
)
def take_in(round_: Round, act: Act, *, source: Round) -> Bundle:
    """接收一个省已会同公布的推荐：所推荐的项目按推荐次序立为国家评审项目，连同省级评审记录；重复接收不会重复立项。"""
    source = Round.objects.select_related("call__joint_body").get(pk=source.pk)
    decision = final_of(source)
    problems = _receives(round_)
    if source.call.parent_id != round_.call_id:
        problems.append(Problem(_("“%s”不是本通知下的省级评审") % source.call.title, where="source"))
    if decision is None or decision.stage != Decision.Stage.RELEASED:
        problems.append(
            Problem(_("该省的推荐还没有会同公布"), where="source", mend=_("省级公布推荐结论之后才能接收"))
        )
    if problems or decision is None:
        raise Invalid(problems)
    if taken := Bundle.objects.filter(round=round_, source=source).first():
        act.note(bundle=str(taken.pk), again=True)
        return taken
    bundle = Bundle.objects.create(
        round=round_,
        source=source,
        region_code=source.joint_body.region_code,
        sender=source.joint_body.name,
        document_number=decision.document_number,
        received_at=act.now,
        entered_by=act.by,
    )
    chosen = decision.items.filter(outcome=Case.Stage.RECOMMENDED).select_related("case").order_by("position")
    cases = _numbered(round_, [_onward(round_, item.case, act) for item in chosen])
    bundle.cases.set(cases)
    act.note(bundle=str(bundle.pk), source=str(source.pk), content_sha256=decision.content_sha256)
    act.items([{"number": case.number, "origin": str(case.origin_id)} for case in cases])
    return bundle


def _onward(round_: Round, origin: Case, act: Act) -> Case:
    """The State's case of a recommended one: the same sealed version, under this round's own number."""
    return Case(
        round=round_,
        origin=origin,
        pilot_id=origin.pilot_id,
        submission_id=origin.submission_id,
        title=origin.title,
        applicant_id=origin.applicant_id,
        applicant_name=origin.applicant_name,
        region_code=origin.region_code,
        category_id=origin.category_id,
        received_at=act.now,
        stated=origin.stated,
    )


@action(
    "round.import_bundle",
    title=gettext_lazy("导入省级推荐清单"),
    on=Round,
    may=ground.handles_round,
    stages=RECEIVING,
    clauses=("N7", "N8"),
    idempotent=True,
)
def import_bundle(
    round_: Round,
    act: Act,
    *,
    region_code: str,
    sender: str,
    document_number: str,
    rows: Sequence[Stated],
    workbook: Upload,
    letter: Upload | None = None,
) -> Bundle:
    """没有使用本平台的省份：按其推荐项目汇总表逐行立项，记明来源；实施方案和推荐函随后逐个项目上传。"""
    problems = _receives(round_)
    problems += misfits(Bundle, sender=sender.strip(), document_number=document_number.strip())
    if region_code not in dict(provinces()):
        problems.append(Problem(_("请选择省份"), where="region_code"))
    if not sender.strip():
        problems.append(Problem(_("请填写推荐单位"), where="sender"))
    if not rows:
        problems.append(Problem(_("清单中没有项目"), where="file"))
    if round_.bundles.filter(region_code=region_code, source__isnull=False).exists():
        problems.append(
            Problem(
                _("该省的推荐已在平台上接收，不再导入"),
                where="region_code",
                mend=_("由该省在平台上办理"),
            )
        )
    problems += _already(round_, rows)
    if problems:
        raise Invalid(problems)
    bundle = Bundle.objects.create(
        round=round_,
        region_code=region_code,
        sender=sender.strip(),
        document_number=document_number.strip(),
        received_at=act.now,
        entered_by=act.by,
        workbook=workbook,
        letter=letter,
    )
    cases = _numbered(
        round_,
        [
            Case(
                round=round_,
                title=row.title,
                applicant_name=row.applicant,
                region_code=row.region_code,
                category_id=row.category_id,
                received_at=act.now,
                stated=row.as_data(),
            )
            for row in rows
        ],
    )
    bundle.cases.set(cases)
    act.note(bundle=str(bundle.pk), region=region_code, workbook_sha256=workbook.sha256)
    act.items([{"number": case.number, "category": case.category_id} for case in cases])
    return bundle


def _already(round_: Round, rows: Sequence[Stated]) -> list[Problem]:
    known = set(Case.objects.filter(round=round_).values_list("title", "applicant_name"))
    categories = {category.id for category in round_.notice.categories}
    problems = [
        Problem(_("“%s”已在本轮评审中") % row.title, where="file", mend=_("删去这一行"))
        for row in rows
        if (row.title, row.applicant) in known
    ]
    problems += [
        Problem(_("“%s”的类别不是通知所列") % row.title, where="file")
        for row in rows
        if row.category_id not in categories
    ]
    for row in rows:
        problems += misfits(Case, title=row.title, applicant_name=row.applicant)
    return problems


@action(
    "case.attach_file",
    title=gettext_lazy("上传推荐材料"),
    on=Case,
    may=ground.handles_case,
    stages=("form_check", "returned"),
    clauses=("N7",),
    idempotent=True,
)
def attach_file(case: Case, act: Act, *, kind: str, upload: Upload) -> CaseFile:
    """给导入的项目上传省里报来的实施方案、推荐函和其他材料；在平台上申报的项目以封存的版本为准，不另上传。"""
    problems = []
    if case.submission_id is not None:
        problems.append(
            Problem(_("本项目在平台上申报，材料以封存的版本为准"), where="upload", mend=_("查看封存的版本"))
        )
    if kind not in CaseFile.Kind.values:
        problems.append(Problem(_("没有这种材料"), where="kind"))
    if case.files.filter(upload__sha256=upload.sha256).exists():
        problems.append(Problem(_("这份文件已经上传过"), where="upload"))
    if problems:
        raise Invalid(problems)
    file = CaseFile.objects.create(case=case, kind=kind, upload=upload, by=act.by, at=act.now)
    act.note(kind=kind, sha256=upload.sha256)
    return file
