"""`qingyuan template park`, `qingyuan park`, `qingyuan region`: a whole audit out of one book."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from qingyuan.cli import main
from qingyuan.demo import park_data
from qingyuan.workbooks import park
from qingyuan.workbooks.book import Book
from qingyuan.workbooks.write import write_book

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*arguments: object):
    return CliRunner().invoke(main, [str(one) for one in arguments])


def book(path: Path, **rows: list[dict[str, object]]) -> Path:
    """A book with these rows by the tables' titles; the rest of its sheets are empty."""
    tables = park.park_tables()
    known = {"企业": [{"enterprise": "甲厂"}, {"enterprise": "乙厂"}], **rows}
    with path.open("wb") as target:
        write_book(target, [(table, known.get(table.title, [])) for table in tables], free_rows=5)
    return path


HOT = {"stream": "热", "enterprise": "甲厂", "t_supply_c": 150, "t_target_c": 60, "cp_kw_per_k": 2}
COLD = {"stream": "冷", "enterprise": "乙厂", "t_supply_c": 20, "t_target_c": 135, "cp_kw_per_k": 2.5}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The report of the demo park, made once."""
    out = tmp_path_factory.mktemp("park") / "out"
    done = run("park", EXAMPLES / "park-demo.xlsx", "--out", out, "--json")
    return done, out


def test_the_template_is_a_book_to_fill_in_and_says_so_when_empty(tmp_path):
    made = run("template", "park", tmp_path / "a.xlsx")
    assert made.exit_code == 0, made.output
    found = Book(tmp_path / "a.xlsx")
    assert all(found.heads(table) for table in park.park_tables())
    empty = run("park", tmp_path / "a.xlsx", "--out", tmp_path / "out", "--json")
    assert empty.exit_code == 2
    said = json.loads(empty.stdout)
    assert said["status"] == "bad_input"
    assert not (tmp_path / "out").exists()


def test_the_demo_park_gives_one_json_value_and_all_files(demo):
    done, out = demo
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert list(said) == ["balance", "heat", "match", "water", "exchange", "select", "flags"]
    assert json.loads((out / "result.json").read_text("utf-8")) == said
    assert {file.suffix for file in out.iterdir()} == {".docx", ".xlsx", ".json", ".svg", ".png"}
    assert all(said[key]["verified"] for key in ("heat", "match", "water", "exchange", "select"))


def test_every_part_is_the_single_command_s_own_answer(demo):
    _done, out = demo
    said = json.loads((out / "result.json").read_text("utf-8"))
    here = EXAMPLES / "park-demo.xlsx"
    for key, arguments in (
        ("heat", ["heat", here, "--dt-min", "10", "--utilities", here, "--site"]),
        ("water", ["water", here]),
        ("balance", ["balance", here]),
    ):
        assert json.loads(run(*arguments, "--json").stdout) == said[key], key


def test_the_report_holds_chapters_tables_and_figures(demo):
    _done, out = demo
    report = docx.Document(str(out / "report.docx"))
    words = "\n".join(paragraph.text for paragraph in report.paragraphs)
    for title in ("一、数据与内容", "二、物质代谢", "三、能量梯级利用", "八、核查疑点", "图 1"):
        assert title in words
    assert len(report.inline_shapes) == len(list(out.glob("*.png"))) >= 6
    assert len(report.tables) >= 8
    results = Book(out / "results.xlsx")
    assert not results.errors


def test_the_demo_park_is_what_its_generator_makes():
    found = Book(EXAMPLES / "park-demo.xlsx")
    for table, rows in park_data.sheets():
        reading = found.read(table)
        assert reading is not None
        assert len(reading) == len(rows), table.title
    assert not found.errors


def test_the_faults_of_all_sheets_are_told_at_once_and_nothing_is_written(tmp_path):
    path = book(
        tmp_path / "a.xlsx",
        热流股表=[{**HOT, "enterprise": "丙厂"}, {**COLD, "cp_kw_per_k": "很多"}],
        供给表=[{"offer": "灰", "enterprise": "甲厂", "material": "粉煤灰", "quantity_t": -5}],
        需求表=[{"need": "灰需", "enterprise": "乙厂", "material": "粉煤灰", "quantity_t": 5}],
    )
    done = run("park", path, "--out", tmp_path / "out", "--json")
    assert done.exit_code == 2
    problems = json.loads(done.stdout)["problems"]
    told = {(one["sheet"], one["row"]) for one in problems}
    assert {("热流股表", 2), ("热流股表", 3), ("供给表", 2)} <= told
    assert all(one["column"] and one["expected"] for one in problems)
    assert not (tmp_path / "out").exists()


def test_two_forms_of_water_data_are_refused(tmp_path):
    path = book(
        tmp_path / "a.xlsx",
        用水过程表=[{"process": "洗", "load_kg_h": 2, "c_in_max_ppm": 0, "c_out_max_ppm": 100}],
        水源和需水表=[{"name": "源", "kind": "source", "flow_t_h": 10, "c_ppm": 50}],
    )
    done = run("park", path, "--out", tmp_path / "out", "--json")
    assert done.exit_code == 2
    assert "只填一张" in json.loads(done.stdout)["problems"][0]["expected"]


def test_water_as_flows_is_read_although_the_other_sheet_is_there(tmp_path):
    rows = [
        {"name": "源", "kind": "source", "flow_t_h": 10, "c_ppm": 50},
        {"name": "需", "kind": "demand", "flow_t_h": 20, "c_ppm": 25},
    ]
    done = run("park", book(tmp_path / "a.xlsx", 水源和需水表=rows), "--out", tmp_path / "out", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["water"]["freshwater_t_h"] == pytest.approx(10)


def test_a_part_that_cannot_be_reached_is_reported_and_the_rest_still_computed(tmp_path):
    path = book(
        tmp_path / "a.xlsx",
        热流股表=[HOT, COLD],
        公用工程表=[
            {"utility": "温水", "kind": "hot", "t_supply_c": 60, "t_target_c": 60},
            {"utility": "冷却水", "kind": "cold", "t_supply_c": 15, "t_target_c": 15},
        ],
        用水过程表=[{"process": "洗", "load_kg_h": 2, "c_in_max_ppm": 0, "c_out_max_ppm": 100}],
    )
    done = run("park", path, "--out", tmp_path / "out", "--json")
    assert done.exit_code == 3
    said = json.loads(done.stdout)
    assert said["heat"]["status"] == "infeasible"
    assert said["water"]["freshwater_t_h"] == pytest.approx(20)
    assert "不可行" in "\n".join(
        paragraph.text for paragraph in docx.Document(str(tmp_path / "out" / "report.docx")).paragraphs
    )


def test_settings_of_the_book_go_to_the_commands(tmp_path):
    settings = [{"parameter": "最小传热温差", "value": 30}]
    path = book(tmp_path / "a.xlsx", 热流股表=[HOT, COLD], 参数=settings)
    done = run("park", path, "--out", tmp_path / "out", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["heat"]["dt_min_k"] == 30


@pytest.mark.parametrize("path", ["none.xlsx", "."])
def test_a_dataset_that_is_not_there_is_one_problem(tmp_path, path):
    done = run("park", tmp_path / path, "--out", tmp_path / "out", "--json")
    assert done.exit_code == 2
    assert len(json.loads(done.stdout)["problems"]) == 1


@pytest.fixture(scope="module")
def basin(tmp_path_factory):
    """The report of the demo basin, made once."""
    out = tmp_path_factory.mktemp("basin") / "out"
    done = run("region", EXAMPLES / "river-region.xlsx", "--out", out, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout), out


def test_the_basin_is_run_again_after_the_plan_through_the_full_response(basin):
    said, _out = basin
    assert list(said) == ["river", "select", "flags"]
    moved = {(one["section"], one["substance"], one["scenario"]): one for one in said["river"]["changes"]}
    assert len(moved) == 9 * 2 * 2
    for one in said["select"]["slack"]:
        section, _colon, substance = one["target"].partition(":")
        own = moved[section, substance, one["scenario"]]
        assert own["after_mg_l"] == pytest.approx(one["after"], abs=2e-4)  # the target's base is rounded
    assert not all(one["met_before"] for one in moved.values())
    assert all(one["after_mg_l"] <= one["limit_mg_l"] * 1.0002 for one in moved.values())


def test_who_carries_what_adds_up(basin):
    said, _out = basin
    chosen = said["select"]
    assert sum(one["cost_per_year"] for one in chosen["schemes"]) == pytest.approx(chosen["cost"])
    assert len(chosen["schemes"]) == len(chosen["chosen"])
    for grouped in chosen["allocation"].values():
        assert sum(one["cost_per_year"] for one in grouped["rows"]) == pytest.approx(chosen["cost"])
        for name, amount in chosen["effects"].items():
            cut = sum(one["before_t"][name] - one["after_t"][name] for one in grouped["rows"])
            assert cut == pytest.approx(amount)
            assert 0 <= grouped["gini"][name]["after"] < 1
    for steps in chosen["macc"].values():
        costs = [one["cost_per_unit"] for one in steps]
        assert costs == sorted(costs)
        assert sum(one["chosen"] for one in steps) == len(chosen["schemes"])


def test_fairness_and_certainty_have_their_price_between_bounds(basin):
    said, _out = basin
    plain, *others = said["select"]["premiums"]
    assert plain["objective"] == pytest.approx(said["select"]["cost"], rel=0.01)
    assert [one["kind"] for one in others] == ["fairness"] * 3 + ["certainty"]
    for one in (plain, *others):
        assert one["verified"]
        assert one["gap"] <= 0.01
        assert one["price_at_least"] <= one["price"] <= one["price_at_most"]
    for one in others[:3]:
        assert one["figure"] <= one["limit"] * (1 + 1e-6)
        assert one["figure_without"] > one["limit"]
    assert len(said["select"]["front"]) >= 6
    assert all(one["bound"] <= one["cost"] for one in said["select"]["front"])


def test_the_basin_s_report_shows_it_all(basin):
    said, out = basin
    names = {file.stem for file in out.glob("*.svg")}
    assert {"river-profile-1", "river-sections-4", "select-front", "select-macc-2", "select-prices"} <= names
    assert {"select-county-1", "select-sector-1", "select-county-cost"} <= names
    report = docx.Document(str(out / "report.docx"))
    assert len(report.inline_shapes) == len(names)
    words = "\n".join(paragraph.text for paragraph in report.paragraphs)
    for title in (
        "选定的方案：费用与效果",
        "公平和把握的代价",
        "按区县的分配",
        "按行业的分配",
        "费用与削减的前沿",
    ):
        assert title in words
    results = Book(out / "results.xlsx")
    assert not results.errors
    assert said["flags"] == []


def test_outlets_and_the_share_that_reaches_the_river_count(tmp_path):
    """Two outlets of one enterprise, one half of whose discharge seeps away: the plan holds in the full response."""
    common = {
        "enterprise": "甲厂",
        "medium": "水",
        "pollutant": "氨氮",
        "method": "手工监测",
        "evidence": "演示",
    }
    rows = {
        "企业": [{"enterprise": "甲厂", "county": "演示县", "value_wan_cny": 100}],
        "污染排放": [
            {**common, "outlet": "一号", "discharge_t": 40, "reach": "河一", "delivery": 0.5},
            {**common, "outlet": "二号", "discharge_t": 60, "reach": "河二", "delivery": 1},
        ],
        "河段表": [
            {"reach": name, "down": down, "length_m": 1000, "velocity_m_s": 0.3, "k_per_day:氨氮": 0.1, "inflow_m3_s": 1}
            for name, down in (("河一", "河二"), ("河二", None))
        ],
        "断面表": [{"section": "出口", "reach": "河二", "at_m": 1000, "limit_mg_l": 1}],
        "备选方案表": [
            {"measure": "改造", "enterprise": "甲厂", "divisible": "yes", "cost_per_year": 10, "effect:氨氮": 90}
        ],
        "目标表": [{"target": "出口", "min_reduction": 0.6}],
    }  # fmt: skip
    done = run("region", region_book(tmp_path / "r.xlsx", rows), "--out", tmp_path / "out", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    (moved,) = said["river"]["changes"]
    (target,) = said["select"]["slack"]
    assert moved["before_mg_l"] - moved["after_mg_l"] == pytest.approx(target["reached"])
    assert not [one for one in said["flags"] if "复算" in one["message"]]


def region_book(path: Path, rows: dict[str, list[dict[str, object]]]) -> Path:
    from qingyuan.workbooks.region import region_tables

    tables = [
        table.with_members([table.member(name) for name in rows.get(table.title, [{}])[0] if ":" in name])
        if table.title in rows
        else table
        for table in region_tables()
    ]
    with path.open("wb") as target:
        write_book(target, [(table, rows.get(table.title, [])) for table in tables], free_rows=3)
    return path


def test_a_plan_that_takes_off_more_than_there_is_is_told(tmp_path):
    rows = {
        "企业": [{"enterprise": "甲厂", "county": "演示县"}],
        "污染排放": [
            {
                "enterprise": "甲厂", "medium": "水", "pollutant": "氨氮", "discharge_t": 2, "method": "手工监测",
                "evidence": "演示", "reach": "河一",
            }
        ],
        "河段表": [
            {"reach": "河一", "length_m": 1000, "velocity_m_s": 0.3, "k_per_day:氨氮": 0.1, "inflow_m3_s": 1}
        ],
        "断面表": [{"section": "出口", "reach": "河一", "at_m": 1000, "limit_mg_l": 1}],
        "备选方案表": [{"measure": "改造", "enterprise": "甲厂", "cost_per_year": 1, "effect:氨氮": 5}],
        "目标表": [{"target": "氨氮", "min_reduction": 3}],
    }  # fmt: skip
    path = region_book(tmp_path / "r.xlsx", rows)
    done = run("region", path, "--out", tmp_path / "out", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert any("只有 2 t/a" in one["message"] for one in said["flags"])
    assert said["river"]["changes"][0]["after_mg_l"] == pytest.approx(0)
    assert (
        said["select"]["allocation"]["county"]["gini"]["氨氮"]["before"] is None
    )  # no output value is stated


def test_the_air_region_runs_from_emissions_to_the_cheapest_plan(tmp_path):
    done = run("region", EXAMPLES / "air-region.xlsx", "--out", tmp_path / "out", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    for one in said["air"]["changes"]:
        reached = one["pm25_before_ug_m3"] - one["pm25_after_ug_m3"]
        assert reached >= 1.0 - 1e-6  # also where the nitrate's regime changes on the way
        assert one["o3_after_ppb"] > one["o3_before_ppb"]
    assert any("臭氧" in one["message"] for one in said["flags"])
    assert list(said) == ["air", "select", "flags"]
    assert len(said["air"]["receptors"]) == 12
    assert said["select"]["verified"]
    assert all(one["met"] for one in said["select"]["slack"])
    assert (tmp_path / "out" / "report.docx").stat().st_size > 20_000


def test_more_discharged_than_produced_is_told_to_the_cell(tmp_path):
    from qingyuan.workbooks.region import region_tables

    rows = {
        "企业": [{"enterprise": "甲厂", "county": "演示县"}],
        "污染排放": [
            {
                "enterprise": "甲厂", "medium": "水", "pollutant": "氨氮", "production_t": 1, "discharge_t": 2,
                "method": "手工监测", "evidence": "演示", "reach": "河一",
            }
        ],
        "河段表": [{"reach": "河一", "length_m": 1000, "velocity_m_s": 0.3, "k_per_day": 0.1, "inflow_m3_s": 1}],
        "备选方案表": [{"measure": "改造", "enterprise": "甲厂", "cost_per_year": 1}],
        "目标表": [{"target": "氨氮", "min_reduction": 0}],
    }  # fmt: skip
    path = tmp_path / "r.xlsx"
    with path.open("wb") as target:
        write_book(target, [(table, rows.get(table.title, [])) for table in region_tables()], free_rows=3)
    done = run("region", path, "--out", tmp_path / "out", "--json")
    assert done.exit_code == 2
    told = [one for one in json.loads(done.stdout)["problems"] if one["sheet"] == "污染排放"]
    assert [(one["row"], one["expected"]) for one in told] == [(2, "排放量不大于产生量")]
