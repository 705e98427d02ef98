"""`qingyuan river`: the published cases by the terminal, scenarios and substances, warnings, and all faults at once."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml
from click.testing import CliRunner

from qingyuan.cli.compute.river import river

CASES = Path(__file__).parents[1] / "engine/cases/region"
REACHES = "reach,down,length_m,velocity_m_s,k_per_day,inflow_m3_s,inflow_conc_mg_l"
DAY = 86400


def case(name: str) -> Any:
    return yaml.safe_load(next(CASES.glob(f"{name}_*.yaml")).read_text("utf-8"))


@pytest.fixture
def run(tmp_path):
    def runs(
        reaches: list[str], loads: list[str], sections=None, do=None, *options: str, encoding="utf-8"
    ) -> Any:
        arguments = []
        for name, lines in (("reaches", reaches), ("loads", loads), ("sections", sections), ("do", do)):
            if lines is not None:
                path = tmp_path / f"{name}.csv"
                path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
                arguments += [f"--{name}", str(path)]
        return CliRunner().invoke(river, [*arguments, *options])

    return runs


@pytest.fixture
def said(run):
    def says(*tables: Any, code: int = 0, **more: Any) -> Any:
        tables = (*tables, None, None)[:4] if len(tables) < 4 else tables
        result = run(*tables, "--json", **more)
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    return says


def test_the_textbook_mixing_and_decay(said):
    """W4: waste of 1.1 m3/s at 50 mg/L into 8.7 m3/s at 6 mg/L, then 30 km."""
    one, want = case("w4")["inputs"], case("w4")["recomputed"]
    found = said(
        [
            REACHES,
            f"up,mix,0,{one['u_m_s']},0,{one['Qr']},{one['Lr']}",
            f"mix,,{one['x_m']},{one['u_m_s']},{one['kd_per_day']},{one['Qw']},{one['Lw']}",
        ],
        ["reach,load_g_s", "mix,0"],
        ["section,reach,at_m,limit_mg_l", "head,mix,0,10", f"end,mix,{one['x_m']},10"],
    )
    head, end = found["sections"]
    assert head["conc_mg_l"] == pytest.approx(want["L0"], rel=1e-9)
    assert end["conc_mg_l"] == pytest.approx(want["Lx"], rel=1e-9)
    assert (head["met"], end["met"]) == (False, True)
    assert found["reaches"][1]["conc_head_mg_l"] == head["conc_mg_l"]
    assert found["reaches"][1]["conc_end_mg_l"] == pytest.approx(end["conc_mg_l"], rel=1e-15)
    assert found["warnings"] == []


def test_two_dischargers_by_their_loads(said):
    """W1, the dischargers as loads in g/s with their water as inflow."""
    one, want = case("w1")["inputs"], case("w1")["recomputed"]
    inflow, (first, second) = one["inflow"], one["discharges"]
    speed = one["U_km_per_day"] * 1000 / DAY
    load = [waste["Q_m3_d"] * waste["C_kg_per_1000m3"] / DAY for waste in (first, second)]
    found = said(
        [
            f"{REACHES},down_note",
            f"river,A,0,{speed!r},0.36,{inflow['Q_m3_d'] / DAY!r},{inflow['C_kg_per_1000m3']},",
            f"A,B,15000,{speed!r},0.36,{first['Q_m3_d'] / DAY!r},,",
            f"B,,40000,{speed!r},0.36,{second['Q_m3_d'] / DAY!r},,",
        ],
        ["reach,load_g_s,source", f"A,{load[0]!r},one", f"B,{load[1]!r},two"],
        ["section,reach,at_m,limit_mg_l", "0,A,0,2.5", "15,B,0,2.5"],
    )
    assert [row["conc_mg_l"] for row in found["sections"]] == pytest.approx(
        [want["C0"], want["C1"]], rel=1e-9
    )
    assert all(row["met"] for row in found["sections"])
    response = {(section, reach): value for section, reach, value in found["response"]}
    flow = found["reaches"][2]["flow_m3_s"]
    assert response["15", "B"] == pytest.approx(1 / flow)
    carried = response["15", "A"] * load[0] + response["15", "B"] * load[1]
    background = response["15", "river"] * inflow["Q_m3_d"] / DAY * inflow["C_kg_per_1000m3"]
    assert carried + background == pytest.approx(want["C1"], rel=1e-9)
    assert ("0", "B") not in response


def sag_tables():
    one = case("w2")["inputs"]
    speed, river_in = one["U_km_d"] * 1000 / DAY, one["inflow"]
    flows = [river_in["V"] + one["waste1"]["V"], one["waste2"]["V"]]
    reaches = [REACHES, *(f"{name},{down},{long},{speed!r},0.35,{flow / DAY!r},0" for name, down, long, flow in
               (("A", "B", 15000, flows[0]), ("B", "", 35000, flows[1])))]  # fmt: skip
    loads = ["reach,load_g_s,substance,source"]
    for reach, source, water in (
        ("A", "river", river_in),
        ("A", "w1", one["waste1"]),
        ("B", "w2", one["waste2"]),
    ):
        loads += [
            f"{reach},{water['V'] * water[name] / DAY!r},{name},{source}" for name in ("DO", "CBOD", "NBOD")
        ]
    oxygen = ["reach,ka,kc,kn,do_sat_mg_l,inflow_do_mg_l", *(f"{name},0.55,0.35,0.25,10,0" for name in "AB")]
    sections = ["section,reach,at_m,do_limit_mg_l"]
    sections += [
        f"{km},{'A' if km < 15 else 'B'},{(km if km < 15 else km - 15) * 1000},4" for km in range(51)
    ]
    return reaches, loads, sections, oxygen


def test_the_published_sag_to_twelve_digits(said):
    want = case("w2")["recomputed"]
    found = said(*sag_tables())
    oxygen = found["do"]
    assert min(row["do_mg_l"] for row in oxygen["sections"]) == pytest.approx(want["minDO"], abs=1e-12)
    assert oxygen["minimum"]["do_mg_l"] == pytest.approx(want["minDO_fine_grid"], abs=1e-6)
    assert {row["met"] for row in oxygen["sections"]} == {True, False}
    assert {row["substance"] for row in found["reaches"]} == {"CBOD", "NBOD"}
    assert all("do_min_mg_l" in row for row in found["reaches"])
    assert all("do_mg_l" in row for row in found["sections"])


def test_oxygen_with_the_bare_columns(said):
    """BOD without a name, inflow saturated unless stated: the deficit of one discharge."""
    found = said(
        [REACHES, f"a,,{DAY},1,0.3,1,"],
        ["reach,load_g_s", "a,10"],
        None,
        ["reach,ka,kc,kn,do_sat_mg_l", "a,0.6,0.3,0,9"],
    )
    from math import exp

    deficit = 0.3 * 10 / (0.6 - 0.3) * (exp(-0.3) - exp(-0.6))
    assert found["do"]["reaches"][0]["do_end_mg_l"] == pytest.approx(9 - deficit, rel=1e-12)
    assert found["reaches"][0]["conc_end_mg_l"] == pytest.approx(10 * exp(-0.3), rel=1e-12)
    assert any("饱和" in note for note in found["notes"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_scenarios_and_substances(said, encoding):
    found = said(
        [
            "河段,下游河段,长度（m）,流速（m/s）,降解系数（1/d）,降解系数：总磷,温度校正系数,水温（℃）,汇入流量（m3/s）,情景",
            "上,下,8640,0.1,0.1,0,1.08,10,2,枯水期",
            "下,,8640,0.1,0.1,0,1.08,10,2,枯水期",
            "上,下,8640,0.1,0.1,0,1.08,20,6,平水期",
            "下,,8640,0.1,0.1,0,1.08,20,6,平水期",
        ],
        ["河段,入河负荷（g/s）,污染物,污染源", "上,4,氨氮,甲厂", "上,1,总磷,甲厂", "下,0,总磷,乙厂"],
        ["断面,河段,距河段起点（m）,限值（mg/L）,污染物", "出口,下,8640,0.2,总磷", "出口,下,8640,1,氨氮"],
        encoding=encoding,
    )
    by = {(row["reach"], row["scenario"], row["substance"]): row for row in found["reaches"]}
    assert len(by) == 8
    rate = 0.1 * 1.08**-10
    from math import exp

    assert by["上", "枯水期", "氨氮"]["conc_end_mg_l"] == pytest.approx(2 * exp(-rate))
    assert by["上", "平水期", "氨氮"]["conc_end_mg_l"] == pytest.approx(4 / 6 * exp(-0.1))
    assert by["下", "枯水期", "总磷"]["conc_end_mg_l"] == pytest.approx(0.25)
    assert by["下", "枯水期", "总磷"]["flow_m3_s"] == 4
    judged = {(row["scenario"], row["substance"]): row["met"] for row in found["sections"]}
    assert judged == {
        ("枯水期", "总磷"): False,
        ("平水期", "总磷"): True,
        ("枯水期", "氨氮"): True,
        ("平水期", "氨氮"): True,
    }
    assert {len(row) for row in found["response"]} == {3}
    assert len(found["response_of"]) == len(found["response"])
    assert {tuple(row) for row in found["response_of"]} == set(judged)


def test_warnings_stand_beyond_the_thresholds_only(said):
    head = f"{REACHES},dispersion_m2_s,width_m"
    rate = 0.027 * DAY
    found = said(
        [
            head,
            f"at,over,100,1,{rate!r},1,,1,1",
            f"over,wide,100,1,{rate * 1.01!r},,,1,1",
            "wide,unknown,100,0.1,0.1,,,10,5",
            "unknown,,100,0.1,0.1,,,,",
        ],
        ["reach,load_g_s", "at,1"],
    )
    assert [row["reach"] for row in found["warnings"]] == ["over", "wide"]
    assert "alpha" in found["warnings"][0]["message"]
    assert "Pe = 0.05" in found["warnings"][1]["message"]


def test_decay_zero_load_zero_and_no_load_at_all(said):
    still = [REACHES, "a,b,1000,0.5,0,2,3", "b,,1000,0.5,0,0,"]
    for loads in (["reach,load_g_s", "a,0"], ["reach,load_g_s"]):
        found = said(still, loads, ["section,reach,at_m,limit_mg_l", "s,b,1000,3"])
        assert [row["conc_end_mg_l"] for row in found["reaches"]] == [3, 3]
        assert found["sections"][0]["met"] is True
        assert found["response"] == [["s", "b", 0.5], ["s", "a", 0.5]]


def test_the_response_of_all_reaches_below_two_thousand(said):
    def chain(count):
        rows = [
            f"r{n},{f'r{n + 1}' if n + 1 < count else ''},100,1,864,{1 if n == 0 else 0},"
            for n in range(count)
        ]
        return said([REACHES, *rows], ["reach,load_g_s", "r0,1"])

    few = chain(3)
    response = {(to, of): value for to, of, value in few["response"]}
    from math import exp

    assert len(response) == 6
    assert response["r1", "r0"] == pytest.approx(exp(-2))  # at the end of r1
    assert few["reaches"][1]["conc_end_mg_l"] == pytest.approx(response["r1", "r0"])
    assert chain(2000)["response"] == []


def test_a_dry_reach_is_null_and_no_load_may_enter_it(said):
    dry = [REACHES, "ditch,river,100,1,0.1,,", "river,,100,1,0.1,2,1"]
    found = said(dry, ["reach,load_g_s", "river,2"])
    assert found["reaches"][0]["conc_head_mg_l"] is None
    assert found["reaches"][1]["conc_head_mg_l"] == 2
    refused = said(dry, ["reach,load_g_s", "ditch,2"], code=2)
    assert refused["problems"][0]["row"] == 2
    assert refused["problems"][0]["column"] == "F（汇入流量 inflow_m3_s）"


def test_all_problems_of_all_tables_at_once(said):
    found = said(
        [
            REACHES,
            "a,b,-5,0,0.2,abc,6",
            "b,a,10,1,,1,na",
            "b,zz,10,1,0,,",
            "c,c,1,1,-1,nan,1",
            "d,,1,1,1,1,inf",
        ],
        ["reach,load_g_s,source", "q,5,x", "a,-1,y", "a,1,f", "a,2,f", "b,,g"],
        ["section,reach,at_m,substance", "s,b,50,", "s,k,1,", "t,d,0.5,TP"],
        ["reach,ka,kc,kn,do_sat_mg_l", "a,1,1,1,9", "x,1,-1,1,0"],
        code=2,
    )
    assert found["status"] == "bad_input"
    places = {(one["file"][0], one["row"], one["column"][:1]) for one in found["problems"]}
    assert places >= {
        ("r", 2, "B"), ("r", 2, "C"), ("r", 2, "D"), ("r", 2, "F"), ("r", 4, "A"), ("r", 4, "B"),
        ("r", 5, "B"), ("r", 5, "E"), ("r", 5, "F"), ("r", 6, "G"),
        ("l", 2, "A"), ("l", 3, "B"), ("l", 5, "A"), ("l", 6, "B"),
        ("s", 2, "C"), ("s", 3, "A"), ("s", 3, "B"), ("s", 4, "D"),
        ("d", 3, "A"), ("d", 3, "C"), ("d", 3, "E"),
    }  # fmt: skip
    circles = [one["value"] for one in found["problems"] if "成环" in one["expected"]]
    assert circles == ["a → b → a", "c → c"]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (("inflow_conc_mg_l", "inflow_conc_mg_l,scenario", "3", "3,dry"), "情景 scenario"),
        (("1000,0.5", "1000,0", "", ""), "流速 velocity_m_s"),
        (("0.5,0.1", "0.5,", "", ""), "降解系数 k_per_day"),
    ],
)
def test_what_makes_a_reach_uncomputable(said, change, column):
    rows = [REACHES, "a,b,1000,0.5,0.1,2,3", "b,,1000,0.5,0.1,0,0"]
    rows = [row.replace(change[0], change[1], 1) for row in rows]
    if change[2]:
        rows[1] = rows[1].removesuffix(change[2]) + change[3]
    found = said(rows, ["reach,load_g_s", "a,0"], code=2)
    assert column in {one["column"].partition("（")[2].removesuffix("）") for one in found["problems"]}


def test_the_same_rows_in_another_order_give_the_same_river(said):
    rows = [f"r{n},{f'r{n // 2}' if n > 1 else ''},{100 * n},0.3,0.4,{n / 10},{n}" for n in range(1, 30)]
    loads = [f"r{n},{n / 3}" for n in range(5, 25)]
    one = said([REACHES, *rows], ["reach,load_g_s", *loads])
    two = said([REACHES, *rows[::-1]], ["reach,load_g_s", *loads[::-1]])
    ends = {row["reach"]: row["conc_end_mg_l"] for row in one["reaches"]}
    assert {row["reach"]: row["conc_end_mg_l"] for row in two["reaches"]} == pytest.approx(ends, rel=1e-12)


def test_workbooks_the_table_for_the_eye_and_missing_files(tmp_path, run):
    path = tmp_path / "r.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("河段表")
        sheet.write_row(0, 0, REACHES.split(","))
        sheet.write_row(1, 0, [1, "", 1000, 0.5, 0.1, 2, 3])
    loads = tmp_path / "l.csv"
    loads.write_text("reach,load_g_s\n1,4\n", "utf-8")
    result = CliRunner().invoke(river, ["--reaches", str(path), "--loads", str(loads)])
    assert result.exit_code == 0, result.output
    assert "起点浓度" in result.stdout
    assert "5.0000" in result.stdout
    result = CliRunner().invoke(
        river, ["--reaches", str(tmp_path / "none.csv"), "--loads", str(tmp_path / "no.csv"), "--json"]
    )
    assert result.exit_code == 2
    assert len(json.loads(result.stdout)["problems"]) == 2


def test_the_coefficients_as_the_table_of_select(tmp_path, run, said):
    """A tonne a year less of a source changes the section by its coefficient: cut, route again, compare."""
    reaches = [REACHES, "a,b,5000,0.3,0.2,2,1", "b,,5000,0.3,0.2,1,1"]
    loads = ["reach,load_g_s,substance,source", "a,3,氨氮,甲", "b,1,氨氮,甲", "b,2,氨氮,乙", "b,1,氨氮,"]
    sections = ["section,reach,at_m,limit_mg_l", "出口,b,2000,1"]
    out = tmp_path / "out.csv"
    result = run(reaches, loads, sections, None, "--json", "--coefficients", str(out))
    assert result.exit_code == 0, result.output
    with out.open(encoding="utf-8-sig") as opened:
        rows = {row["source"]: row for row in csv.DictReader(opened)}
    assert set(rows) == {"甲:氨氮", "乙:氨氮"}
    assert {row["target"] for row in rows.values()} == {"出口"}
    tonne = 1e6 / 365 / DAY
    less = [loads[0], f"a,{3 - 0.75 * tonne!r},氨氮,甲", f"b,{1 - 0.25 * tonne!r},氨氮,甲", *loads[3:]]
    before, after = (said(reaches, one, sections)["sections"][0]["conc_mg_l"] for one in (loads, less))
    assert before - after == pytest.approx(float(rows["甲:氨氮"]["coefficient"]), rel=1e-9)
    refused = run(reaches, loads, sections, None, "--json", "--coefficients", str(tmp_path / "no/out.csv"))
    assert refused.exit_code == 2


def test_a_section_for_all_substances_and_for_one_of_them_is_said(said):
    rows = [REACHES, "a,,5000,0.3,0.2,2,1"]
    loads = ["reach,load_g_s,substance", "a,3,氨氮", "a,1,总磷"]
    sections = [
        "section,reach,at_m,limit_mg_l,substance",
        "s,a,0,1,",
        "s,a,0,1,氨氮",
        "t,a,0,1,氨氮",
        "t,a,0,1,总磷",
    ]
    found = said(rows, loads, sections, code=2)
    assert [one["row"] for one in found["problems"]] == [3]
    assert said(rows, loads, [sections[0], *sections[3:]])["sections"][0]["substance"] == "氨氮"
