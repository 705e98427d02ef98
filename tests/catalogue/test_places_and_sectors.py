"""Regions, groups, sectors: what ships, and how own tables are refused."""

from __future__ import annotations

import pytest

from qingyuan.catalogue.problems import CatalogueError
from qingyuan.catalogue.regions import children, load_regions, region_groups, regions
from qingyuan.catalogue.sectors import (
    check_code,
    divisions,
    mapping_is_verified,
    normalise_code,
    sections,
    sectors,
    sectors_of_division,
)

HEADER = "# source: 演示\n# verified: false\ncode,name,level,parent\n"


def test_provinces_with_the_corps_and_without_three_as_addressees():
    provinces = [region for region in regions().values() if region.level == "province"]
    assert len(provinces) == 35
    assert [region.name for region in provinces if not region.standard] == ["新疆生产建设兵团"]
    assert [region.code for region in provinces if not region.addressee] == ["710000", "810000", "820000"]
    assert sum(region.addressee for region in provinces) == 32


def test_henan_has_seventeen_cities_and_jiyuan():
    names = [region.name for region in children("410000")]
    assert len(names) == 18
    assert (names[0], names[-1]) == ("郑州市", "济源示范区")
    assert regions()["419001"].level == "prefecture"


def test_regions_and_basins_of_the_notice():
    kinds = [group.kind for group in region_groups().values()]
    assert (kinds.count("region"), kinds.count("basin")) == (5, 2)


def test_more_regions_by_a_table(tmp_path):
    path = tmp_path / "hubei.csv"
    path.write_text("\ufeff" + HEADER + "420100,武汉市,prefecture,420000\n", encoding="utf-8")
    assert [region.name for region in load_regions(path, known=regions())] == ["武汉市"]
    assert [region.name for region in children("420000", path)] == ["武汉市"]
    assert children("420000") == ()


def test_every_bad_row_of_a_table_is_named(tmp_path):
    path = tmp_path / "bad.csv"
    rows = [
        "420100,武汉市,prefecture,420000",
        "4201,短,prefecture,420000",
        "420200,,city,420000",
        "420300,十堰市,prefecture",
    ]
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_regions(path, known=["420000"])
    assert [(problem.line, problem.path) for problem in caught.value.problems] == [
        (5, "code"),
        (6, "name"),
        (6, "level"),
        (7, ""),
    ]
    assert "这一行有 3 格；应为：4 格" in str(caught.value)


def test_codes_and_parents_of_a_table_must_fit(tmp_path):
    path = tmp_path / "bad.csv"
    rows = [
        "420100,武汉市,prefecture,420000",
        "420100,武汉市,prefecture,420000",
        "420200,黄石市,prefecture,990000",
    ]
    rows.append("430000,湖南省,province,420000")
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_regions(path, known=["420000"])
    assert [(problem.line, problem.path) for problem in caught.value.problems] == [
        (5, "code"),
        (6, "parent"),
        (7, "parent"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code,name,level\n", "缺少“# source:”"),
        ("# source: 演示\n# verified: 也许\ncode,name,level\n", "缺少“# verified:”"),
        ("# source: 演示\n# verified: true\n", "没有表头"),
        ("# source: 演示\n# verified: true\ncode,title\n", "缺少列 name；缺少列 level；不认识的列 title"),
    ],
)
def test_a_table_says_where_it_comes_from(tmp_path, text, words):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=words):
        load_regions(path)


@pytest.mark.clause("N2")
def test_thirteen_sectors_with_our_mapping_marked_as_ours():
    assert [sector.title for sector in sectors().values()] == (
        [
            "能源",
            "钢铁",
            "焦化",
            "建材",
            "有色金属",
            "石化化工",
            "印染",
            "造纸",
            "化学原料药",
            "电镀",
            "农副食品加工",
            "工业涂装",
            "包装印刷",
        ]
    )
    assert not mapping_is_verified()


def test_divisions_cover_mining_manufacturing_and_supply():
    assert list(divisions()) == [f"{number:02d}" for number in range(6, 47)]
    assert {division.section for division in divisions().values()} == {"B", "C", "D"}
    assert list(sections()) == list("ABCDEFGHIJKLMNOPQRST")
    for sector in sectors().values():
        assert sector.across or sector.divisions


def test_which_sectors_a_division_may_belong_to():
    assert [sector.title for sector in sectors_of_division("25")][:2] == ["焦化", "石化化工"]
    assert "工业涂装" in [sector.title for sector in sectors_of_division("36")]


def test_more_regions_are_only_a_file(tmp_path, monkeypatch):
    table = tmp_path / "counties.csv"
    table.write_text(
        "# source: 演示\n# verified: false\ncode,name,level,parent,addressee,standard,note\n410302,老城区,county,410300,true,true,\n",
        "utf-8",
    )
    monkeypatch.setenv("QINGYUAN_REGIONS", str(table))
    regions.cache_clear()
    try:
        assert regions()["410302"].parent == "410300"
    finally:
        monkeypatch.undo()
        regions.cache_clear()
    assert "410302" not in regions()


@pytest.mark.parametrize("code", ["26", "261", "2614", "C2614", " c２６14 ", "5411", "G54", "A0111"])
def test_industry_codes_with_and_without_their_letter_hold(code):
    assert check_code(code) == []
    assert normalise_code(code).isdigit()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("D2614", "属于门类 C"),
        ("0511x", "应为 2 至 4 位"),
        ("26145", "应为 2 至 4 位"),
        ("", "应为 2 至 4 位"),
        ("0001", "没有大类 00"),
        ("9801", "没有大类 98"),
        ("C5411", "没有大类 54"),
        ("U26", "应为 2 至 4 位"),
    ],
)
def test_wrong_industry_codes_say_what_is_wrong(code, said):
    assert said in check_code(code)[0]
