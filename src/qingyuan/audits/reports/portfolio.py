"""Chapters four to seven: the pilot's schemes, whether they pay, how far they are, and what goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from qingyuan.audits.figures import said
from qingyuan.audits.models.scheme import Scheme, SchemeFigures
from qingyuan.audits.queries.scheme import basis_of
from qingyuan.audits.reports.model import Draft, Missing
from qingyuan.engine import economics
from qingyuan.papers.audit_docx import Grid
from qingyuan.pilots.models import Pilot
from qingyuan.workbooks.audit_wording import worded

MOST_ROWS = 40
PLANNED, MEASURED = SchemeFigures.Basis.PLANNED, SchemeFigures.Basis.MEASURED
CARRIED_OUT = (Scheme.Stage.CONFIRMED, Scheme.Stage.RUNNING, Scheme.Stage.DONE)
COMPARED = (
    ("invest_wan_cny", "投资（万元）"),
    ("benefit_wan_cny", "经济效益（万元/年）"),
    ("electricity_wan_kwh", "节电（万kWh/年）"),
    ("coal_tce", "节煤（tce/年）"),
    ("water_t", "节水（t/年）"),
    ("cod_t", "COD（t/年）"),
    ("voc_t", "VOC（t/年）"),
)
KEPT_UP = (
    ("object_managers", "专职管理人员"),
    ("object_rules", "管理制度"),
    ("object_mechanisms", "工作机制"),
    ("object_funding_source", "资金来源"),
)
"""Answers to the conditions of the call that say who keeps cleaner production up."""


def generate(draft: Draft, pilot: Pilot, schemes: Sequence[Any]) -> None:
    """方案产生和筛选: what there is, and what was dropped with the reason."""
    if not schemes:
        draft.missing.append(lacking("没有列入台账的清洁生产方案", pilot))
        return
    counts = {
        (kind, stage): sum(one.kind == kind and one.stage == stage for one in schemes)
        for kind in Scheme.Kind
        for stage in Scheme.Stage
    }
    draft.grids.append(
        Grid(
            title="方案的类别与筛选",
            heads=("类别", *(str(stage.label) for stage in Scheme.Stage), "合计"),
            rows=tuple(
                (
                    str(kind.label),
                    *(str(counts[kind, stage]) for stage in Scheme.Stage),
                    str(sum(counts[kind, stage] for stage in Scheme.Stage)),
                )
                for kind in Scheme.Kind
            ),
            weights=(2, *(1 for _stage in Scheme.Stage), 1),
            numeric=frozenset(range(1, len(Scheme.Stage) + 2)),
        )
    )
    dropped = [one for one in schemes if one.stage == Scheme.Stage.DROPPED]
    draft.paragraphs += [
        f"不实施：{one.enterprise.name} {one.code} {one.title}，{one.dropped_reason}。" for one in dropped
    ]


def judge(draft: Draft, pilot: Pilot, schemes: Sequence[Any]) -> None:
    """可行性: the dear schemes with what they pay; who lacks figures or reasons is named."""
    dear = [one for one in schemes if one.kind == Scheme.Kind.HIGH and one.stage != Scheme.Stage.DROPPED]
    if not dear:
        draft.missing.append(lacking("没有中/高费方案可作可行性分析", pilot))
        return
    stated = {one.pk: figures for one in dear if (figures := _priced(basis_of(one, PLANNED))) is not None}
    found = dict(zip(stated, economics.appraise(list(stated.values())), strict=True)) if stated else {}
    rows = []
    for one in dear[:MOST_ROWS]:
        each, price = found.get(one.pk), stated.get(one.pk)
        rows.append(
            (
                one.enterprise.name,
                f"{one.code} {one.title}",
                worded(price.invest if price else None),
                worded(price.saving if price else None),
                worded(each.N if each else None),
                worded(each.NPV if each else None),
                worded(each.IRR_pct if each else None),
                one.feasibility or "—",
            )
        )
    draft.paragraphs.append(
        "经济可行性按年税前总收益计算：年限没有填写的按 10 年，贴现率 6 %，所得税率 25 %；没有投资或收益数据的不计算。"
    )
    draft.grids.append(
        Grid(
            title="中/高费方案的可行性",
            heads=(
                "企业", "方案", "投资（万元）", "年收益（万元）", "回收期（年）", "净现值（万元）", "内部收益率（%）", "技术、环境可行性",
            ),
            rows=tuple(rows),
            weights=(3, 4, 2, 2, 2, 2, 2, 4),
            numeric=frozenset({2, 3, 4, 5, 6}),
            note=f"另有 {len(dear) - MOST_ROWS} 项，见绩效表。" if len(dear) > MOST_ROWS else "",
        )
    )  # fmt: skip
    for what, these in (
        ("没有投资或经济效益", [one for one in dear if one.pk not in stated]),
        ("没有写技术、环境可行性", [one for one in dear if not one.feasibility]),
    ):
        if these:
            draft.missing.append(lacking(f"{len(these)} 项中/高费方案{what}（{_names(these)}）", pilot))


def carry_out(draft: Draft, pilot: Pilot, schemes: Sequence[Any]) -> None:
    """方案实施: how far, and what was measured beside what was planned."""
    taken = [one for one in schemes if one.stage in CARRIED_OUT]
    if not taken:
        draft.missing.append(lacking("没有已确定实施的方案", pilot))
        return
    draft.grids.append(
        Grid(
            title="方案实施情况",
            heads=("企业", "方案", "状态", "责任部门", "计划完成", "实际完成"),
            rows=tuple(
                (
                    one.enterprise.name,
                    f"{one.code} {one.title}",
                    str(one.get_stage_display()),
                    one.owner or "—",
                    one.due_on.isoformat() if one.due_on else "—",
                    one.finished_on.isoformat() if one.finished_on else "—",
                )
                for one in taken[:MOST_ROWS]
            ),
            weights=(3, 4, 2, 2, 2, 2),
            note=f"另有 {len(taken) - MOST_ROWS} 项，见绩效表。" if len(taken) > MOST_ROWS else "",
        )
    )
    done = [one for one in taken if one.stage == Scheme.Stage.DONE]
    draft.grids.append(_compared(taken, done))
    unmeasured = [one for one in done if basis_of(one, MEASURED) is None]
    if unmeasured:
        draft.missing.append(
            lacking(f"{len(unmeasured)} 项已完成的方案没有实测效果（{_names(unmeasured)}）", pilot)
        )


def continue_(draft: Draft, pilot: Pilot, schemes: Sequence[Any]) -> None:
    """持续清洁生产: who keeps it up, and what is still to be done."""
    answers = {one.question_id: one.value for one in pilot.answers.filter(question_id__in=dict(KEPT_UP))}
    for key, title in KEPT_UP:
        value = answers.get(key)
        if value in (None, "", False):
            draft.missing.append(
                Missing(
                    what=f"没有写明{title}",
                    where="申报—申报条件（工作基础）",
                    url=reverse("pilots:eligibility", args=[pilot.pk]),
                )
            )
        else:
            draft.paragraphs.append(f"{title}：{'已建立' if value is True else value}。")
    left = [one for one in schemes if one.stage not in {Scheme.Stage.DONE, Scheme.Stage.DROPPED}]
    if left:
        draft.paragraphs.append(f"尚未完成的方案 {len(left)} 项，按计划继续实施：{_names(left)}。")


def lacking(what: str, pilot: Pilot) -> Missing:
    return Missing(what=what, where="审核—方案", url=reverse("audits:schemes", args=[pilot.pk]))


def _names(schemes: Sequence[Any], most: int = 10) -> str:
    text = "、".join(f"{one.enterprise.name} {one.code}" for one in schemes[:most])
    return text + ("等" if len(schemes) > most else "")


def _priced(row: SchemeFigures | None) -> economics.Scheme | None:
    if row is None or row.invest_wan_cny is None or row.benefit_wan_cny is None:
        return None
    return economics.Scheme(
        measure=str(row.scheme_id),
        invest=float(row.invest_wan_cny),
        saving=float(row.benefit_wan_cny),
        om=float(row.om_wan_cny or 0),
        life=None if row.life_years is None else float(row.life_years),
    )


def _compared(taken: Sequence[Any], done: Sequence[Any]) -> Grid:
    """Sums with how many schemes state them: what is not stated adds nothing, and is said."""

    def total(schemes: Sequence[Any], basis: str, name: str) -> str:
        known = [
            value
            for one in schemes
            if (row := basis_of(one, basis)) is not None and (value := getattr(row, name)) is not None
        ]
        return f"{said(sum(known))}（{len(known)} 项）" if known else "—"

    return Grid(
        title="实施效果：预期与实测（括号内为有数据的方案数）",
        heads=("项目", "全部确定方案的预期", "已完成方案的预期", "已完成方案的实测"),
        rows=tuple(
            (title, total(taken, PLANNED, name), total(done, PLANNED, name), total(done, MEASURED, name))
            for name, title in COMPARED
        ),
        weights=(3, 3, 3, 3),
        numeric=frozenset({1, 2, 3}),
    )
