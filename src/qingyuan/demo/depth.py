"""What the demo's applications state in their tables: scope, targets, schedule, outputs, joint organisation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qingyuan.catalogue.credit_code import check_character
from qingyuan.demo import rich
from qingyuan.demo.firms import FIRMS, sum_of, total
from qingyuan.pilots import actions
from qingyuan.pilots.actions.joint import MeetingRow, PartyRow
from qingyuan.pilots.actions.schedule import MilestoneRow, OutputRow
from qingyuan.pilots.actions.scope import ScopeRow
from qingyuan.pilots.actions.targets import TargetRow
from qingyuan.pilots.models import Pilot

if TYPE_CHECKING:
    from qingyuan.demo.pilots import Example

# What enterprises of a sector are: class of GB/T 4754, main pollutants.
TRADES = {
    "packaging-printing": ("2319", "VOCs"),
    "electroplating": ("3360", "总铬、镍、COD"),
    "industrial-coating": ("3670", "VOCs、颗粒物"),
    "building-materials": ("3089", "颗粒物、氮氧化物、二氧化硫"),
    "papermaking": ("2221", "COD、氨氮、总磷"),
    "agrifood": ("1391", "COD、氨氮、总磷、总氮"),
}
SIZES, PERMITS = (
    ("medium", "small", "large", "small", "micro"),
    ("key", "simplified", "simplified", "registered"),
)
TERM = (date(2022, 8, 1), date(2023, 7, 31))
STEPS = (
    ("组建队伍、培训和统一采集", date(2022, 8, 1), date(2022, 9, 30), "工作专班、数据采集表、企业数据一套", "牵头单位、咨询服务机构"),
    ("物料与能量平衡核对", date(2022, 9, 16), date(2022, 11, 15), "平衡核对报告、问题清单", "工作专班"),
    ("分类诊断与方案产生", date(2022, 11, 1), date(2023, 1, 31), "共性问题清单、方案汇编", "咨询服务机构、范围内企业"),
    ("方案实施与月调度", date(2022, 12, 1), date(2023, 5, 31), "无/低费方案全部实施，中/高费方案按计划开工", "范围内企业"),
    ("效果核算与集中评估验收", date(2023, 5, 1), date(2023, 6, 30), "效果核算表、评估验收意见", "牵头单位、专家组"),
    ("总结与推广", date(2023, 6, 16), date(2023, 7, 31), "总结报告、管理规范、典型案例", "牵头单位"),
)  # fmt: skip
OUTPUTS = (
    ("整体审核报告", "一次审核覆盖全部企业，审核用时和费用下降", "audit_days"),
    ("统一数据采集规范", "企业一次填报、各环节共用，减少重复填报", "audit_cost"),
    ("集中评估验收要点", "同类企业集中评估，审核覆盖范围扩大", "coverage_share"),
    ("典型案例集", "先进经验、管理规范和技术方案各成一类，可复制、可推广", "benefit_enterprises"),
)
MEETINGS = (
    MeetingRow(date(2022, 5, 20), "协同审核试点筹备会（演示）", "商定牵头和参与单位的分工、数据共享的范围"),
    MeetingRow(date(2022, 6, 10), "联席会议第一次会议（演示）", "原则同意协同审核协议文本，月底前完成签署"),
)


def enterprises(example: Example, number: int) -> list[ScopeRow]:
    """Rows with all columns; about a fifth have been audited before."""
    if example.is_rich:
        return _firms()
    rows = []
    for index in range(1, example.enterprises + 1):
        sector = example.sectors[index % len(example.sectors)]
        code, pollutants = TRADES[sector]
        rows.append(
            ScopeRow(
                f"演示{example.trade}{index:02d}号有限公司",
                _code(number, index),
                sector,
                sector_code=code,
                size=SIZES[index % len(SIZES)],
                permit=PERMITS[index % len(PERMITS)],
                last_audit=date(2018 + index % 3, 3 + index % 8, 5 + index)
                if index <= example.audited
                else None,
                pollutants=pollutants,
                prefecture=example.place[:3],
                county=example.counties[index % len(example.counties)],
            )
        )
    return rows


def _firms() -> list[ScopeRow]:
    return [
        ScopeRow(
            firm.full_name,
            _code(50, firm.number),
            firm.trade.sector,
            note="演示数据",
            sector_code=firm.trade.code,
            size=firm.size,
            permit=firm.permit,
            last_audit=date.fromisoformat(firm.last_audit) if firm.last_audit else None,
            pollutants=firm.pollutants,
            prefecture="洛阳市",
            county="孟津区" if firm.number % 3 else "伊川县",
        )
        for firm in FIRMS
    ]


def _code(number: int, index: int) -> str:
    body = f"91{4100 + number:04d}00MA99{number:02d}{index:03d}"
    return body + check_character(body)


def set_targets(pilot: Pilot, example: Example, *, by: Any) -> None:
    """The measures that the notice asks for; the rich one has more. A draft has begun with two."""
    known = _figures(example)
    rows = []
    measures = [measure for aim in pilot.notice.aims for measure in aim.measures]
    for index, measure in enumerate(measures):
        baseline, target = known[measure.id]
        is_stated = example.is_written or index < 2
        rows.append(
            TargetRow(
                indicator=measure.title,
                unit=measure.unit,
                baseline_year=2021 if is_stated else None,
                baseline=Decimal(baseline) if is_stated else None,
                target=Decimal(target) if is_stated else None,
                note="演示数据" if is_stated else "",
                measure_id=measure.id,
                share=Decimal(100) if is_stated else None,
            )
        )
    actions.set_targets(pilot, by=by, rows=[*rows, *(_resources() if example.is_rich else [])])


def _figures(example: Example) -> dict[str, tuple[str, str]]:
    count, audited = example.enterprises, example.audited
    return {
        "audit_days": ("300", "120"),
        "audit_cost": ("860", "385.5"),
        "coverage_share": (f"{audited * 100 / count:.1f}".removesuffix(".0"), "100"),
        "benefit_enterprises": (str(audited), str(count)),
        "benefit_sectors": ("1", str(len(example.sectors) + (len(example.sectors) == 1))),
    }


def _resources() -> list[TargetRow]:
    def row(indicator: str, unit: str, baseline: int, saved: int, formula: str) -> TargetRow:
        return TargetRow(
            indicator="",
            indicator_id=indicator,
            unit=unit,
            baseline_year=2021,
            baseline=Decimal(baseline),
            target=Decimal(baseline - saved),
            formula=formula,
            share=Decimal(100),
            note="演示数据",
        )

    return [
        row("water-total", "万m³", sum_of("water"), total("water_saved"), "∑（方案实施前用水量 − 实施后用水量）"),
        row("electricity", "万kWh", sum_of("power"), total("power_saved"), "∑（方案实施前用电量 − 实施后用电量）"),
        row("vocs", "t/a", sum_of("vocs"), total("vocs_cut"), "产生量 ×（1 − 收集率 × 去除率），前后相减"),
    ]  # fmt: skip


def set_schedule(pilot: Pilot, example: Example, *, by: Any) -> None:
    """Milestones with what comes out of them, and the outputs tied to targets. A draft has begun with two."""
    steps = STEPS if example.is_written else STEPS[:2]
    rows = [MilestoneRow(*step) for step in steps]
    actions.set_schedule(pilot, by=by, term_start=TERM[0], term_end=TERM[1], rows=rows)
    outputs = OUTPUTS if example.is_written else OUTPUTS[:1]
    actions.set_outputs(pilot, by=by, rows=[OutputRow(*output) for output in outputs])


def organise_jointly(pilot: Pilot, example: Example, *, by: Any) -> None:
    """The governments along the river: one leads and applies, two take part."""
    actions.organise_jointly(
        pilot,
        by=by,
        parties=[
            PartyRow(
                pilot.applicant.name, "lead", "统筹组织，统一审核方法、数据口径和评估验收；承担申报和实施"
            ),
            *(
                PartyRow(f"{name}人民政府（演示）", "partner", duty)
                for name, duty in zip(
                    example.partners,
                    (
                        "组织本市上游企业参加，共享断面氨氮、总磷监测数据",
                        "组织本市农副食品加工企业参加，落实配套资金",
                    ),
                    strict=True,
                )
            ),
        ],
        meetings=list(MEETINGS),
    )


def write_rich(pilot: Pilot, *, by: Any, helper: Any) -> None:
    """The rich plan with its pictures; the consultant writes two chapters, the last one is not finished."""
    from qingyuan.demo import pictures
    from qingyuan.kernel.gate import receive
    from qingyuan.pilots import drafts

    shares = [100 * firm.of(firm.trade.water) // 84 for firm in FIRMS]
    made = {"layout": pictures.layout(), "route": pictures.route(), "bars": pictures.bars(shares)}
    known: dict[str, object] = {}
    for name, file in made.items():
        upload = receive(file, by=by, name=f"演示-{name}.png")
        drafts.add_picture(pilot, upload=upload, by=by)
        known[name] = upload.pk
    for outline_id, write in rich.CHAPTERS.items():
        writer = helper if outline_id in {"work-contents", "work-methods"} else by
        drafts.save_chapter(pilot, outline_id=outline_id, html=write(known), revision=0, by=writer)
        if outline_id not in rich.UNFINISHED:
            drafts.mark_complete(pilot, outline_id=outline_id, complete=True, by=writer)
