"""The notices that ship, and the promise that a new batch is only a file."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from qingyuan.catalogue.clauses import clauses
from qingyuan.catalogue.notices import load_notice, notice_text, notices
from qingyuan.catalogue.notices.crosscheck import walk
from qingyuan.catalogue.notices.loader import SHIPPED
from qingyuan.catalogue.notices.parts import SHANGHAI
from qingyuan.catalogue.notices.text import occurs_in, read_text

FILES = Path(__file__).parent / "files"
WHOLE = read_text(SHIPPED, "notice-2022")


@pytest.fixture
def henan():
    return notices()["henan-2022"]


@pytest.fixture
def national():
    return notices()["national-2022"]


def test_henan_hangs_below_the_national_letter(henan, national):
    assert (henan.level, henan.parent, henan.region) == ("provincial", "national-2022", "410000")
    assert henan.issued.on == date(2022, 5, 31)
    assert national.document_numbers == ("环办科财函〔2022〕178号",)
    assert national.issued.on is None, "the letter as received has no date: none is invented"
    assert national.issued.day == date(2022, 5, 31)
    assert [(body.name, body.role) for body in henan.issuers] == [
        ("河南省生态环境厅", "lead"),
        ("河南省发展和改革委员会", "cosign"),
    ]


@pytest.mark.clause("N0")
def test_basis_is_the_plan_and_the_recent_work(national):
    assert {reference.law for reference in national.legal_bases} >= {"promotion-plan-145", "recent-work-2022"}


@pytest.mark.clause("N2")
def test_thirteen_sectors_in_the_order_of_the_notice(henan):
    assert len(henan.sectors.ids) == 13
    assert (henan.sectors.ids[0], henan.sectors.ids[-1]) == ("energy", "packaging-printing")
    assert henan.sectors.open_list, "等行业"


def test_three_categories_with_their_forms_sectors_and_pollutants(henan):
    sector, park, region = henan.categories
    assert [form.kind for form in sector.forms] == ["sector_in_area"]
    assert sector.scope.single_sector
    assert [form.kind for form in park.forms] == ["park", "cluster"]
    assert region.regions == {"jing-jin-ji", "fen-wei", "yangtze-delta", "pearl-delta", "cheng-yu"}
    assert region.basins == {"yangtze", "yellow-river"}
    assert region.form("region").sectors == (
        "steel",
        "petrochemical",
        "coking",
        "industrial-coating",
        "packaging-printing",
    )
    assert [pollutant.id for pollutant in region.form("basin").pollutants] == ["nh3-n", "tp"]
    assert region.form("park") is None


@pytest.mark.parametrize(
    ("category", "conditions"),
    [
        ("sector", ["N5.1", "N5.2"]),
        ("park", ["N5.1", "N5.2", "N5.3"]),
        ("region", ["N5.1", "N5.2", "N5.4"]),
    ],
)
def test_conditions_by_category(henan, category, conditions):
    assert [condition.id for condition in henan.conditions_for(category)] == conditions


@pytest.mark.clause("N4")
def test_applicants_stay_an_open_list_and_one_body(henan):
    assert henan.applicants.open_list
    assert henan.applicants.same_body
    assert [kind.id for kind in henan.applicants.kinds if kind.needs_look] == ["other"]


@pytest.mark.clause("N6")
def test_outline_is_the_notices_own_word_for_word(henan):
    annex = WHOLE[WHOLE.rindex("《清洁生产审核创新试点实施方案》编制大纲") :]
    lines = [line.strip("- \t") for line in annex.splitlines()[1:] if line.strip()]
    ours = []
    for chapter in henan.outline.chapters:
        ours.append(f"{chapter.number}、{chapter.title}")
        ours += [f"{section.number} {section.title}" for section in chapter.sections]
    assert [line.replace("(", "（").replace(")", "）") for line in lines] == ours
    assert len(henan.outline.chapters) == 7
    assert len(henan.leaves()) == 10


def test_every_chapter_is_guided_by_the_notice(henan):
    for leaf in henan.leaves():
        assert leaf.guidance, leaf.id
        assert leaf.quotes, leaf.id


def test_the_four_aims_are_asked_with_units(henan):
    assert [aim.title for aim in henan.aims] == ["审核时间", "审核费用", "覆盖范围", "受益企业和行业数量"]
    assert [(measure.unit, measure.better) for aim in henan.aims for measure in aim.measures] == [
        ("天", "lower"),
        ("万元", "lower"),
        ("%", "higher"),
        ("家", "higher"),
        ("个", "higher"),
    ]


@pytest.mark.clause("H1")
def test_package_rules_of_henan(henan):
    assert henan.package.size.max_bytes == 50 * 1024 * 1024
    name = henan.package.naming.render(project_title="甲园区试点", applicant_name="乙管委会")
    assert name == "2022+甲园区试点+乙管委会"
    assert henan.package.mail_subject.render(project_title="甲", applicant_name="乙") == "2022+甲+乙"
    paper = henan.package.delivery("paper")
    assert (paper.copies, paper.by) == (5, "send-letter")


def test_package_rules_of_the_nation(national):
    paper = national.package.delivery("national-paper")
    assert (paper.copies, paper.binding, paper.recipient) == (2, "合订胶装成册", "生态环境部或国家发展改革委")
    assert national.package.delivery("nothing") is None


@pytest.mark.clause("H1")
@pytest.mark.parametrize(
    ("now", "late"),
    [("2022-06-30T17:59:59", False), ("2022-06-30T18:00:00", True), ("2022-06-30T18:00:01", True)],
)
def test_an_instant_is_over_at_the_instant(henan, now, late):
    assert henan.closes.passed(datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)) is late


@pytest.mark.parametrize(("now", "late"), [("2022-07-10T23:59:59.999", False), ("2022-07-11T00:00:00", True)])
def test_a_day_is_over_at_midnight(henan, now, late):
    deadline = henan.deadline("send-letter")
    assert deadline.stated_as == "date"
    assert deadline.passed(datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)) is late


def test_at_most_five_a_province_in_principle(henan):
    (quota,) = henan.quotas
    assert (quota.per, quota.maximum, quota.in_principle) == ("province", 5, True)


def test_review_steps_and_dimensions(henan, national):
    assert [step.title for step in henan.review.steps] == ["形式校核", "技术评估", "现场调查"]
    assert len(henan.review.steps[1].dimensions) == 6
    assert [step.title for step in national.review.steps] == ["形式校核", "专家咨询", "现场调查"]
    assert [result.gives_benefits for result in national.review.results] == [False, True]


def test_options_are_off_in_2022(henan):
    options = henan.options
    assert not any(
        option.on for option in (options.prefecture_comment, options.return_for_supplement, options.publicity)
    )


def test_every_shipped_wording_stands_in_the_text_and_every_item_has_its_clause():
    known = {clause.id for clause in clauses()}
    worded = 0
    for notice in notices().values():
        for place, part in walk(notice):
            if wording := getattr(part, "wording", None):
                worded += 1
                assert occurs_in(wording, WHOLE), (notice.id, place, wording)
            if (clause := getattr(part, "clause", None)) is not None:
                assert clause in known
    assert worded > 100


def test_every_clause_quotes_the_text():
    for clause in clauses():
        for wording in clause.wording:
            assert occurs_in(wording, WHOLE), (clause.id, wording)
    without = [clause.id for clause in clauses() if not clause.wording]
    assert without == ["N3x"], "only the second batch's clause is not in the notice of 2022"


def test_all_clauses_of_the_programme_are_there():
    national = [f"N{number}" for number in (0, 1, 2)] + ["N3a", "N3b", "N3c", "N3x", "N4"]
    national += [f"N5.{number}" for number in range(1, 5)] + [f"N{number}" for number in range(6, 16)]
    assert [clause.id for clause in clauses()] == [*national, *(f"H{number}" for number in range(1, 7)), "X1"]


def test_the_text_is_shown_without_the_slips_of_its_transcription(henan, national):
    assert notice_text(henan).startswith("河南省生态环境厅")
    assert notice_text(henan).endswith("2022年5月31日")
    assert "编制大纲" in notice_text(national)
    assert " and " not in WHOLE
    assert "_{" not in WHOLE


def test_no_contact_person_is_kept():
    assert "联系人：" not in WHOLE
    assert "@" not in WHOLE


@pytest.mark.clause("N3x")
def test_a_new_batch_is_only_a_file():
    demo = notices(FILES)["demo-2027"]
    assert demo.demo
    assert len(demo.categories) == 4
    assert demo.opens.at.isoformat() == "2027-03-01T00:00:00+08:00"
    assert demo.closes.at.isoformat() == "2027-04-15T17:00:00+08:00"
    assert demo.leaves()[-1].title == "创新的投入产出"
    assert demo.options.publicity.on
    assert demo.options.return_for_supplement.on
    assert demo.package.naming.render(project_title="甲", applicant_name="乙") == "演示2027-乙-甲"
    assert "demo-2027" not in notices()


@pytest.mark.clause("N3x")
def test_a_folder_in_the_environment_is_enough(monkeypatch, tmp_path):
    monkeypatch.setenv("QINGYUAN_NOTICES", f"{FILES}:{tmp_path}")
    assert set(notices()) == {"national-2022", "henan-2022", "demo-2027"}


def test_another_province_takes_over_what_it_does_not_say(tmp_path):
    text = (SHIPPED / "henan-2022.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("text:")]
    other = "\n".join(lines).replace("henan-2022", "hubei-2022").replace("410000", "420000")
    path = tmp_path / "hubei-2022.yaml"
    path.write_text(other, encoding="utf-8")
    hubei = load_notice(path)
    assert hubei.region == "420000"
    assert hubei.categories == notices()["national-2022"].categories
    assert hubei.legal_bases == notices()["national-2022"].legal_bases


def test_notices_are_read_once():
    assert notices()["henan-2022"] is notices()["henan-2022"]


@pytest.mark.clause("N6")
def test_the_rule_set_is_the_national_letters_and_henan_takes_it_over(henan, national):
    assert henan.self_check == national.self_check
    assert henan.self_check.label == "national-2022/2"
    assert {rule.severity for rule in national.self_check.rules} == {"error", "warning", "info"}
    assert len(national.self_check.rules_for("park")) < len(national.self_check.rules)


def test_an_invented_notice_has_another_rule_set_and_one_without_runs_the_basic_one(tmp_path):
    demo = load_notice(FILES / "demo-2027.yaml")
    assert demo.self_check.label == "demo-2027/3"
    text = (FILES / "demo-2027.yaml").read_text(encoding="utf-8")
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "demo-2027.txt").write_bytes((FILES / "text" / "demo-2027.txt").read_bytes())
    (tmp_path / "demo-2027.yaml").write_text(text[: text.index("self_check:")], encoding="utf-8")
    basic = load_notice(tmp_path / "demo-2027.yaml").self_check
    assert basic.label == "basic/1"
    assert {rule.check for rule in basic.rules if rule.severity == "error"} >= {
        "object_filled",
        "eligibility_met",
        "scope_filled",
        "chapters_written",
        "aims_stated",
        "files_clean",
        "package_size",
    }
