"""The ranking: the figures by hand, other weights by address, balance, intervals, and the workbook equal to the screen."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from statistics import mean, median, stdev

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bench.ranking import fill
from qingyuan.catalogue.scoresheets import scoresheets
from qingyuan.kernel.actions import Invalid
from qingyuan.review import actions, drafts
from qingyuan.review.models import Assessment, Case
from qingyuan.review.queries.ranking import Ranking, Wish, quota_of
from tests.assessment_maker import Panel, content_of, opened, submitted

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SHEET = scoresheets()["henan-assessment-2022"]
STATE = scoresheets()["state-consultation-2022"]
CRITERIA = [criterion.id for criterion in STATE.criteria]


@pytest.fixture
def ranked(review):
    """Three of the four cases scored by three experts each; the scores opened."""
    for index, scores in enumerate([(5, 4, 5), (3, 3, 4), (4, 1, 5)]):
        panel = Panel(review.world, review.cases[index], first=1 if index < 2 else 2)
        panel.submit(*scores)
    actions.open_scores(review.round, by=review.province_handler, reason="")
    review.round.refresh_from_db()
    return review


def ranking_of(review, **given):
    return Ranking(review.round, Wish.read(review.round, SHEET, given), sheet=SHEET)


def page_of(client, review, query=""):
    client.force_login(review.province_handler, backend=BACKEND)
    return client.get(reverse("review:ranking", args=[review.round.pk]) + query)


def test_the_figures_are_those_of_the_submitted_totals(ranked):
    found = ranking_of(ranked)
    lines = {line.label: line for line in found.lines(found.order())}
    totals = [80.0, 20.0, 100.0]
    third = lines["2022-003"]
    assert (third.counts, third.mean, third.median) == (3, f"{mean(totals):.2f}", f"{median(totals):.2f}")
    assert third.spread == f"{stdev(totals):.2f}"
    assert ("分歧较大", "bad") in third.hints
    assert [line.rank for line in found.lines(found.order())] == ["1", "2", "2"]
    assert lines["2022-001"].mean == "93.33"


def test_the_mean_ranks_unless_asked_and_both_scores_always_stand(ranked, client):
    text = page_of(client, ranked).content.decode()
    assert "平均分" in text
    assert "宽严调整分" in text
    by_mean, by_adjusted = ranking_of(ranked), ranking_of(ranked, basis="adjusted")
    assert by_mean.wish.basis == "mean"
    mean_lines = {line.label: line for line in by_mean.lines(by_mean.order())}
    adjusted_lines = {line.label: line for line in by_adjusted.lines(by_adjusted.order())}
    for label, line in mean_lines.items():
        assert line.mean == adjusted_lines[label].mean
        assert line.adjusted == adjusted_lines[label].adjusted
        assert line.rank == adjusted_lines[label].other_rank
        assert line.other_rank == adjusted_lines[label].rank


def test_other_weights_are_tried_by_address_and_nothing_is_saved(ranked, client):
    Assessment.objects.filter(assignment__case__number=1).update(
        scores={**dict.fromkeys(SHEET.weights, 5), "results": 1}
    )
    only_results = {f"w-{name}": "0" for name in SHEET.weights} | {"w-results": "3"}
    found = ranking_of(ranked, **only_results)
    lines = {line.label: line for line in found.lines(found.order())}
    assert lines["2022-001"].mean == "20.00"
    query = "?" + "&".join(f"{name}={value}" for name, value in only_results.items())
    text = page_of(client, ranked, query).content.decode()
    assert "没有保存" in text
    assert "试算" not in page_of(client, ranked, "?w-idea=20").content.decode().split("<form")[0]
    again = ranking_of(ranked)
    assert {line.label: line.mean for line in again.lines(again.order())}["2022-001"] == "88.00"


@pytest.mark.parametrize(
    "query", ["?w-idea=-1", "?w-idea=x", "?w-idea=101", "?w-idea=２０", "?w-idea=" + "9" * 400, "?w-idea="]
)
def test_what_is_no_weight_is_refused_and_said(ranked, client, query):
    response = page_of(client, ranked, query)
    assert response.status_code == 200
    assert "仍按评分表的权重计算" in response.content.decode()


def test_weights_that_are_all_zero_are_refused(ranked):
    wish = Wish.read(ranked.round, SHEET, {f"w-{name}": "0" for name in SHEET.weights})
    assert "不能全部为 0" in wish.refused
    assert wish.weights == SHEET.weights


@pytest.mark.parametrize(
    "query", ["?sort=-median", "?sort=nonsense", "?page=99", "?category=x&prefecture=y", "?basis=x"]
)
def test_odd_addresses_choose_nothing(ranked, client, query):
    assert page_of(client, ranked, query).status_code == 200


def test_balance_counts_every_case_once(ranked):
    found = ranking_of(ranked)
    for rows in found.balance().values():
        assert sum(row[1] for row in rows) == 3
        assert sum(row[2] for row in rows) == 3  # the quota is five
    assert quota_of(ranked.round) == 5


def test_filters_keep_the_ranks_of_the_whole_round(ranked):
    category = ranked.cases[1].category_id
    found = ranking_of(ranked, category=category)
    lines = found.lines(found.order())
    assert {line.label for line in lines} == {
        case.label for case in ranked.cases[:3] if case.category_id == category
    }
    assert lines[0].rank == "2"


def test_cases_outside_the_assessment_are_not_ranked(ranked):
    Case.objects.filter(round=ranked.round, number=3).update(stage="withdrawn")
    found = ranking_of(ranked)
    assert [line.label for line in found.lines(found.order())] == ["2022-001", "2022-002"]


def test_the_workbook_says_what_the_screen_says(ranked, client):
    query = "?w-idea=40&sort=-spread"
    screen = page_of(client, ranked, query).content.decode()
    table = screen[screen.index("<tbody>") : screen.index("</tbody>")]
    shown = [
        [re.sub(r"<[^>]+>", " ", cell).split() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL)
    ]
    response = client.get(reverse("review:ranking-xlsx", args=[ranked.round.pk]) + query)
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    rows = book.get_sheet_by_index(0).to_python()
    start = next(index for index, row in enumerate(rows) if "名次" in row)
    assert any("试算" in str(cell) for row in rows[:start] for cell in row)
    for expected, row in zip(shown, rows[start + 1 :], strict=True):
        for left, right in zip(expected, row, strict=True):
            text = " ".join(left)
            if isinstance(right, float):
                assert float(text) == pytest.approx(right)
            elif text != "—":
                assert text.replace(" ", "") == str(right).replace("、", "").replace(" ", "")


def test_a_name_that_looks_like_a_formula_stays_text(ranked, client):
    Case.objects.filter(round=ranked.round, number=1).update(title="=cmd|' /C calc'!A0")
    client.force_login(ranked.province_handler, backend=BACKEND)
    response = client.get(reverse("review:ranking-xlsx", args=[ranked.round.pk]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    assert any("=cmd|' /C calc'!A0" in row for row in book.get_sheet_by_index(0).to_python())


def test_the_queries_do_not_grow_with_the_cases(ranked, client, django_assert_max_num_queries):
    page_of(client, ranked)
    with django_assert_max_num_queries(15):
        page_of_client = client.get(reverse("review:ranking", args=[ranked.round.pk]))
    assert page_of_client.status_code == 200
    fill(ranked.round, cases=120, experts=20)
    with django_assert_max_num_queries(15):
        response = client.get(reverse("review:ranking", args=[ranked.round.pk]))
    text = response.content.decode()
    assert text.count('<td class="q-nowrap">') == 50
    assert "临界" in text or "名次未拉开" in text


def test_strangers_experts_and_applicants_do_not_see_it(ranked, client):
    panel = Panel(ranked.world, ranked.cases[3], first=8)
    submitted(panel.assignments[0], 4)
    for user in (panel.users[0], ranked.park_handler, ranked.prefecture_handler, ranked.state_handler):
        client.force_login(user, backend=BACKEND)
        for name in ("review:ranking", "review:ranking-xlsx"):
            assert client.get(reverse(name, args=[ranked.round.pk])).status_code == 404


def test_before_the_seals_are_opened_there_is_no_figure_and_no_workbook(review, client):
    Panel(review.world, review.cases[0]).submit(5, 4)
    client.force_login(review.province_handler, backend=BACKEND)
    text = client.get(reverse("review:ranking", args=[review.round.pk])).content.decode()
    assert "还没有启封" in text
    assert "90.00" not in text
    assert client.get(reverse("review:ranking-xlsx", args=[review.round.pk])).status_code == 403


@pytest.mark.clause("N9")
def test_the_states_sheet_ranks_by_four_aspects_and_shows_the_four_criteria_beside(review, client):
    type(review.round).objects.filter(pk=review.round.pk).update(sheet_id="state-consultation-2022")
    case = review.cases[0]
    panel = Panel(review.world, case)
    submitted(panel.assignments[0], 4, criteria=dict.fromkeys(CRITERIA, "yes"))
    submitted(panel.assignments[1], 5, criteria={**dict.fromkeys(CRITERIA, "yes"), "replicable": "partly"})
    made = opened(panel.assignments[2])
    content = content_of(STATE, 3)
    saved = drafts.save_assessment(
        made,
        content=replace(content, criteria={"groundwork": "no"}),
        revision=0,
        by=panel.users[2],
    )
    with pytest.raises(Invalid) as caught:
        actions.submit_assessment(saved, by=panel.users[2], draft_revision=1)
    assert [problem.where for problem in caught.value.problems] == [
        "criterion-feasible", "criterion-innovative", "criterion-replicable",
    ]  # fmt: skip
    actions.open_scores(review.round, by=review.province_handler, reason="演示")
    text = page_of(client, review).content.decode()
    assert "评选条件（符合）" in text
    assert ">7/8<" in text
    assert "90.00" in text
    for dimension in STATE.dimensions:
        assert dimension.title in text
