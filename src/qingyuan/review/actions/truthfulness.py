"""Verbs of 真实性审查: examined by one officer of the province, signed by another (N14)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.review.models import Case, Truthfulness
from qingyuan.review.models.truthfulness import CHECKS
from qingyuan.review.rules import formcheck as rules

Stage, Word, Result = Truthfulness.Stage, Truthfulness.Word, Truthfulness.Result
LONGEST_NOTE = 1000


@action(
    "truthfulness.examine",
    title=gettext_lazy("审查真实性"),
    on=Case,
    may=rules.examines_case,
    stages=("form_check", "assessment", "decision"),
    creates=Truthfulness,
    creates_in=(Stage.EXAMINED,),
    clauses=("N14",),
    idempotent=True,
)
def examine(
    case: Case, act: Act, *, checks: Mapping[str, Mapping[str, str]], result: str, note: str = ""
) -> Truthfulness:
    """逐项与外部资料比对申报材料，写明结果，送签发人签发；针对的是封存的这一版本，材料换了版本须重新审查。"""
    problems = misfits(Truthfulness, note=note.strip())
    kept: dict[str, dict[str, str]] = {}
    for key, title in CHECKS.items():
        said = checks.get(key, {})
        word, text = said.get("word", ""), " ".join(said.get("note", "").split())
        kept[key] = {"word": word, "note": text}
        if word not in Word.values:
            problems.append(Problem(_("“%s”还没有判断") % title, where=f"{key}-word"))
        elif word != Word.AGREES and not text:
            problems.append(
                Problem(_("请写明不一致之处，或为什么没有比对"), where=f"{key}-note", expected=str(title))
            )
        if len(text) > LONGEST_NOTE:
            problems.append(Problem(_("过长：%(found)d 字") % {"found": len(text)}, where=f"{key}-note"))
    if result not in Result.values:
        problems.append(Problem(_("请选择审查结论"), where="result"))
    elif result != Result.TRUE and not note.strip():
        problems.append(Problem(_("结论不是“属实”的，须写明情况"), where="note"))
    if result == Result.TRUE and any(said["word"] == Word.DIFFERS for said in kept.values()):
        problems.append(
            Problem(
                _("有不一致的项目，结论不能是“属实”"),
                where="result",
                mend=_("选择“部分内容待说明”或“不属实”并写明情况"),
            )
        )
    sealed = case.submission.snapshot_sha256 if case.submission else ""
    if case.truthfulness.filter(sealed_sha256=sealed, stage__in=[Stage.EXAMINED, Stage.SIGNED]).exists():
        problems.append(Problem(_("这一版本已经审查过"), mend=_("需要改的，请签发人退回重审")))
    if problems:
        raise Invalid(problems)
    one = Truthfulness.objects.create(
        case=case,
        sealed_sha256=sealed,
        checks=kept,
        result=result,
        note=note.strip(),
        examined_at=act.now,
        examined_by=act.by,
    )
    act.note(sealed_sha256=sealed, result=result, examined_sha256=examined_hash(one))
    return one


def examined_hash(one: Truthfulness) -> str:
    """What the signer signs: the sealed version, every comparison, the result."""
    return sha256_hex(
        canonical_bytes(
            {"sealed": one.sealed_sha256, "checks": one.checks, "result": one.result, "note": one.note}
        )
    )


@action(
    "truthfulness.sign",
    title=gettext_lazy("签发真实性审查"),
    on=Truthfulness,
    may=rules.signs_truthfulness & rules.is_not_examiner,
    stages=(Stage.EXAMINED,),
    to=(Stage.SIGNED,),
    clauses=("N14",),
)
def sign(one: Truthfulness, act: Act) -> Truthfulness:
    """省级主办单位对封存材料的真实性审查结论签发负责；签发针对材料的哈希，不能代以地市的意见。"""
    sealed = one.case.submission.snapshot_sha256 if one.case.submission else ""
    if sealed != one.sealed_sha256:
        raise Invalid([Problem(_("材料已换了新版本，这次审查不再有效"), mend=_("退回，对新版本重新审查"))])
    one.signed_at, one.signed_by = act.now, act.by
    act.move(one, Stage.SIGNED)
    one.save(update_fields=["stage", "signed_at", "signed_by"])
    act.note(sealed_sha256=sealed, result=one.result, examined_sha256=examined_hash(one))
    return one


@action(
    "truthfulness.return",
    title=gettext_lazy("退回重新审查真实性"),
    on=Truthfulness,
    may=rules.signs_truthfulness,
    stages=(Stage.EXAMINED,),
    to=(Stage.RETURNED,),
    clauses=("N14",),
)
def send_back_examination(one: Truthfulness, act: Act, *, remark: str) -> Truthfulness:
    """签发人认为比对不足的，写明意见退回，由经办人重新审查。"""
    problems = misfits(Truthfulness, remark=remark.strip())
    if not remark.strip():
        problems.append(Problem(_("请写明退回的意见"), where="remark"))
    if problems:
        raise Invalid(problems)
    one.remark = remark.strip()
    act.move(one, Stage.RETURNED)
    one.save(update_fields=["stage", "remark"])
    act.note(remark_sha256=sha256_hex(one.remark.encode()))
    return one
