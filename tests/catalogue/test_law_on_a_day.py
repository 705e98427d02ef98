"""Law in force is dated data: what may be cited depends on the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.catalogue.law import citation, in_force, legal_bases, load_law
from qingyuan.catalogue.problems import CatalogueError

LAST_DAY = date(2026, 8, 14)


def ids(day):
    return {basis.id for basis in in_force(on=day)}


def test_the_code_takes_over_overnight():
    assert "cleaner-production-law" in ids(LAST_DAY)
    assert "eco-code" not in ids(LAST_DAY)
    assert "cleaner-production-law" not in ids(LAST_DAY + timedelta(days=1))
    assert "eco-code" in ids(LAST_DAY + timedelta(days=1))
    assert "audit-measures" in ids(LAST_DAY + timedelta(days=1)), "Order 38 is still the working procedure"


@given(st.dates(min_value=date(2003, 1, 1), max_value=date(2100, 1, 1)))
def test_on_every_day_exactly_one_of_the_two_laws_holds(day):
    assert len(ids(day) & {"cleaner-production-law", "eco-code"}) == 1


def test_a_citation_out_of_time_warns_and_names_the_successor():
    good = citation("cleaner-production-law", on=date(2022, 5, 31))
    assert (good.text, good.status, good.warning) == ("《中华人民共和国清洁生产促进法》", "in_force", "")
    late = citation("cleaner-production-law", on=date(2027, 1, 1))
    assert late.status == "ended"
    assert late.successor.id == "eco-code"
    assert "现由《中华人民共和国生态环境法典》规定" in late.warning
    assert citation("eco-code", on=date(2022, 1, 1)).status == "not_yet"
    assert citation("assessment-guide", on=date(2022, 1, 1)).status == "unknown", (
        "its day was not seen: not invented"
    )


def test_articles_of_the_code_on_cleaner_production():
    code = legal_bases()["eco-code"]
    assert [article.number for article in code.articles] == [*range(960, 972), 1221, 1242]
    assert "清洁生产信息系统" in code.article(970).text
    assert "五万元以上五十万元以下" in code.article(1221).text
    assert citation("eco-code", on=date(2027, 1, 1), article=967).text.endswith("第九百六十七条")
    with pytest.raises(KeyError, match="第 1 条不在库中"):
        citation("eco-code", on=date(2027, 1, 1), article=1)
    with pytest.raises(KeyError):
        citation("no-such-law", on=date(2027, 1, 1))


def test_every_basis_names_its_source():
    assert all(basis.source for basis in legal_bases().values())
    assert not legal_bases()["recent-work-2022"].seen


def test_a_law_file_that_contradicts_itself_is_refused(tmp_path):
    path = tmp_path / "law.yaml"
    basis = "- {{id: {}, title: 甲, short_title: 甲, kind: law, source: 演示, seen: true, valid_from: 2020-01-01, {}}}"
    rows = [
        basis.format("a", "valid_to: 2019-01-01"),
        basis.format("a", "replaced_by: b"),
        basis.format("c", "replaced_by: a"),
    ]
    path.write_text("bases:\n" + "\n".join(rows), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_law(path)
    assert [(problem.line, problem.path) for problem in caught.value.problems] == [
        (2, "bases[0].valid_to"),
        (3, "bases[1].id"),
        (3, "bases[1].replaced_by"),
        (4, "bases[2].replaced_by"),
    ]
