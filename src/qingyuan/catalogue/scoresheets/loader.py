"""From files to score sheets: another province's sheet, or a new one, is only a file in a folder that is looked at."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.clauses import clause_ids
from qingyuan.catalogue.notices.loader import notices
from qingyuan.catalogue.notices.model import Notice
from qingyuan.catalogue.problems import CatalogueError, Problem
from qingyuan.catalogue.scoresheets.model import Criterion, Dimension, Level, ScoreSheet
from qingyuan.catalogue.yamlfile import Finding

SHIPPED = Path(__file__).parent
VARIABLE = "QINGYUAN_SCORESHEETS"
WHOLE = 100
_ORIGINS = {"self-made": "自拟", "official": "官方"}


def load_scoresheet(path: Path) -> ScoreSheet:
    """One sheet, checked against the notice that it serves; raises CatalogueError with every problem."""

    def crosscheck(sheet: ScoreSheet) -> Iterable[Finding]:
        return [*_check(sheet, stem=path.stem), *_check_notice(sheet)]

    return yamlfile.load(path, ScoreSheet, crosscheck=crosscheck)


def scoresheets() -> dict[str, ScoreSheet]:
    """All sheets by id: the shipped ones, and those of the folders in QINGYUAN_SCORESHEETS (a path list `a:b`).

    Read once: a changed file needs a restart. Raises CatalogueError with the problems of all files.
    """
    named = (Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part)
    return dict(_load_all((SHIPPED, *named)))


def scoresheet_for(notice: Notice, *, on: date) -> ScoreSheet:
    """The sheet by which applications under a notice are assessed on a day: made for it, else for its level.

    Of several the one that began last. Raises KeyError where there is none.
    """
    return _best(notice, on, acceptance=False)


def acceptance_sheet_for(notice: Notice, *, on: date) -> ScoreSheet:
    """The sheet by which pilots under a notice are evaluated and accepted on a day; otherwise as `scoresheet_for`.

    Where it asks for two sittings it is the second's; the first's is `evaluation_sheet_for`.
    """
    return _best(notice, on, acceptance=True)


def evaluation_sheet_for(notice: Notice, *, on: date) -> ScoreSheet:
    """The sheet of the first of two sittings: the one that the sheet of acceptance names, else that sheet itself."""
    sheet = acceptance_sheet_for(notice, on=on)
    named = sheet.acceptance.evaluation if sheet.acceptance else None
    return scoresheets()[named] if named else sheet


def _best(notice: Notice, on: date, *, acceptance: bool) -> ScoreSheet:
    everything = scoresheets().values()
    first_sittings = {sheet.acceptance.evaluation for sheet in everything if sheet.acceptance}
    holding = [
        sheet
        for sheet in everything
        if sheet.holds(on=on)
        and (sheet.acceptance is not None) == acceptance
        and sheet.id not in first_sittings
    ]
    own = [sheet for sheet in holding if sheet.notice == notice.id]
    level = [sheet for sheet in holding if sheet.level == notice.level]
    for found in (own, level):
        if found:
            return max(found, key=lambda sheet: (sheet.valid_from, sheet.id))
    raise KeyError(f"{notice.id} 在 {on} 没有可用的评分表")


@cache
def _load_all(folders: tuple[Path, ...]) -> dict[str, ScoreSheet]:
    found: dict[str, ScoreSheet] = {}
    first: dict[str, Path] = {}
    problems: list[Problem] = []
    for folder in dict.fromkeys(folders):
        if not folder.is_dir():
            reason = "评分表目录不存在"
            problems.append(Problem(file=str(folder), line=1, path="", reason=reason, expected="一个目录"))
            continue
        for path in sorted(folder.glob("*.yaml")):
            if path.stem in first:
                reason = f"编号“{path.stem}”与 {first[path.stem]} 重复"
                problems.append(
                    Problem(file=str(path), line=1, path="id", reason=reason, expected="另取文件名")
                )
                continue
            first[path.stem] = path
            try:
                found[path.stem] = load_scoresheet(path)
            except CatalogueError as error:
                problems += error.problems
    problems += _first_sittings(found, first)
    if problems:
        raise CatalogueError(problems)
    return found


def _first_sittings(found: dict[str, ScoreSheet], first: dict[str, Path]) -> Iterable[Problem]:
    """Sheets that another one names for its first sitting: they must be there, and be of the same notice."""
    for sheet in found.values():
        named = sheet.acceptance.evaluation if sheet.acceptance else None
        other = found.get(named) if named else None
        if not named or (other and other.acceptance and other.notice == sheet.notice):
            continue
        yield Problem(
            file=str(first[sheet.id]),
            line=1,
            path="acceptance.evaluation",
            reason=f"没有可用于评估的评分表“{named}”",
            expected="同一通知的另一份评估验收评分表的编号；两次用同一份的留空",
        )


def _check(sheet: ScoreSheet, *, stem: str) -> Iterable[Finding]:
    """How the parts of the sheet fit each other."""
    if sheet.id != stem:
        yield Finding(("id",), f"编号“{sheet.id}”与文件名不同", stem)
    if (sheet.origin == "self-made") != (_ORIGINS["self-made"] in sheet.source):
        yield Finding(("source",), "来源与 origin 不一致", "自拟的评分表在来源中写明“自拟”，官方的不写")
    if sheet.origin == "self-made" and sheet.verified:
        yield Finding(("verified",), "自拟的评分表不能标为已核对", "false")
    if sheet.valid_to is not None and sheet.valid_to < sheet.valid_from:
        yield Finding(("valid_to",), "失效日期早于生效日期", f"不早于 {sheet.valid_from}")
    if sheet.clause not in clause_ids():
        yield Finding(("clause",), f"条款“{sheet.clause}”不存在", "clauses.yaml 中的条款号")
    weight = sum(dimension.weight for dimension in sheet.dimensions)
    if weight != WHOLE:
        yield Finding(("dimensions",), f"权重合计为 {weight}", f"合计 {WHOLE}")
    if sheet.acceptance and sheet.acceptance.found not in {level.id for level in sheet.criterion_levels}:
        yield Finding(("acceptance", "found"), "否决情形的等级不存在", "criterion_levels 中的一个编号")
    if sheet.acceptance and sheet.acceptance.evaluation and sheet.acceptance.sittings == "one":
        yield Finding(("acceptance", "evaluation"), "评估、验收一次进行的，不另设评估的评分表", "留空")
    if bool(sheet.criteria) != bool(sheet.criterion_levels):
        yield Finding(("criterion_levels",), "评选条件与其等级要么都有，要么都没有", "两者同时写明")
    yield from _check_scale(sheet)
    yield from _check_unique(sheet)


def _check_scale(sheet: ScoreSheet) -> Iterable[Finding]:
    numbers = [level.id for level in sheet.scores]
    for index, number in enumerate(numbers):
        if not number.isdigit():
            yield Finding(("scores", index, "id"), f"分值“{number}”不是整数", "如 1、2、3、4、5")
    if not all(number.isdigit() for number in numbers):
        return
    scale = {int(number) for number in numbers}
    for index, score in enumerate(sheet.comment_at):
        if score not in scale:
            yield Finding(("comment_at", index), f"分值 {score} 不在分值表中", _list(scale))
    for index, dimension in enumerate(sheet.dimensions):
        yield from _check_anchors(dimension, index, scale)


def _check_anchors(dimension: Dimension, index: int, scale: set[int]) -> Iterable[Finding]:
    anchored = [anchor.score for anchor in dimension.anchors]
    for number, score in enumerate(anchored):
        if score not in scale:
            place = ("dimensions", index, "anchors", number, "score")
            yield Finding(place, f"分值 {score} 不在分值表中", _list(scale))
    if missing := scale - set(anchored):
        yield Finding(("dimensions", index, "anchors"), f"分值 {_list(missing)} 没有说明", "每个分值一条说明")
    if len(set(anchored)) != len(anchored):
        yield Finding(("dimensions", index, "anchors"), "同一分值有两条说明", "每个分值一条说明")


def _check_unique(sheet: ScoreSheet) -> Iterable[Finding]:
    lists: dict[str, tuple[Level | Dimension | Criterion, ...]] = {
        "scores": sheet.scores,
        "dimensions": sheet.dimensions,
        "criteria": sheet.criteria,
        "criterion_levels": sheet.criterion_levels,
        "confidence": sheet.confidence,
        "overall": sheet.overall,
    }
    for name, items in lists.items():
        ids = [item.id for item in items]
        for index, found in enumerate(ids):
            if found in ids[:index]:
                yield Finding((name, index, "id"), f"编号“{found}”重复", "唯一的编号")


def _check_notice(sheet: ScoreSheet) -> Iterable[Finding]:
    """Whether the sheet scores exactly what the notice names, in the notice's words, with chapters of its outline."""
    notice = notices().get(sheet.notice)
    if notice is None:
        yield Finding(("notice",), f"通知“{sheet.notice}”不存在", _list(notices()))
        return
    if notice.level != sheet.level:
        yield Finding(("level",), "级别与通知不同", notice.level)
    if sheet.acceptance is not None:
        yield from _check_follow_up(sheet, notice)
        return
    step = next((step for step in notice.review.steps if step.id == sheet.step), None)
    if step is None:
        steps = (step.id for step in notice.review.steps)
        yield Finding(("step",), f"通知没有评审环节“{sheet.step}”", _list(steps))
        return
    titles = {dimension.id: dimension.title for dimension in step.dimensions}
    chapters = {leaf.id for leaf in notice.leaves()}
    for index, dimension in enumerate(sheet.dimensions):
        place = ("dimensions", index)
        if dimension.id not in titles:
            yield Finding((*place, "id"), f"通知的“{step.title}”没有方面“{dimension.id}”", _list(titles))
        elif dimension.title != titles[dimension.id]:
            yield Finding((*place, "title"), f"“{dimension.title}”不是通知的原文", titles[dimension.id])
        for number, chapter in enumerate(dimension.chapters):
            if chapter not in chapters:
                yield Finding((*place, "chapters", number), f"大纲没有“{chapter}”一节", _list(chapters))
    if missing := [title for name, title in titles.items() if name not in sheet.weights]:
        yield Finding(("dimensions",), f"缺少通知所列方面：{_list(missing)}", "通知所列的全部方面")
    for index, criterion in enumerate(sheet.criteria):
        if criterion.title not in (step.wording or ""):
            yield Finding(
                ("criteria", index, "title"), f"“{criterion.title}”不是通知的原文", step.wording or ""
            )


def _check_follow_up(sheet: ScoreSheet, notice: Notice) -> Iterable[Finding]:
    """Acceptance is no step of the review: the notice names no aspects for it, and the sheet's are its own."""
    steps = [step.id for step in notice.follow_up]
    if sheet.step not in steps:
        yield Finding(("step",), f"通知没有后续环节“{sheet.step}”", _list(steps))
    chapters = {leaf.id for leaf in notice.leaves()}
    for index, dimension in enumerate(sheet.dimensions):
        for number, chapter in enumerate(dimension.chapters):
            if chapter not in chapters:
                place = ("dimensions", index, "chapters", number)
                yield Finding(place, f"大纲没有“{chapter}”一节", _list(chapters))


def _list(names: Iterable[object]) -> str:
    return "、".join(sorted(str(name) for name in names))
