"""雷同检查: the same words or enterprises in two applications are laid side by side, and nothing is judged."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from qingyuan.pilots.models import Submission
from qingyuan.review import alike
from qingyuan.review.models import Case
from tests.review.state_rounds import taken_in
from tests.review.test_state_takes_in import client_of

OWN = [
    "演示园区沿洛河布置，三十二家企业共用一座热电站，蒸汽管网压差由第二配气站统一调节，凝结水按季度回收。",
    "电镀集聚区把镍铬废水分质收集，膜浓缩后的母液送到邻近的表面处理中心提取金属盐，余水回到漂洗工段使用。",
    "流域上游的造纸企业轮流承担夜间曝气，氨氮浓度由上下游两座断面共同考核，超过约定值时由上游补偿下游。",
    "化工片区按装置年龄编排诊断顺序，先看换热网络和真空系统，再看放空与火炬，最后合并同类改造一起招标。",
]
COPIED = "本区的三家染整厂自二零一九年起共用一套余热回收管网，每吨布的蒸汽消耗由二点八吨降到二点一吨，节约的费用按用汽量分摊给各厂。"


def say(case: Case, text: str, scope: list[dict[str, str]] | None = None) -> None:
    """The sealed version says this (as if the applicant had written it)."""
    submission = Submission.objects.get(pk=case.submission_id)
    data = json.loads(json.dumps(submission.snapshot))
    for chapter in data["chapters"]:
        chapter["html"] = ""
    data["chapters"][0]["html"] = f"<p>{text}</p>"
    data["scope"] = scope or []
    Submission.objects.filter(pk=submission.pk).update(snapshot=data)


def apart(review) -> list[Case]:
    for case, text in zip(review.cases, OWN, strict=True):
        say(case, text * 3)
    return review.cases


def test_plans_of_their_own_words_are_no_pair(review):
    apart(review)
    assert alike.pairs(review.round) == []


@pytest.mark.clause("N9")
def test_copied_words_are_found_and_shown_side_by_side(review):
    first, second, *_rest = apart(review)
    say(first, OWN[0] + COPIED)
    say(second, COPIED + OWN[1])
    (pair,) = alike.pairs(review.round)
    assert {pair.first, pair.second} == {first.pk, second.pk}
    assert 0.3 < pair.containment < 0.7
    client = client_of(review.province_handler)
    body = client.get(reverse("review:alike", args=[review.round.pk])).content.decode()
    assert first.title in body
    assert second.title in body
    page = client.get(reverse("review:case-alike", args=[first.pk]), {"with": str(second.pk)})
    assert page.content.decode().count(f"<mark>{COPIED}"[:40]) == 2


def test_the_notices_own_words_do_not_count(review):
    quoted = "开展行业生产工艺全过程诊断，避免单个企业审核过程简单复制和人力、财力的重复投入，梳理行业关键共性问题，形成并实施具有行业特色的清洁生产方案"
    first, second, *_rest = apart(review)
    say(first, OWN[0] * 2 + quoted)
    say(second, OWN[1] * 2 + quoted)
    assert alike.pairs(review.round) == []


def test_one_enterprise_in_two_applications_is_a_pair_without_common_words(review):
    first, _second, third, _fourth = apart(review)
    row = {"credit_code": "91410300MA40000000", "name": "演示铸造公司"}
    say(first, OWN[0] * 3, [row])
    say(third, OWN[2] * 3, [row])
    (pair,) = alike.pairs(review.round)
    assert (pair.shared, pair.enterprises) == (0, (("91410300MA40000000", "演示铸造公司"),))
    page = client_of(review.province_handler).get(
        reverse("review:case-alike", args=[third.pk]), {"with": str(first.pk)}
    )
    assert "演示铸造公司" in page.content.decode()


def test_a_changed_version_is_compared_anew(review):
    first, second, *_rest = apart(review)
    assert alike.pairs(review.round) == []
    say(first, COPIED * 2)
    say(second, COPIED * 2)
    Submission.objects.filter(pk=first.submission_id).update(package_sha256="f" * 64)
    assert len(alike.pairs(review.round)) == 1


def test_the_state_compares_what_it_received_and_the_provinces_comparison_stays_there(review):
    first, second, third, _fourth = apart(review)
    for case in (first, second, third):
        say(case, COPIED * 2)
    with taken_in(review) as round_:
        (pair,) = alike.pairs(round_)
        assert {pair.first, pair.second} == set(round_.cases.values_list("pk", flat=True))
        client = client_of(review.state_handler)
        assert client.get(reverse("review:case-alike", args=[round_.cases.first().pk])).status_code == 200
        # The province's comparison names applications that were not recommended.
        assert client.get(reverse("review:case-alike", args=[first.pk])).status_code == 404


def test_pages_ask_the_same_number_of_queries_for_one_pair_and_for_many(
    review, django_assert_max_num_queries
):
    cases = apart(review)
    client = client_of(review.province_handler)
    url = reverse("review:alike", args=[review.round.pk])
    for case in cases:
        say(case, COPIED * 2)
    client.get(url)  # the comparison itself is kept from here on
    with django_assert_max_num_queries(30):
        client.get(url)
