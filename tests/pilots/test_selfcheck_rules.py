"""提交前自查, rule by rule: what is found, and the benign neighbour that is left alone."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.catalogue.notices import load_notice
from qingyuan.catalogue.notices.selfcheck import CHECKS
from qingyuan.papers import richtext
from qingyuan.pilots.selfcheck import File, run_on_snapshot
from qingyuan.pilots.selfcheck.named import CODE
from tests.pilots.plain_application import NOTICE, application
from tests.pilots.workspace import HOSTILE


def found(snapshot, *, files=None, notice=NOTICE):
    """Rule ids with their messages, without what is only worth knowing."""
    return [
        (one.rule, one.message)
        for one in run_on_snapshot(snapshot, notice, files=files)
        if one.severity != "info"
    ]


def rules_in(snapshot, **more):
    return {rule for rule, _message in found(snapshot, **more)}


def test_every_named_check_has_code_and_the_catalogue_knows_every_name():
    assert set(CODE) == set(CHECKS)


@pytest.mark.parametrize("category", ["sector", "park", "region"])
def test_a_sound_application_is_clean(category):
    more = {
        "work-contents": "<p>开展全过程诊断，梳理共性问题，形成清洁生产方案；牵头单位召开联席会议，协同减排氨氮和总磷。</p>"
    }
    assert found(application(category, chapters=more)) == []


# rule, chapter, what is wrong, and what looks like it but is right
TEXTS = [
    ("scope-in-text", "overview-scope", "园区范围内共有28家企业。", "园区范围内共有30家企业，其中规模以上企业12家。"),
    ("scope-in-text", "overview-scope", "园区范围内共有约三百二十家企业。", "园区范围内共有三十家企业，其中规模以上企业十二家。"),
    ("scope-in-text", "overview-scope", "园区范围内共有二十八家企业。", "园区范围内共有企业数十家，三四十家企业次之。"),
    ("targets-in-text", "outputs", "审核时间压缩到一百五十天。", "审核时间压缩一百八十天，压缩百分之六十。"),
    ("targets-in-text", "outputs", "审核费用合计降至四百万元。", "审核费用合计降至三百五十点五万元，节省449.5万元。"),
    ("targets-in-text", "outputs", "审核费用节省百分之八十。", "审核费用节省约百分之五十六。"),
    ("targets-in-text", "outputs", "受益企业达到四十五家。", "受益企业和受益行业两个指标、三项任务由第三方水务公司跟踪。"),
    ("money-in-text", "groundwork-cleaner-production", "已落实资金0.25亿元。", "已落实资金一千五百点五万元，其中财政资金三百万元。"),
    ("said-twice", "outputs", "<p>项目总投资五千万元。</p><p>总投资合计6200万元。</p>", "<p>项目总投资五千万元。</p><p>总投资合计0.5亿元。</p>"),
    ("unit-slips", "outputs", "<p>可节水三点五万吨。</p><p>节水3.5吨。</p>", "<p>可节水三点五万吨。</p><p>节水35000立方米。</p>"),
    ("savings", "outputs", "预计节水约三千万吨、节电二百万千瓦时，产生经济效益3526万元。", "预计节水约三百万吨、节电二百万千瓦时，产生经济效益三千五百二十六万元。"),
    ("balance", "groundwork-environment", "全厂输入一万吨，输出九千七百九十吨，平衡偏差为百分之零点九一。", "全厂输入一万吨，输出九千七百九十吨，平衡偏差为百分之二点一。"),
    ("percentages", "outputs", "中水回用率达到百分之一百二十。", "产值增长百分之一百二十，中水回用率达到百分之九十五。"),
    ("scope-in-text", "outputs", "全部35家企业完成审核。", "全省350家企业可以借鉴，已有5家企业完成审核。"),
    ("targets-in-text", "outputs", "审核时间压缩到150天。", "审核时间压缩180天，压缩60%。"),
    ("targets-in-text", "outputs", "审核费用合计降至400万元。", "审核费用合计降至350.5万元，节省449.5万元。"),
    ("targets-in-text", "outputs", "受益企业达到45家。", "每家受益企业配备2名联络员，受益企业不少于25家。"),
    ("targets-in-text", "outputs", "审核费用节省80%。", "审核费用节省约56%。"),
    ("money-in-text", "groundwork-cleaner-production", "已落实资金2000万元。", "已落实资金1500.5万元，其中财政资金300万元。"),
    ("said-twice", "outputs", "<p>项目总投资5000万元。</p><p>总投资合计6200万元。</p>", "<p>项目总投资5000万元。</p><p>其中一期总投资2000万元。</p>"),
    ("said-twice", "outputs", "<p>每年可节水共3万吨。</p><p>年可节水总量4.2万吨。</p>", "<p>每年可节水共3万吨。</p><p>年可节水总量30000吨。</p>"),
    ("unit-slips", "outputs", "<p>可节水3.5万吨。</p><p>节水3.5吨。</p>", "<p>可节水3.5万吨。</p><p>节水35000立方米。</p>"),
    ("units", "outputs", "节水3万万吨。", "节水3万吨，节电5万千瓦时。"),
    ("units", "schedule", "<table><tr><th>项目</th><th>投资（万元）</th></tr><tr><td>管网</td><td>1200元</td></tr></table>", "<table><tr><th>项目</th><th>投资（万元）</th></tr><tr><td>管网</td><td>1200</td></tr></table>"),
    ("savings", "outputs", "预计节水约3000万吨、节电200万kWh，产生经济效益3526万元。", "预计节水约300万吨、节电200万kWh，产生经济效益3526万元。"),
    ("balance", "groundwork-environment", "全厂输入10000吨，输出9790吨，平衡偏差为0.91%。", "全厂输入10000吨，输出9790吨，平衡偏差为2.10%。"),
    ("sums", "schedule", "<table><tr><th>项目</th><th>投资</th></tr><tr><td>甲</td><td>100</td></tr><tr><td>乙</td><td>250</td></tr><tr><td>合计</td><td>360</td></tr></table>", "<table><tr><th>项目</th><th>投资</th></tr><tr><td>甲</td><td>100</td></tr><tr><td>乙</td><td>250</td></tr><tr><td>合计</td><td>350</td></tr></table>"),
    ("percentages", "outputs", "中水回用率达到120%。", "产值增长120%，中水回用率达到95%。"),
    ("percentages", "outputs", "单位产品水耗下降130%。", "单位产品水耗下降30%。"),
    ("plan-years", "schedule", "2028年完成总结。", "在2019年工作基础上开展，2024年完成总结。"),
    ("plan-years", "schedule", "2020年启动。", "依据《关于2020年工作的通知》（〔2020〕5号）启动。"),
    ("done-years", "groundwork-environment", "2024年已完成锅炉改造。", "计划2024年完成锅炉改造，2021年已完成管网改造。"),
    ("dates", "schedule", "2022年13月启动。", "2022年12月31日前启动。"),
    ("dates", "schedule", "2023年2月30日验收。", "2024年2月29日验收。"),
    ("dates", "schedule", "2023年3月—2022年10月开展。", "2022年10月—2023年3月开展。"),
    ("leftovers", "outputs", "<table><tr><td>测试数据1</td><td>12</td></tr></table>", "根据水平衡测试数据和监测试点企业的结果，检测试剂用量下降。"),
    ("leftovers", "outputs", "this is a test row", "采用 TestoLab 设备和最新 contest 结果。"),
    ("leftovers", "outputs", "由XX公司承担。", "产品型号为 AXX100，规格10×10。"),
    ("leftovers", "outputs", "Lorem ipsum dolor sit amet", "采用集中供热。"),
    ("leftovers", "outputs", "示例文本，请替换。", "形成示范案例和典型示例。"),
    ("leftovers", "outputs", "待补充", "制度有待补充和完善。"),
    ("guidance", "goals", "目标要可测量，与目标表中的数字一致。", "目标可以测量，并写入目标表。"),
]  # fmt: skip


def html(text):
    return text if text.startswith("<") else f"<p>{text}</p>"


@pytest.mark.clause("N6")
@pytest.mark.parametrize(
    ("rule", "chapter", "wrong", "right"), TEXTS, ids=[f"{t[0]}-{i}" for i, t in enumerate(TEXTS)]
)
def test_a_text_is_judged_by_its_rule(rule, chapter, wrong, right):
    bad = run_on_snapshot(application(chapters={chapter: html(wrong)}), NOTICE)
    mine = [one for one in bad if one.rule == rule]
    assert mine, [one.message for one in bad if one.severity != "info"]
    assert all(one.hit.place.part == chapter and one.hit.place.paragraph >= 2 for one in mine)
    assert all(one.hit.excerpt and one.hit.mend and one.clause for one in mine)
    assert found(application(chapters={chapter: html(right)})) == []


def test_the_published_mistakes_of_the_programme_are_explained_with_both_numbers():
    wrong = "节水约3000万吨，节电200万kWh，年经济效益3526万元。"
    (one,) = [
        one
        for one in run_on_snapshot(application(chapters={"outputs": html(wrong)}), NOTICE)
        if one.rule == "savings"
    ]
    assert "3000万吨" in one.message
    assert "3526万元" in one.message
    assert "4,500 万元" in one.message
    wrong = "进料合计1000吨，出料合计979吨，平衡误差0.91%。"
    (one,) = [
        one
        for one in run_on_snapshot(application(chapters={"outputs": html(wrong)}), NOTICE)
        if one.rule == "balance"
    ]
    assert "2.10%" in one.message
    assert "0.91%" in one.message


def test_a_slip_of_the_unit_is_called_one():
    text = "审核费用合计降至350.5元。"
    (one,) = [
        one
        for one in run_on_snapshot(application(chapters={"outputs": html(text)}), NOTICE)
        if one.rule == "targets-in-text"
    ]
    assert "10,000 倍" in one.hit.mend


@pytest.mark.clause("N6")
def test_empty_and_thin_chapters():
    snapshot = application()
    snapshot["chapters"][0]["html"] = ""
    snapshot["chapters"][1]["html"] = "<p>另行说明。</p>"
    listed = found(snapshot)
    assert ("chapters", "方案“一（一）试点对象范围与区位”尚未编写") in listed
    about = [one for one in run_on_snapshot(snapshot, NOTICE) if one.hit.place.part == "overview-industry"]
    assert [one.rule for one in about] == ["thin"], "a thin chapter is not called short as well"
    short = [one for one in run_on_snapshot(application(), NOTICE) if one.rule == "short"]
    assert short
    assert all(one.severity == "info" and "通知没有规定字数" in one.message for one in short)


@pytest.mark.parametrize(
    ("category", "rule", "missing"),
    [
        pytest.param("sector", "sector-work", "行业关键共性问题", marks=pytest.mark.clause("N3a")),
        pytest.param("park", "park-work", "能源梯级利用", marks=pytest.mark.clause("N3b")),
        pytest.param("region", "region-work", "协同审核的组织方式", marks=pytest.mark.clause("N3c")),
    ],
)
def test_the_work_of_each_category_is_what_the_notice_says(category, rule, missing):
    snapshot = application(category)
    for chapter in snapshot["chapters"]:
        if chapter["id"].startswith("work"):
            chapter["html"] = (
                f"<p>{chapter['id']}统一采集数据并逐项核对，做好记录，形成报告并提出下一步的工作安排和建议，按时完成。</p>"
            )
    (message,) = [message for name, message in found(snapshot) if name == rule]
    assert missing in message
    assert not {"sector-work", "park-work", "region-work"} - {rule} & rules_in(snapshot)


@pytest.mark.clause("N5.2")
def test_groundwork_names_people_rules_mechanisms_and_money():
    snapshot = application()
    snapshot["chapters"][3]["html"] = (
        "<p>历年来清洁生产工作扎实推进，企业普遍参与，成效明显，各方面反映良好，为试点打下了坚实的基础和条件。</p>"
    )
    (one,) = [one for one in run_on_snapshot(snapshot, NOTICE) if one.rule == "groundwork"]
    message = one.message
    assert "通知原文：“具备清洁生产管理人员、管理制度和机制安排，以及明确的资金支持来源。”" in one.mend
    assert "资金支持来源" in message
    assert "管理制度" in message


@pytest.mark.clause("N5.1", "N5.2", "N5.3")
def test_conditions_open_not_met_and_to_be_asked():
    snapshot = application()
    snapshot["answers"]["N5.1"]["major_violation"] = True
    snapshot["answers"]["N5.3"] |= {"park_one_prefecture": False, "park_prefectures": "演示：甲市、乙市"}
    del snapshot["answers"]["N5.2"]["object_rules"]
    listed = {
        (one.rule, one.clause, one.severity)
        for one in run_on_snapshot(snapshot, NOTICE)
        if one.hit.place.area == "eligibility"
    }
    assert listed == {
        ("eligibility", "N5.1", "error"),
        ("eligibility", "N5.2", "error"),
        ("eligibility-asks", "N5.3", "warning"),
        ("one-prefecture", "N5.3", "warning"),
    }


def test_object_scope_and_sectors():
    assert {"object", "scope"} <= rules_in(
        application(scope=0, object={"form": "", "name": "", "region": ""})
    )
    assert "one-sector" in rules_in(application("sector", sectors=["steel", "coking"]))
    assert "one-sector" not in rules_in(application("park", sectors=["steel", "coking"]))


def targets(**changes):
    snapshot = application()
    for row in snapshot["targets"]:
        row.update(changes.get(row["measure"], {}))
    for chapter in snapshot["chapters"]:
        if chapter["id"] == "goals":
            chapter["html"] = (
                "<p>压缩评估验收时间，提高审核效率，节省审核费用，扩大覆盖范围，增加受益企业和行业的数量，具体数字见目标表。</p>"
            )
    return rules_in(snapshot)


@pytest.mark.clause("N1")
def test_targets_are_stated_better_and_possible():
    assert targets() == set()
    assert targets(audit_days={"baseline": None}) == {"aims"}
    assert targets(audit_days={"target": "400"}) == {"targets-better"}
    assert targets(audit_days={"target": "300"}) == set(), "no change is an applicant's own affair"
    assert targets(coverage_share={"target": "110"}) == {"targets-possible"}
    assert targets(audit_cost={"target": "-5"}) == {"targets-possible"}
    assert targets(audit_cost={"baseline_year": 2023}) == {"targets-possible"}


def test_copied_chapters_and_paragraphs():
    text = (
        "园区建立了统一的数据采集平台，逐家核对物料平衡，分析能源和水的流向，找出共性问题并提出改进方案，组织专家集中评审。"
        * 2
    )
    both = application(chapters={"work-methods": html(text), "innovation": html(text)})
    assert rules_in(both) == {"copied"}
    one = application(chapters={"work-methods": html(text)})
    assert found(one) == []


@pytest.mark.clause("H1")
def test_package_and_name():
    assert rules_in(application(name="演示/园区:试点?")) == {"name"}
    assert rules_in(application(name="2022年演示园区试点")) == {"name"}
    assert rules_in(application(name="演示园区+集群试点")) == {"name"}
    assert rules_in(application(name="很长" * 40)) == {"name"}
    assert found(application(name="演示园区（东片区）整体审核创新试点")) == []
    big = [File("大图", "clean", 60 * 1024 * 1024)]
    assert rules_in(application(), files=big) == {"size"}
    assert rules_in(application(), files=[File("甲", "pending", 1), File("乙", "refused", 1)]) == {"files"}


def test_the_run_is_pure_and_orders_by_severity():
    snapshot = application(chapters={"outputs": "<p>由XX公司承担。</p>"}, scope=0)
    before = copy.deepcopy(snapshot)
    levels = [one.severity for one in run_on_snapshot(snapshot, NOTICE)]
    assert snapshot == before
    assert levels == sorted(levels, key=["error", "warning", "info"].index)


@pytest.mark.clause("N3x")
def test_another_notice_runs_another_rule_set():
    notice = load_notice(Path(__file__).parents[1] / "catalogue" / "files" / "demo-2027.yaml")
    snapshot = application(
        "linkage",
        notice=notice,
        chapters={"work-contents": "<p>2029年总结，共有9家企业，审核时间压缩到3天。</p>"},
    )
    listed = {one.rule: one for one in run_on_snapshot(snapshot, notice)}
    assert set(listed) >= {"io", "links", "long", "term", "scope-in-text", "days"}
    assert listed["io"].message.endswith("（演示：第三批须说明创新的投入产出）")
    assert (listed["scope-in-text"].severity, listed["term"].severity) == ("info", "error")


NASTY = st.text(max_size=400) | st.sampled_from(
    [
        HOSTILE,
        "<p>" * 300,
        "9" * 4000 + "万吨",
        "1,000,000,000,000,000,000,000家企业，占比99999999999999%",
        "2022年99月99日—0000年0月",
        "<table><tr><th>（万元）</th></tr><tr></tr><tr><td>合计</td></tr></table>",
        "合计" + "（" * 5000,
        "《" * 5000 + "2022年",
        "共" * 3000 + "30家企业",
        "\ud800\ufffe\x00输入1吨输出0吨偏差0%",
    ]
)


@settings(max_examples=120, deadline=None)
@given(text=NASTY, other=NASTY, name=NASTY, clean=st.booleans())
def test_no_text_makes_a_check_fail(text, other, name, clean):
    made = richtext.clean if clean else str
    snapshot = application(chapters={"goals": made(text), "schedule": made(other)}, name=name)
    for row in snapshot["targets"][:1]:
        row.update(indicator=text[:80], unit=other[:30])
    snapshot["scope"][0]["name"] = text
    for category in ("sector", "park", "region"):
        snapshot["category"]["id"] = category
        for one in run_on_snapshot(snapshot, NOTICE):
            assert one.message
            assert len(one.hit.excerpt) < 400
