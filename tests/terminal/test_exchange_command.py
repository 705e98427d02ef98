"""`qingyuan exchange`: the one JSON value, Chinese tables, every fault of all files at once, published cases."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner

from qingyuan.cli.compute.exchange import exchange

ROOT = Path(__file__).parents[2]
CASES = {
    one["id"]: one for one in json.loads((ROOT / "tests/engine/cases/park/symbiosis.json").read_text("utf-8"))
}
OFFERS = "offer,enterprise,material,quantity_t,disposal_cost_per_t,price_per_t,x_km,y_km\n"
NEEDS = "need,enterprise,material,quantity_t,value_per_t,x_km,y_km\n"


class Desk:
    """Files in a folder, and the command over them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        path = self.folder / f"{name}.csv"
        path.write_bytes(text.encode(encoding))
        return path

    def run(self, *options: object, code: int = 0) -> Any:
        files = []
        for name in ("offers", "needs", "links", "facilities"):
            path = self.folder / f"{name}.csv"
            if path.exists():
                files += [f"--{name}", str(path)]
        done = CliRunner().invoke(exchange, [*files, *map(str, options), "--json"])
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def matches(said: Any) -> dict[tuple[str, str], float]:
    return {(one["offer"], one["need"]): pytest.approx(one["quantity_t"]) for one in said["matches"]}


def test_one_json_value_with_the_keys_of_the_contract(desk):
    desk.put("offers", OFFERS + "灰,电厂,粉煤灰,100,30,,0,0\n渣,钢厂,粉煤灰,50,10,5,3,4\n")
    desk.put("needs", NEEDS + "砖,砖厂,粉煤灰,120,20,0,0\n")
    said = desk.run("--transport-cost", 2)
    keys = {
        "matches",
        "facilities",
        "objective",
        "bound",
        "gap",
        "scope",
        "verified",
        "by_enterprise",
        "status",
    }
    assert set(said) >= keys
    assert matches(said) == {("灰", "砖"): 100, ("渣", "砖"): 20}
    assert said["objective"] == pytest.approx(-100 * 50 - 20 * (30 - 10))
    assert (said["status"], said["scope"], said["verified"], said["gap"]) == ("done", "full", True, 0)
    assert {one["enterprise"] for one in said["by_enterprise"]} == {"电厂", "钢厂", "砖厂"}
    assert sum(one["gain"] for one in said["by_enterprise"]) == pytest.approx(-said["objective"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_and_encodings(desk, encoding):
    offers = (
        "供给,企业,物料,数量（t）,处置费（元/t）,性质：氯\n飞灰,焚烧厂,灰,100,50,8\n清灰,电厂,灰,100,-10,2\n"
    )
    desk.put("offers", offers, encoding)
    desk.put("needs", "需求,企业,物料,数量,上限：氯\n窑,水泥厂,灰,100,4\n", encoding)
    assert matches(desk.run()) == {("飞灰", "窑"): 100 / 3, ("清灰", "窑"): 200 / 3}


def test_the_sheets_of_one_workbook_are_read_as_well(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "park.xlsx"))
    for title, rows in (
        ("供给表", (("供给", "企业", "物料", "数量（t）", "处置费"), ("o", "甲", "灰", 10, 3))),
        ("需求表", (("需求", "企业", "物料", "数量（t）", "价值"), ("n", "乙", "灰", 8, 2))),
    ):
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    path = str(tmp_path / "park.xlsx")
    done = CliRunner().invoke(exchange, ["--offers", path, "--needs", path, "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["objective"] == -40


def test_links_replace_the_computed_pairs(desk):
    desk.put("offers", OFFERS + "a,甲,灰,10,5,,,\nb,甲,灰,10,5,,,\n")
    desk.put("needs", NEEDS + "n,乙,渣,10,5,,\n")
    desk.put("links", "offer,need,net_cost_per_t,yield,fixed_cost,capacity_t\na,n,-7,0.5,10,\nb,n,-3,,na,4\n")
    said = desk.run("--gap", 0)
    assert matches(said) == {("a", "n"): 10, ("b", "n"): 4}
    assert said["objective"] == -70 + 10 - 12
    desk.put("links", "offer,need,net_cost_per_t\n")
    assert desk.run()["matches"] == []


def test_facilities_are_sited_and_give_what_they_take_times_the_yield(desk):
    desk.put("offers", OFFERS + "泥一,甲,污泥,100,200,,0,0\n泥二,乙,污泥,60,200,,10,0\n")
    desk.put("needs", NEEDS + "煤,丙,燃料,1000,80,0,0\n")
    desk.put(
        "facilities",
        "facility,kind,site,x_km,y_km,capacity_t,fixed_cost,cost_per_t,takes,gives,yield\n"
        "干化,污泥干化,东,0,0,120,5000,40,污泥,燃料,0.3\n干化,污泥干化,东,0,0,200,9000,40,污泥,燃料,0.3\n"
        "干化,污泥干化,西,10,0,200,5000,40,污泥|底泥,燃料,0.3\n",
    )
    said = desk.run("--transport-cost", 3)
    (plant,) = said["facilities"]
    west = 5000 + 160 * 40 - 160 * 200 + 100 * 30 + 48 * (30 - 80)
    east = 9000 + 160 * 40 - 160 * 200 + 60 * 30 - 48 * 80
    small = 5000 + 120 * 40 - 120 * 200 + 20 * 30 - 36 * 80
    assert said["objective"] == pytest.approx(min(west, east, small))
    assert (plant["facility"], plant["site"], plant["taken_t"]) == ("干化", "西", pytest.approx(160))
    assert plant["given_t"] == pytest.approx(48)
    assert {one["end"] for one in plant["takes"]} == {"泥一", "泥二"}
    assert all(one["gain"] >= 0 for one in said["by_enterprise"])
    grouped = desk.run("--transport-cost", 3, "--clusters", 2)
    assert grouped["objective"] == pytest.approx(said["objective"])
    assert grouped["bound"] <= grouped["objective"]
    assert grouped["verified"]
    desk.put("links", "offer,need,net_cost_per_t\n")
    (refused,) = desk.run("--clusters", 2, code=2)["problems"]
    assert "链接表" in refused["expected"]


def test_all_problems_of_all_files_at_once_and_nothing_computed(desk):
    desk.put(
        "offers", OFFERS.replace("\n", ",q:硫\n") + "o,甲,灰,-5,x,,,,\no,甲,灰,1,,,3,,\n,甲,灰,nan,,,,,2\n"
    )
    desk.put("needs", NEEDS.replace("\n", ",min:硫,max:硫\n") + "n,乙,灰,10,,,,5,2\nm,乙,灰,,inf,,,,\n")
    desk.put("links", "offer,need,net_cost_per_t,yield,fixed_cost\no,n,,0,-1\nz,w,1,1,1\nz,w,1,1,1\n")
    desk.put(
        "facilities",
        "facility,takes,capacity_t,fixed_cost\nF,灰,5,1\nF,灰,5,2\nG,,-1,1\n",
    )
    said = desk.run("--transport-cost", -1, "--gap", "nan", code=2)
    assert set(said) == {"status", "problems"}
    assert said["status"] == "bad_input"
    found = {(one["file"], one["row"], one["column"] and one["column"][0]) for one in said["problems"]}
    assert found >= {
        ("offers.csv", 2, "D"),
        ("offers.csv", 2, "E"),
        ("offers.csv", 2, "I"),
        ("offers.csv", 3, "A"),
        ("offers.csv", 3, "H"),
        ("offers.csv", 4, "A"),
        ("offers.csv", 4, "D"),
        ("needs.csv", 2, "H"),
        ("needs.csv", 3, "D"),
        ("needs.csv", 3, "E"),
        ("links.csv", 2, "C"),
        ("links.csv", 2, "D"),
        ("links.csv", 2, "E"),
        ("links.csv", 3, "A"),
        ("links.csv", 3, "B"),
        ("links.csv", 4, "A"),
        ("facilities.csv", 3, "A"),
        ("facilities.csv", 4, "B"),
        ("facilities.csv", 4, "C"),
        ("--transport-cost", None, ""),
        ("--gap", None, ""),
    }
    assert all(
        set(one) == {"file", "sheet", "row", "column", "value", "expected"} for one in said["problems"]
    )


def test_coordinates_are_asked_for_only_where_the_way_costs_and_somebody_meets(desk):
    desk.put("offers", OFFERS + "o,甲,灰,5,1,,,\np,甲,独,5,1,,,\n")
    desk.put("needs", NEEDS + "n,乙,灰,10,5,1,1\n")
    assert desk.run()["objective"] == -30
    said = desk.run("--transport-cost", 1, code=2)
    assert [(one["row"], one["column"][0]) for one in said["problems"]] == [(2, "G"), (2, "H")]


def test_a_quality_that_a_need_limits_may_be_na_but_not_blank(desk):
    desk.put("offers", "offer,enterprise,material,quantity_t,q:硫\na,甲,灰,5,\nb,甲,灰,5,na\n")
    desk.put(
        "needs", "need,enterprise,material,quantity_t,value_per_t,max:硫\nn,乙,灰,10,5,1\nm,乙,灰,3,4,\n"
    )
    said = desk.run(code=2)
    assert [(one["row"], one["column"][0]) for one in said["problems"]] == [(2, "E")]
    desk.put("offers", "offer,enterprise,material,quantity_t,q:硫\na,甲,灰,5,0.5\nb,甲,灰,5,na\n")
    said = desk.run()
    assert matches(said) == {("a", "n"): 5, ("b", "m"): 3}
    desk.put("offers", "offer,enterprise,material,quantity_t\na,甲,灰,5\nb,甲,灰,5\n")
    assert [one["column"] for one in desk.run(code=2)["problems"]] == ["性质：硫"]


def test_a_file_that_is_not_there(desk):
    desk.put("offers", OFFERS + "o,甲,灰,5,1,,,\n")
    done = CliRunner().invoke(
        exchange, ["--offers", str(desk.folder / "offers.csv"), "--needs", "nowhere.csv", "--json"]
    )
    assert done.exit_code == 2
    assert [one["file"] for one in json.loads(done.stdout)["problems"]] == ["nowhere.csv"]


def test_nothing_to_exchange_is_a_plan_too(desk):
    desk.put("offers", OFFERS + "o,甲,灰,5,1,,,\n")
    desk.put("needs", NEEDS + "n,乙,渣,0,5,,\n")
    said = desk.run()
    assert said["matches"] == said["facilities"] == []
    assert (said["objective"], said["bound"], said["gap"]) == (0, 0, 0)
    assert {one["gain"] for one in said["by_enterprise"]} == {0}


def test_blank_costs_count_as_nothing_and_that_is_said(desk):
    desk.put("offers", OFFERS + "o,甲,灰,5,,,,\n")
    desk.put("needs", NEEDS + "n,乙,灰,3,7,,\n")
    said = desk.run()
    assert said["objective"] == -21
    assert [one["kind"] for one in said["flags"]] == ["assumed_zero"]


def test_stopped_at_a_limit_is_exit_4_with_the_best_plan_and_its_bound(desk):
    names = range(25)
    desk.put("offers", OFFERS + "".join(f"o{k},甲{k},灰,{5 + 7 * k % 13},0,,,\n" for k in names))
    desk.put("needs", NEEDS + "".join(f"n{k},乙{k},灰,{5 + 5 * k % 11},0,,\n" for k in names))
    rows = (f"o{a},n{b},{-5 - (a * b) % 9},{20 + (3 * a + 7 * b) % 61}\n" for a in names for b in names)
    desk.put("links", "offer,need,net_cost_per_t,fixed_cost\n" + "".join(rows))
    said = desk.run("--gap", 0, "--max-nodes", 0, code=4)
    assert said["status"] == "stopped"
    assert said["bound"] < said["objective"] < 0
    assert said["verified"]
    assert said["repeatable"]


def test_the_table_for_the_eye(desk):
    offers = desk.put("offers", OFFERS + "灰,电厂,粉煤灰,100,30,,0,0\n")
    needs = desk.put("needs", NEEDS + "砖,砖厂,粉煤灰,120,20,0,0\n")
    done = CliRunner().invoke(exchange, ["--offers", str(offers), "--needs", str(needs)])
    assert done.exit_code == 0
    for words in ("交换", "各企业的收益（无人受损）", "已独立复核", "-5,000.00"):
        assert words in done.stdout


def test_the_example_of_kalundborg_has_the_published_exchanges_and_the_command_finds_each(desk):
    with (ROOT / "examples/kalundborg.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    published = CASES["kalundborg"]["flows"]
    assert [(float(row["value"]), row["unit"]) for row in rows] == [
        (one["value"], one["unit"]) for one in published
    ]
    assert all(row["source"] for row in rows)
    desk.put(
        "offers",
        OFFERS + "".join(f"{r['flow']}出,{r['from']},{r['material']},{r['value']},1,,,\n" for r in rows),
    )
    desk.put(
        "needs",
        NEEDS + "".join(f"{r['flow']}进,{r['to']},{r['material']},{r['value']},1,,\n" for r in rows),
    )
    said = desk.run()
    assert matches(said) == {(f"{r['flow']}出", f"{r['flow']}进"): float(r["value"]) for r in rows}


def test_jinchang_acid_supplies_both_published_users_and_the_rest_stays(desk):
    """Published flows (certainty medium): 1.1 Mt of 2.0 Mt goes to Jinhua Group, of which 0.3 Mt to the DAP plant."""
    case = CASES["jinchang_gansu"]
    supply = case["supply"]["Jinchuan_sulphuric_acid_t"]
    whole, part = (flow["value"] for flow in case["flows"][:2])
    desk.put("offers", OFFERS + f"酸,金川集团,硫酸,{supply},10,,,\n")
    desk.put("needs", NEEDS + f"肥,磷铵厂,硫酸,{part},50,,\n化,金化集团其余,硫酸,{whole - part},50,,\n")
    said = desk.run()
    assert sum(one["quantity_t"] for one in said["matches"]) == pytest.approx(whole)
    assert matches(said)["酸", "肥"] == part


def test_the_figures_go_into_a_folder_and_their_data_beside_them(desk):
    desk.put("offers", OFFERS + "泥,=甲,污泥,100,200,,,\n灰,乙,灰,50,30,,,\n")
    desk.put("needs", NEEDS + "煤,丙,燃料,1000,80,,\n砖,丁,灰,40,5,,\n")
    desk.put("facilities", "facility,takes,gives,yield,fixed_cost\n干化,污泥,燃料,0.3,100\n")
    folder = desk.folder / "图"
    said = desk.run("--figures", folder)
    assert said["status"] == "done"
    assert sorted(one.name for one in folder.iterdir()) == [
        f"{name}.{kind}" for name in ("exchange", "gains") for kind in ("csv", "png", "svg")
    ]
    drawn = (folder / "exchange.svg").read_text("utf-8")
    for words in ("干化", "污泥 100", "燃料 30", "灰 40"):
        assert words in drawn
    assert (folder / "gains.png").read_bytes().startswith(b"\x89PNG")
    rows = list(csv.reader((folder / "exchange.csv").read_text("utf-8-sig").splitlines()))
    assert ["'=甲", "干化", "污泥", "100.0"] in rows
    said = desk.run("--figures", desk.folder / "offers.csv", code=2)
    assert [one["file"] for one in said["problems"]] == [str(desk.folder / "offers.csv")]
