"""Score sheets are data: each says whose it is and since when, scores exactly what the notice names, and refuses slips."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from qingyuan.catalogue.notices import notices
from qingyuan.catalogue.problems import CatalogueError
from qingyuan.catalogue.scoresheets import load_scoresheet, scoresheet_for, scoresheets
from qingyuan.catalogue.scoresheets.loader import SHIPPED

HENAN = (SHIPPED / "henan-assessment-2022.yaml").read_text(encoding="utf-8")
STATE = (SHIPPED / "state-consultation-2022.yaml").read_text(encoding="utf-8")

DEFECTS = [
    (HENAN, "id: henan-assessment-2022", "id: henan", "id", "与文件名不同"),
    (HENAN, "verified: false", "verified: true", "verified", "不能标为已核对"),
    (HENAN, "origin: self-made", "origin: official", "source", "不一致"),
    (HENAN, "clause: H3", "clause: H33", "clause", "“H33”不存在"),
    (HENAN, "notice: henan-2022", "notice: henan-2020", "notice", "“henan-2020”不存在"),
    (HENAN, "level: provincial", "level: national", "level", "级别与通知不同"),
    (HENAN, "step: assessment", "step: panel", "step", "没有评审环节“panel”"),
    (HENAN, "    weight: 20\n", "    weight: 30\n", "dimensions", "权重合计为 110"),
    (HENAN, "title: 目标的符合性", "title: 目标符合性", "dimensions[2].title", "不是通知的原文"),
    (HENAN, "  - id: plan\n", "  - id: plans\n", "dimensions[4].id", "没有方面“plans”"),
    (HENAN, "chapters: [goals]", "chapters: [aims]", "dimensions[2].chapters[0]", "大纲没有“aims”"),
    (HENAN, "comment_at: [1, 5]", "comment_at: [1, 6]", "comment_at[1]", "不在分值表中"),
    (HENAN, '{id: "3", title: 一般}', '{id: "c", title: 一般}', "scores[2].id", "不是整数"),
    (HENAN, "- {score: 2, text: 诊断很少", "- {score: 3, text: 诊断很少", "dimensions[0].anchors", "没有说明"),
    (HENAN, "valid_from: 2022-01-01", "valid_from: 2022-01-01\nvalid_to: 2021-01-01", "valid_to", "早于生效日期"),
    (HENAN, "{minutes: 15, share: 25}", "{minutes: 15, share: 101}", "reading.share", ""),
    (HENAN, "asks: 是否先作", "ask: 是否先作", "dimensions[0].ask", "不认识的键"),
    (STATE, "title: 可复制性高", "title: 可复制性好", "criteria[3].title", "不是通知的原文"),
    (STATE, "{id: partly, title", '{id: "yes", title', "criterion_levels[1].id", "重复"),
    (STATE, STATE[STATE.index("criterion_levels:") :], "", "criterion_levels", "要么都有"),
]  # fmt: skip


def test_the_provinces_sheet_scores_the_six_aspects_of_its_notice_in_its_words() -> None:
    sheet = scoresheets()["henan-assessment-2022"]
    assert [dimension.title for dimension in sheet.dimensions] == [
        "试点思路的科学性", "工作基础的成熟度", "目标的符合性", "内容的合理性", "计划的可行性", "成果的创新性与可复制性",
    ]  # fmt: skip
    assert sum(sheet.weights.values()) == 100


def test_the_states_sheet_scores_four_aspects_and_judges_four_selection_criteria() -> None:
    sheet = scoresheets()["state-consultation-2022"]
    assert len(sheet.dimensions) == 4
    assert [criterion.title for criterion in sheet.criteria] == [
        "工作基础扎实", "方案可行性强", "创新性显著", "可复制性高",
    ]  # fmt: skip


def test_no_sheet_claims_to_be_official() -> None:
    for sheet in scoresheets().values():
        assert sheet.origin == "self-made"
        assert "自拟" in sheet.source
        assert not sheet.verified


def test_a_total_is_the_weighted_share_of_the_highest_score() -> None:
    sheet = scoresheets()["henan-assessment-2022"]
    best = dict.fromkeys(sheet.weights, 5)
    assert sheet.total(best) == 100
    assert sheet.total({**best, "idea": 4}) == 96
    # Other weights are normalised: only the idea counts.
    assert sheet.total({**best, "idea": 1}, {"idea": 7}) == 20
    assert sheet.total({**best, "idea": 1}, {"idea": 1, "goals": 2}) == Fraction(100 * 11, 15)


def test_the_sheet_of_a_notice_on_a_day() -> None:
    found = scoresheet_for(notices()["henan-2022"], on=date(2022, 7, 1))
    assert found.id == "henan-assessment-2022"
    with pytest.raises(KeyError, match="没有可用的评分表"):
        scoresheet_for(notices()["henan-2022"], on=date(2021, 7, 1))


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect[3])
def test_a_defect_is_named_with_its_line(tmp_path: Path, defect: tuple[str, str, str, str, str]) -> None:
    whole, before, after, place, words = defect
    name = "henan-assessment-2022" if whole is HENAN else "state-consultation-2022"
    path = tmp_path / f"{name}.yaml"
    assert before in whole
    path.write_text(whole.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_scoresheet(path)
    found = [problem for problem in caught.value.problems if problem.path == place]
    assert found, str(caught.value)
    assert any(words in problem.reason for problem in found)
    assert all(problem.line >= 1 and problem.file == path.name for problem in found)


def test_sheets_of_a_province_are_files_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = HENAN.replace("id: henan-assessment-2022", "id: henan-own").replace("2022-01-01", "2022-06-01")
    (tmp_path / "henan-own.yaml").write_text(own, encoding="utf-8")
    monkeypatch.setenv("QINGYUAN_SCORESHEETS", str(tmp_path))
    assert scoresheet_for(notices()["henan-2022"], on=date(2022, 7, 1)).id == "henan-own"
    (tmp_path / "state-consultation-2022.yaml").write_text(STATE, encoding="utf-8")
    monkeypatch.setenv("QINGYUAN_SCORESHEETS", f"{tmp_path}:{tmp_path / 'nowhere'}")
    with pytest.raises(CatalogueError) as caught:
        scoresheets()
    assert {problem.reason[:4] for problem in caught.value.problems} == {"编号“s", "评分表目"}
