"""A notice that does not hold together fails to load with file, line and reason: every defect, all at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qingyuan.catalogue.notices import CatalogueError, load_notice, notices
from qingyuan.catalogue.notices.__main__ import main
from qingyuan.catalogue.notices.loader import SHIPPED

FILES = Path(__file__).parent / "files"
DEMO = (FILES / "demo-2027.yaml").read_text(encoding="utf-8")
HENAN = (SHIPPED / "henan-2022.yaml").read_text(encoding="utf-8")

# what is changed -> what it becomes; the place named, and words of the reason.
DEFECTS = [
    ('batch: "2027"', "batch: 2027", "batch", "不是文字"),
    ("title: 行业整体审核\n", "titel: 行业整体审核\n", "categories[0].titel", "不认识的键“titel”"),
    ("    number: 2\n", "    number: 5\n", "categories[1].number", "不连续"),
    ("  - id: linkage", "  - id: park", "categories[3].id", "重复"),
    ("conditions: [no-violation, permit-link]", "conditions: [no-violation, permit]", "categories[3].conditions[1]", "“permit”不存在"),
    ("ids: [steel, dyeing, electroplating]", "ids: [steel, dyeing, electroplating, bakery]", "sectors.ids[3]", "“bakery”不存在"),
    ("sectors: [dyeing], places", "sectors: [papermaking], places", "categories[2].forms[0].sectors[0]", "不在本通知的行业之中"),
    ("places: [yellow-river]", "places: [fen-wei]", "categories[2].forms[0].places[0]", "不是已知的区域或流域"),
    ("{kind: park, title", "{kind: parc, title", "categories[1].forms[0].kind", "不在可选值之中"),
    ("law: eco-code", "law: cleaner-production-law", "legal_bases[0].law", "在 2027-02-10 无效"),
    ("law: audit-measures", "law: audit-rules", "legal_bases[1].law", "不存在"),
    ("clause: N8", "clause: N88", "quotas[0].clause", "条款“N88”不存在"),
    ("wording: 每省不超过8个", "wording: 每省不超过9个", "quotas[0].wording", "原文中没有"),
    ("maximum: 8", "maximum: 0", "quotas[0].maximum", "超出范围"),
    ("{applicant_name}-{project_title}", "{applicant}-{project_title}", "package.naming.pattern", "不认识的字段“{applicant}”"),
    ('pattern: "{project_title}"', 'pattern: "{project_title"', "package.mail_subject.pattern", "不成对"),
    ("by: close", "by: closing", "package.deliveries[0].by", "没有“closing”"),
    ("2027-04-15T17:00:00+08:00", "2027-02-15T17:00:00+08:00", "schedule[1].at", "早于前一项"),
    ("2027-03-01T00:00:00+08:00", "2027-03-01T09:00:00+08:00", "schedule[0].at", "当天的边界"),
    ("2027-04-15T17:00:00+08:00", "2027-04-15T17:00:00", "schedule[1].at", "没有写时区"),
    ("kind: close", "kind: send", "schedule", "截止时点有 0 个"),
    ("on: 2027-02-10", "on: 2027-03-10", "schedule[0].at", "早于通知的成文日期"),
    ("issued: {on: 2027-02-10}", "issued: {note: 未知}", "issued", "not_after"),
    ("role: cosign", "role: lead", "issuers", "主办单位有 2 个"),
    ("level: national\ndoc", "level: national\nparent: nobody\ndoc", "parent", "“nobody”不存在"),
    ("level: national\ndoc", "level: national\ninherits: [aims]\ndoc", "inherits", "没有上级通知"),
    ("level: national\ndoc", "level: provincial\ndoc", "level", "要写明上级通知"),
    ("text: {file: demo-2027}", "text: {file: demo-2028}", "text.file", "读不到"),
    ("text: {file: demo-2027}", "text: {file: demo-2027, starts: 没有这句}", "text", "找不到"),
    ("{answer: people, at_least: 1}", "{answer: persons, at_least: 1}", "eligibility[1].verdict.met.all[0]", "没有问题“persons”"),
    ("{answer: people, at_least: 1}", "{answer: people, equals: 1}", "eligibility[1].verdict.met.all[0]", "不能用 equals"),
    ("any_of: [money, time]", "any_of: [money, luck]", "eligibility[1].verdict.met.all[1]", "没有选项“luck”"),
    ("met: {answer: violation, equals: false}", "met: {answer: violation}", "eligibility[0].verdict.met", "恰好写一个算符"),
    ("met: {answer: violation, equals: false}", "met: {equals: false}", "eligibility[0].verdict.met", "恰好写一个对象"),
    ("{evidence: systems, at_least: 1}", "{evidence: systems, not_empty: true}", "eligibility[2].verdict.met.all[1]", "材料件数不能用"),
    ("{id: checked_on, kind: date", "{id: violation, kind: date", "eligibility[0].questions[1].id", "重复"),
    ("{id: people, kind: number", "{id: people, kind: choice", "eligibility[1].questions[0].options", "要有选项"),
    ("{id: goals, number", "{id: overview, number", "outline.chapters[1].id", "重复"),
    (", clause: N7, wording: 2027年3月1日起受理", ", clause: N7", "schedule[0]", "既没有通知原话也没有说明"),
    ("id: demo-2027\n", "id: demo-2028\n", "id", "与文件名不同"),
    ("check: object_filled", "check: object_full", "self_check.rules[0].check", "没有名为“object_full”的自查"),
    ("{id: object, check", "{id: written, check", "self_check.rules[2].id", "重复"),
    ("severity: info", "severity: hint", "self_check.rules[6].severity", "不在可选值之中"),
    ("{default: 20, chapters", "{default: few, chapters", "self_check.rules[3].parameters.default", "不是整数"),
    ("{default: 20, chapters", "{least: 20, chapters", "self_check.rules[3].parameters.least", "不认识的键“least”"),
    ("chapters: {io: 30}", "chapters: {ios: 30}", "self_check.rules[3].parameters.chapters.ios", "没有章节“ios”"),
    ("{chapters: [io], topics", "{chapters: [goal], topics", "self_check.rules[4].parameters.chapters[0]", "没有章节“goal”"),
    ("{message}（", "{text}（", "self_check.rules[4].message", "不认识的字段“{text}”"),
    ("{message}（", "{message（", "self_check.rules[4].message", "不成对"),
    ("categories: [linkage]", "categories: [links]", "self_check.rules[5].categories[0]", "类别“links”不存在"),
    ("measure: audit_days, words", "measure: audit_day, words", "self_check.rules[7].parameters.measures[0].measure", "没有“audit_day”"),
    ("first: 2027, last: 2028", "first: 2027, last: 2026", "self_check.rules[8].parameters.last", "早于 first"),
    ('pattern: "测试数据"', 'pattern: "测试("', "self_check.rules[9].parameters.patterns[0].pattern", "正则表达式"),
    ("id: demo-2027\n  version: 3", "id: demo-2027\n  version: 0", "self_check.version", "超出范围"),
]  # fmt: skip


def plant(folder: Path, text: str, *, name: str = "demo-2027") -> Path:
    shutil.copytree(FILES / "text", folder / "text", dirs_exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"), DEFECTS, ids=[f"{d[2]}-{i}" for i, d in enumerate(DEFECTS)]
)
def test_each_planted_defect_is_named_with_file_line_and_reason(tmp_path, old, new, place, reason):
    assert DEMO.count(old) >= 1, old
    text = DEMO.replace(old, new, 1)
    path = plant(tmp_path, text)
    with pytest.raises(CatalogueError) as caught:
        load_notice(path)
    found = [
        problem for problem in caught.value.problems if problem.path == place and reason in problem.reason
    ]
    assert found, str(caught.value)
    problem = found[0]
    assert problem.file == "demo-2027.yaml"
    # The line: that of the change where the place itself was changed, else the line of the list that is wrong.
    changed = (
        text[: text.index(new)].count("\n") + 1 + (new[: new.rfind(":")].count("\n") if "\n" in new else 0)
    )
    last = place.split(".")[-1].split("[")[0]
    assert last in text.splitlines()[problem.line - 1] or problem.line == changed
    assert f"第 {problem.line} 行" in str(problem)


def test_line_is_exact(tmp_path):
    path = plant(tmp_path, DEMO.replace("maximum: 8", "maximum: many"))
    with pytest.raises(CatalogueError) as caught:
        load_notice(path)
    (problem,) = caught.value.problems
    assert problem.line == DEMO[: DEMO.index("maximum: 8")].count("\n") + 1
    assert (problem.path, problem.expected) == ("quotas[0].maximum", "整数")


def test_all_defects_of_form_come_at_once(tmp_path):
    text = DEMO.replace("maximum: 8", "maximum: -1").replace("role: cosign", "role: friend")
    text = text.replace("copies: 1", "copies: one")
    path = plant(tmp_path, text)
    with pytest.raises(CatalogueError) as caught:
        load_notice(path)
    assert {problem.path for problem in caught.value.problems} == {
        "quotas[0].maximum",
        "issuers[1].role",
        "package.deliveries[0].copies",
    }
    lines = [problem.line for problem in caught.value.problems]
    assert lines == sorted(lines)


def test_all_defects_of_fit_come_at_once(tmp_path):
    text = (
        DEMO.replace("by: close", "by: closing")
        .replace("clause: N8", "clause: N88")
        .replace("law: eco-code", "law: x")
    )
    with pytest.raises(CatalogueError) as caught:
        load_notice(plant(tmp_path, text))
    assert len(caught.value.problems) == 3
    assert str(caught.value).count("\n") == 2


def test_a_repeated_key_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="键“title”重复，先见于第 4 行"):
        load_notice(plant(tmp_path, DEMO + "title: 又一个\n"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "文件是空的"),
        ("a: [1, 2\nb: }", "不是合格的 YAML"),
        ("a: !!python/object/apply:os.system [id]", "缺少"),
        ("a: &x {b: 1}\nc: {<<: *x}", "合并键"),
        ("- 1\n- 2", "不是一组键值"),
    ],
)
def test_files_that_are_no_notice(tmp_path, text, reason):
    with pytest.raises(CatalogueError, match=reason):
        load_notice(plant(tmp_path, text))


def test_a_missing_key_is_reported_where_it_belongs(tmp_path):
    path = plant(tmp_path, DEMO.replace("    title: 园区整体审核\n", ""))
    with pytest.raises(CatalogueError) as caught:
        load_notice(path)
    (problem,) = caught.value.problems
    assert (problem.path, problem.reason) == ("categories[1]", "缺少“title”")
    assert "id: park" in path.read_text(encoding="utf-8").splitlines()[problem.line - 1]


def test_a_province_may_not_outlast_the_nation(tmp_path):
    text = HENAN.replace("2022-07-10T23:59:59", "2022-07-20T23:59:59").replace("text: {file", "#")
    with pytest.raises(
        CatalogueError, match=r"晚于上级通知的“寄送实施方案和推荐函，发送电子件”；应为：不晚于 2022-07-15"
    ):
        load_notice(plant(tmp_path, text, name="henan-2022"))


def test_what_is_inherited_is_not_said_again(tmp_path):
    text = HENAN.replace("  - follow_up\n", "  - follow_up\n  - applicants\n  - package_rules\n").replace(
        "text: {file", "#"
    )
    with pytest.raises(CatalogueError) as caught:
        load_notice(plant(tmp_path, text, name="henan-2022"))
    assert [problem.reason for problem in caught.value.problems] == [
        "“package_rules”不能沿用",
        "“applicants”既沿用又自写",
    ]


def test_parents_may_not_go_in_a_circle(tmp_path):
    plant(
        tmp_path,
        HENAN.replace("id: henan-2022", "id: a").replace("parent: national-2022", "parent: b"),
        name="a",
    )
    path = plant(
        tmp_path,
        HENAN.replace("id: henan-2022", "id: b").replace("parent: national-2022", "parent: a"),
        name="b",
    )
    with pytest.raises(CatalogueError, match="绕成了圈：b → a → b"):
        load_notice(path)


def test_problems_of_all_files_come_together(tmp_path):
    plant(tmp_path, DEMO.replace("maximum: 8", "maximum: 0"))
    plant(tmp_path, DEMO.replace("copies: 1", "copies: 0"), name="other")
    plant(tmp_path, HENAN, name="henan-2022")
    with pytest.raises(CatalogueError) as caught:
        notices(tmp_path)
    assert {Path(problem.file).name for problem in caught.value.problems} == {
        "demo-2027.yaml",
        "other.yaml",
        "henan-2022.yaml",
    }


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CatalogueError, match="通知目录不存在"):
        notices(tmp_path / "nowhere")


def test_files_are_checked_in_a_terminal(tmp_path, capsys):
    good = FILES / "demo-2027.yaml"
    bad = plant(tmp_path, DEMO.replace("maximum: 8", "maximum: 0"))
    assert main([str(good)]) == 0
    assert "无误" in capsys.readouterr().out
    assert main([str(good), str(bad)]) == 2
    assert "demo-2027.yaml 第 " in capsys.readouterr().out
    assert main([]) == 2
