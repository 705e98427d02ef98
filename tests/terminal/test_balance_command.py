"""`qingyuan balance`: the JSON of the contract, published cases from files, and every fault of all files at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner

from qingyuan.cli.compute.balance import balance

CASES = Path(__file__).parent.parent / "engine/cases/park"
NAMED = {one["id"]: one for one in json.loads((CASES / "dr_named.json").read_text("utf-8"))}
BYPASS = """flow,from,to,value,sd
s1,environment,split,101.91,1
s2,split,hx,64.45,1
s3,split,bypass,34.65,1
s4,hx,mix,64.20,1
s5,bypass,mix,36.44,1
s6,mix,environment,98.88,1
"""


def run(tmp_path, flows, *options, encoding="utf-8", **files):
    (tmp_path / "flows.csv").write_bytes(flows.encode(encoding))
    arguments = [str(tmp_path / "flows.csv")]
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
        arguments += [f"--{name}", str(tmp_path / f"{name}.csv")]
    return CliRunner().invoke(balance, [*arguments, *options])


def said(result, code=0):
    assert result.exit_code == code, (result.output, result.exception)
    return json.loads(result.stdout)


def test_the_bypass_of_the_textbook(tmp_path):
    found = said(run(tmp_path, BYPASS, "--json", "--variances", "--stated-closure-pct", "2.97"))
    assert [round(one["reconciled"], 2) for one in found["flows"]] == NAMED["NJ2000_hx_bypass"]["published"]
    assert found["dof"] == 4
    assert found["passed"] is True
    assert found["suspects"] == []
    assert found["closure_raw_pct"] == pytest.approx(100 * (101.91 - 98.88) / 101.91)
    assert found["closure_stated_wrong"] is False
    first = found["flows"][0]
    assert set(first) >= {"flow", "measured", "reconciled", "adjustment", "status", "sd", "test"}
    assert first["adjustment"] == pytest.approx(first["reconciled"] - first["measured"])
    assert found["sankey"]["links"]


def vdi():
    case = NAMED["VDI2048_steam_turbine"]
    lines = [
        f"{name},{value},{half}"
        for name, value, half in zip(case["names"], case["y"], case["half_width95"], strict=True)
    ]
    rows = [f"c{place}," + ",".join(map(str, row)) + ",0" for place, row in enumerate(case["A"])]
    pairs = [",".join(map(str, one)) for one in case["corr"]]
    return (
        case,
        "\n".join(["flow,value,half_width_95", *lines]),
        "\n".join([",".join(["constraint", *case["names"], "rhs"]), *rows]),
        "\n".join(["flow_a,flow_b,rho", *pairs]),
    )


def test_vdi_2048_with_constraints_and_correlations_fails_and_says_so_first(tmp_path):
    case, flows, constraints, correlations = vdi()
    files = {"constraints": constraints, "correlations": correlations}
    found = said(run(tmp_path, flows, "--json", "--variances", **files))
    assert [one["reconciled"] for one in found["flows"]] == pytest.approx(case["published"], abs=1e-12)
    assert [one["sd"] * 1.96 for one in found["flows"]] == pytest.approx(case["published_half_width"])
    assert found["chi2"] == pytest.approx(20.30958837833183)
    assert found["passed"] is False
    assert "20.31" in found["message"]
    assert set(found["suspects"]) == {"mFDKeI", "mFDKeII"}
    assert found["closure_raw_pct"] is None
    plain = run(tmp_path, flows, **files)
    assert plain.stdout.startswith("总体检验未通过：χ² = 20.31 > 7.815")


def test_chinese_headers_gb18030_and_a_workbook(tmp_path):
    text = "流,起点,终点,测量值,相对标准差,物质\n进水,环境,车间,100,0.02,水\n排水,车间,外界,90,0.02,水\n蒸发,车间,环境,,,水\n"
    found = said(run(tmp_path, text, "--json", encoding="gb18030"))
    assert [one["reconciled"] for one in found["flows"]] == [100, 90, 10]
    assert [one["status"] for one in found["flows"]][2] == "unmeasured-observable"
    assert found["closure_raw_pct"] is None
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("物质流表")
        for place, line in enumerate(BYPASS.splitlines()):
            for column, cell in enumerate(line.split(",")):
                sheet.write(place, column, float(cell) if place and column > 2 else cell)
    result = CliRunner().invoke(balance, [str(path), "--json"])
    assert said(result)["dof"] == 4


def test_every_fault_of_three_files_and_the_options_at_once(tmp_path):
    flows = """flow,from,to,value,sd,rel_sd,coefficient
s1,environment,a,10,1,0.2,
s1,environment,a,x,1,,
s2,a,b,-5,,,
s3,a,,34,-1,,
s4,b,environment,nan,,,-2
,a,b,1,1,,
s6,b,environment,inf,1,,
"""
    correlations = "flow_a,flow_b,rho\ns1,zz,0.2\ns1,s1,0.1\ns1,s2,2\n"
    result = run(
        tmp_path, flows, "--json", "--alpha", "1", "--stated-closure-pct", "5%", correlations=correlations
    )
    problems = said(result, 2)["problems"]
    at = {(one["file"], one["row"], (one["column"] or "-")[0]) for one in problems}
    assert at >= {
        ("flows.csv", 2, "E"), ("flows.csv", 3, "A"), ("flows.csv", 3, "D"), ("flows.csv", 4, "D"),
        ("flows.csv", 4, "E"), ("flows.csv", 5, "C"), ("flows.csv", 5, "E"), ("flows.csv", 6, "D"),
        ("flows.csv", 6, "G"), ("flows.csv", 7, "A"), ("flows.csv", 8, "D"),
        ("correlations.csv", 2, "B"), ("correlations.csv", 3, "B"), ("correlations.csv", 4, "C"),
        ("--alpha", None, "-"), ("--stated-closure-pct", None, "-"),
    }  # fmt: skip
    assert all(one["expected"] for one in problems)


def test_faults_of_the_constraints(tmp_path):
    flows = "flow,value,sd\na,1,1\nb,-2,1\n"
    constraints = "constraint,a,b,c,a\nc1,1,x,,\nc1,1,1,,\n,1,1,,\n"
    problems = said(run(tmp_path, flows, "--json", constraints=constraints), 2)["problems"]
    assert [(one["row"], (one["column"] or "-")[0]) for one in problems] == [
        (1, "D"), (1, "E"), (2, "C"), (3, "A"), (4, "A"),
    ]  # fmt: skip
    found = said(run(tmp_path, flows, "--json", constraints="约束,a,b,右端\nc1,1,1,0.5\n"))
    assert [one["reconciled"] for one in found["flows"]] == pytest.approx([1.75, -1.25])
    assert said(run(tmp_path, flows, "--json", constraints="a,b\n1,1\n"), 2)
    missing = CliRunner().invoke(
        balance, [str(tmp_path / "no.csv"), "--constraints", str(tmp_path / "nor.csv"), "--json"]
    )
    assert len(said(missing, 2)["problems"]) == 2


def test_constraint_columns_go_by_the_exact_name(tmp_path):
    flows = "flow,value,sd\nS-1,1,1\nS1,3,1\n(S)1,2,1\n"
    found = said(run(tmp_path, flows, "--json", constraints="constraint,S-1,S1,rhs\nc,1,1,2\n"))
    assert [one["reconciled"] for one in found["flows"]] == pytest.approx([0, 2, 2])
    assert found["flows"][2]["status"] == "measured-nonredundant"


def test_correlations_that_cannot_be(tmp_path):
    flows = "flow,from,to,value,sd\na,environment,n,3,1\nb,n,environment,1,1\nc,n,environment,1,1\n"
    impossible = "flow_a,flow_b,rho\na,b,0.9\nb,c,0.9\na,c,-0.9\n"
    (one,) = said(run(tmp_path, flows, "--json", correlations=impossible), 2)["problems"]
    assert "特征值" in one["expected"]


def test_contradicting_exact_values_are_infeasible_with_a_certificate(tmp_path):
    flows = "flow,from,to,value,sd\na,environment,n,3,0\nb,n,environment,1,0\n"
    found = said(run(tmp_path, flows, "--json"), 3)
    assert found["status"] == "infeasible"
    assert found["certificate"] == [{"target": "n", "required": 1.0, "max_reachable": 3.0}]
    assert found["joint"]


def test_a_measured_value_without_deviation_and_columns_that_lack(tmp_path):
    (one,) = said(run(tmp_path, "flow,from,to,value\na,environment,n,3\n", "--json"), 2)["problems"]
    assert one["row"] == 2
    problems = said(run(tmp_path, "flow,to,sd\na,n,3\n", "--json"), 2)["problems"]
    assert {one["column"] for one in problems} == {"起点 from", "测量值 value"}


def test_composition_rows_and_sodium(tmp_path):
    text = """flow,from,to,value,sd,material,kind
feed,environment,cell,100,2,,
conc,cell,environment,9,0.3,,
tail,cell,environment,,,,
feed,,,0.02,0.002,Na,composition
""".replace("feed,,,", "feed,environment,cell,")
    text += (
        "conc,cell,environment,0.2,0.005,Na,composition\ntail,cell,environment,0.003,0.0005,Na,composition\n"
    )
    found = said(run(tmp_path, text, "--json"))
    value = {(one["flow"], one["material"]): one["reconciled"] for one in found["flows"]}
    carried = {name: value[name, None] * value[name, "Na"] for name in ("feed", "conc", "tail")}
    assert carried["feed"] == pytest.approx(carried["conc"] + carried["tail"], rel=1e-9)
    assert said(run(tmp_path, text.replace("tail,cell,environment,,,,\n", ""), "--json"), 2)


def test_nothing_but_unmeasured_flows(tmp_path):
    found = said(
        run(
            tmp_path, "flow,from,to,value,sd\na,environment,n,,\nb,n,environment,,\n", "--json", "--variances"
        )
    )
    assert [one["status"] for one in found["flows"]] == ["unobservable", "unobservable"]
    assert found["flows"][0]["reconciled"] is None
    assert (found["chi2"], found["dof"], found["p_value"]) == (0, 0, 1)


LINEAR = json.loads((CASES / "dr_linear_benchmarks.json").read_text("utf-8"))


@pytest.mark.parametrize("case", LINEAR, ids=[one["id"] for one in LINEAR])
def test_the_published_linear_benchmarks_from_files(tmp_path, case):
    names = [f"x{place + 1}" for place in range(len(case["y"]))]
    lines = [
        f"{name},{value},{variance**0.5!r}"
        for name, value, variance in zip(names, case["y"], case["var"], strict=True)
    ]
    rows = [f"c{place}," + ",".join(map(str, row)) for place, row in enumerate(case["A"])]
    flows = "\n".join(["flow,value,sd", *lines])
    constraints = "\n".join([",".join(["constraint", *names]), *rows])
    found = said(run(tmp_path, flows, "--json", "--variances", constraints=constraints))
    assert [one["reconciled"] for one in found["flows"]] == pytest.approx(case["reconciled"], abs=6e-7)
    assert found["chi2"] == pytest.approx(case["J"], rel=1e-9)
    assert found["dof"] == case["dof"]
    assert found["passed"] == (case["J"] <= case["chi2_95"])
    assert max(one["test"] or 0 for one in found["flows"]) == pytest.approx(case["max_abs_z"], rel=1e-9)
    if not found["passed"]:
        assert f"x{case['argmax_z']}" in found["suspects"]
