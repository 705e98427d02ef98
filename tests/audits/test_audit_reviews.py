"""评估 before the medium and high cost, 验收 after: each with its gate, its sheet, its rounds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.audits import evaluating
from qingyuan.audits.actions import audit_review as actions
from qingyuan.audits.actions import scheme as schemes
from qingyuan.audits.models import AuditReview, Scheme
from qingyuan.audits.queries import audit_review as queries
from qingyuan.catalogue.evaluations import evaluations, loader
from qingyuan.kernel import todos
from qingyuan.kernel.actions import Invalid, NotAllowed
from qingyuan.kernel.models import Mail
from tests.house.test_route_matrix import client_of
from tests.pilot_maker import credit_code
from tests.review_of_audits_maker import ask, full_marks, record, review_in
from tests.schemes_maker import OWNER, bring, pilot_of, propose

OWN = evaluations()


def messages(refusal):
    return {problem.where: problem.message for problem in refusal.value.problems}


@pytest.mark.parametrize("sheet", OWN.values(), ids=OWN)
def test_a_sheet_says_whose_it_is_and_adds_up_exactly(sheet):
    assert sheet.points == 100
    assert (sheet.origin, sheet.verified) == ("self-made", False)
    assert "自拟" in sheet.source
    assert "未见官方" in sheet.source
    full = {item.id: item.points for item in sheet.items}
    assert sheet.outcome(full, []) == evaluating.Evaluation.outcome(sheet, full, [])
    assert sheet.outcome(full, []).conclusion == "passed"
    assert sheet.outcome(full, [sheet.vetoes[0].id]).conclusion == "failed"


@pytest.mark.parametrize(
    ("missing", "conclusion"),
    [("30", "passed"), ("30.5", "rectify"), ("40", "rectify"), ("40.5", "failed"), ("0", "passed")],
)
def test_the_lines_are_exact(missing, conclusion):
    sheet = OWN["own-evaluate"]
    scores, left = {}, Decimal(missing)
    for item in sheet.items:
        taken = min(left, item.points)
        scores[item.id], left = item.points - taken, left - taken
    outcome = sheet.outcome(scores, [])
    assert (outcome.total, outcome.conclusion) == (100 - Decimal(missing), conclusion)


def test_an_official_sheet_of_a_province_takes_its_place(tmp_path, monkeypatch):
    from qingyuan.catalogue.evaluations import evaluation_for

    text = (loader.SHIPPED / "own-accept.yaml").read_text("utf-8")
    text = text.replace("id: own-accept", "id: demo-41").replace('province: "00"', 'province: "41"')
    (tmp_path / "demo-41.yaml").write_text(text, "utf-8")
    monkeypatch.setenv(loader.VARIABLE, str(tmp_path))
    assert evaluation_for("410000", "accept", on=date(2022, 6, 1)).id == "demo-41"
    assert evaluation_for("110000", "accept", on=date(2022, 6, 1)).id == "own-accept"


@pytest.mark.clause("N11")
def test_medium_cost_waits_for_the_evaluation_and_acceptance_for_the_schemes(maker, world):
    low, high = propose(maker), propose(maker, kind="high")
    with pytest.raises(Invalid) as refusal:
        ask(maker)
    assert set(messages(refusal)) == {"schemes"}
    assert len(refusal.value.problems) == 2  # low ones not done, the high one not screened
    bring(maker, low, "done")
    high = bring(maker, high, "confirmed")
    with pytest.raises(Invalid) as refusal:
        schemes.start(high, by=world.park_handler)
    assert "通过评估" in messages(refusal)["stage"]
    review = ask(maker)
    with pytest.raises(Invalid):
        schemes.start(high, by=world.park_handler)
    record(maker, review)
    schemes.start(high, by=world.park_handler, started_on=date(2022, 6, 20))
    with pytest.raises(Invalid) as refusal:
        ask(maker, kind="accept")
    assert "ZG1" in messages(refusal)["schemes"]
    schemes.finish(Scheme.objects.get(pk=high.pk), by=world.park_handler)
    accepted = record(maker, ask(maker, kind="accept"))
    assert accepted.stage == "passed"
    with pytest.raises(Invalid) as refusal:
        ask(maker, kind="accept")
    assert messages(refusal) == {"kind": "已经通过"}


def test_a_low_cost_scheme_waits_for_nobody(maker, world):
    low = bring(maker, propose(maker), "confirmed")
    assert schemes.start(low, by=world.park_handler).stage == "running"


def test_what_must_be_rectified_comes_again_with_its_statement(maker, world):
    review = review_in(maker, "rectify")
    assert (review.stage, review.rectify_by) == ("rectify", date(2022, 8, 31))
    assert not evaluating.has_passed(review.pilot_id, review.enterprise_id, "evaluate")
    with pytest.raises(Invalid) as refusal:
        ask(maker)
    assert set(messages(refusal)) == {"statement"}
    second = ask(maker, statement="演示：已补充实测数据")
    assert second.round == 2
    with pytest.raises(Invalid) as refusal:
        ask(maker, statement="演示")
    assert messages(refusal) == {"kind": "已经申请，等待组织"}
    assert record(maker, second).stage == "passed"
    actions.revoke(AuditReview.objects.get(pk=second.pk), by=world.province_handler, reason="演示：弄虚作假")
    assert not evaluating.has_passed(review.pilot_id, review.enterprise_id, "evaluate")


def test_everything_wrong_with_a_record_is_said_at_once(maker):
    review = review_in(maker, "asked")
    scores = {**full_marks(review), "basis": Decimal("10.5"), "data": Decimal("9.3"), "no-such": Decimal(1)}
    del scores["summary"]
    with pytest.raises(Invalid) as refusal:
        record(maker, review, scores=scores, held_on=date(2022, 7, 1), opinion=" ", vetoes=["no-such"])
    assert set(messages(refusal)) == {
        "held_on", "opinion", "vetoes", "scores.basis", "scores.data", "scores.summary", "scores.no-such",
    }  # fmt: skip


def test_a_conclusion_may_be_stricter_never_milder(maker):
    review = review_in(maker, "asked")
    low = {**full_marks(review), "balance": Decimal(0), "feasibility": Decimal(0), "schedule": Decimal(0)}
    with pytest.raises(Invalid) as refusal:
        record(maker, review, scores=low, conclusion="passed")
    assert set(messages(refusal)) == {"conclusion"}
    with pytest.raises(Invalid) as refusal:
        record(maker, review, scores=low)
    assert set(messages(refusal)) == {"rectify_by"}
    assert record(maker, review, conclusion="failed").stage == "failed"


def test_who_records_is_what_the_sheet_says(maker, world, monkeypatch):
    review = review_in(maker, "asked")
    for who in ("park_handler", "consultant", "reform_handler", "province_signer", "state_handler"):
        with pytest.raises(NotAllowed):
            record(maker, review, by=world.people[who])
    made = record(maker, review)
    assert made.organised_by == world.henan_ecology
    own = OWN["own-evaluate"].model_copy(update={"recorded_by": ("applicant",)})
    monkeypatch.setattr(evaluating, "sheet_of", lambda _review: own)
    other = ask(maker, statement="", number=2, ready=True)
    with pytest.raises(NotAllowed):
        record(maker, other)
    assert record(maker, other, by=world.park_handler).organised_by == world.park


def test_both_sides_hear_of_it(maker, world):
    before = Mail.objects.count()
    record(maker, review_in(maker, "asked"))
    found = {mail.subject for mail in Mail.objects.all()[before:]} | set(
        Mail.objects.values_list("subject", flat=True)
    )
    assert any(subject.startswith("申请企业清洁生产审核评估") for subject in found)
    assert any(subject.startswith("企业清洁生产审核评估结果") for subject in found)


def test_the_overview_costs_the_same_however_many_schemes(maker, world):
    review_in(maker, "passed")
    review_in(maker, "asked", number=2)
    client = client_of(world.province_handler)
    url = reverse("audits:reviews", args=[pilot_of(maker).pk])

    def statements():
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    few = statements()
    for number in range(20):
        propose(maker, number=1 + number % 3, title=f"演示{number}")
    assert statements() == few


def test_the_pages_from_asking_to_the_result(maker, world):
    pilot = pilot_of(maker)
    bring(maker, propose(maker), "done")
    client = client_of(world.park_handler)
    page = client.get(reverse("audits:reviews", args=[pilot.pk]))
    assert f"enterprise={credit_code(1)}" in page.content.decode().replace("&amp;", "&")
    address = reverse("audits:ask-review", args=[pilot.pk])
    done = client.post(address, {"credit_code": credit_code(1), "kind": "evaluate", "key": "k1"})
    review = AuditReview.objects.get()
    assert (done.status_code, done["Location"]) == (302, review.get_absolute_url())
    province = client_of(world.province_handler)
    form = {f"scores.{name}": str(value) for name, value in full_marks(review).items()}
    sent = province.post(
        reverse("audits:review-record", args=[review.pk]),
        {**form, "held_on": "2022-06-19", "opinion": "演示：同意通过", "revision": review.revision},
    )
    assert sent.status_code == 302, sent.content.decode()
    text = client.get(review.get_absolute_url()).content.decode()
    assert "通过" in text
    assert "100" in text
    assert "未见官方评分表" in text


def test_to_dos_of_both_sides(maker, world):
    def waits(who, words):
        return [todo for todo in todos.of(who) if words in todo.title]

    review_in(maker, "asked")
    assert [todo.title for todo in waits(world.province_handler, "组织评估")] == [
        "组织评估：演示企业1有限公司"
    ]
    assert waits(world.reform_handler, "组织评估") == []
    assert waits(world.park_handler, "组织评估") == []
    record(maker, AuditReview.objects.get(), conclusion="rectify", rectify_by=date(2022, 8, 31))
    (todo,) = waits(world.park_handler, "整改后再申请")
    assert todo.due.date() == date(2022, 8, 31)
    ask(maker, statement="演示：已整改")
    assert waits(world.park_handler, "整改后再申请") == []


def test_a_line_says_why_an_audit_is_not_ready(maker):
    propose(maker)
    lines = queries.lines(pilot_of(maker))
    assert [one.enterprise.credit_code for one in lines] == [credit_code(n) for n in (1, 2, 3)]
    assert (lines[0].low, lines[0].high) == ((0, 1), (0, 0))
    assert "基本完成" in lines[0].problems["evaluate"][0].message
    assert lines[1].problems["evaluate"][0].message == "还没有方案"
    assert OWNER
