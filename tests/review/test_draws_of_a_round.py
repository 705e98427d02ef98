"""A draw from announcement to the public page: in order, watched, void if a side keeps silent, hidden until the results."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from qingyuan.kernel import clock, draws, ledger, todos
from qingyuan.kernel.actions import Closed, Invalid, WrongStage
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.review import actions
from qingyuan.review.models import Draw, Round
from qingyuan.review.queries import draws as queries
from tests.draw_maker import MINE, THEIRS, announcement, conduct, fresh, promise
from tests.kernel.draws_by_the_book import recompute

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def publish(round_):
    Round.objects.filter(pk=round_.pk).update(stage="published")


@pytest.mark.clause("N9")
@pytest.mark.sqlite
@pytest.mark.parametrize("strata", ["none", "place", "group"])
def test_the_record_of_a_draw_verifies_here_and_by_the_book(review, strata):
    draw = conduct(review, review.round, take=2, reserves=1, strata=strata)
    record = json.loads(json.dumps(queries.record(draw)))
    assert draws.verify(record).status == "verified"
    organiser, second, seed, outcome, blinded = recompute(record)
    assert record["commitments"] == {"organiser": organiser, "second": second}
    assert (seed, outcome) == (draw.seed, draw.outcome)
    assert LedgerEntry.objects.get(verb="draw.reveal").content["payload"]["outcome_sha256"] == blinded
    assert ledger.verify()


def test_an_external_public_value_is_written_down_by_the_one_who_watches(review):
    draw = conduct(review, review.round, public_kind="external", source="演示：双色球第 2022080 期")
    assert draw.public_value == "01 07 12 19 26 33 04"
    assert draws.verify(json.loads(json.dumps(queries.record(draw)))).status == "verified"


def test_experts_are_drawn_by_their_codes(review):
    draw = conduct(review, review.round, kind="experts", strata="group")
    assert draw.selected == ["E-001"]
    assert "演示专家" not in json.dumps(queries.record(draw), ensure_ascii=False)


def test_the_ledger_holds_hashes_only(review):
    draw = conduct(review, review.round, take=2, exclusions=[("2022-001", "演示：已经去过")])
    text = "".join(LedgerEntry.objects.filter(subject_id=str(draw.pk)).values_list("body", flat=True))
    for hidden in ("2022-001", "2022-003", "已经去过", MINE, THEIRS, draw.seed, "演示厅签发", "监督"):
        assert hidden not in text


def test_an_announcement_hears_all_its_problems_at_once(review):
    with pytest.raises(Invalid) as caught:
        actions.announce_draw(
            review.round,
            by=review.province_handler,
            **announcement(
                review,
                take=9,
                exclusions=[("2022-999", "没有这个")],
                public_at=clock.now() - timedelta(hours=1),
                reveal_by=clock.now() - timedelta(hours=2),
                supervisor=review.park_signer,
            ),
        )
    places = [problem.where for problem in caught.value.problems]
    assert {"exclusions", "public_at", "reveal_by", "supervisor"} <= set(places)
    assert any("候选只有" in problem.message for problem in caught.value.problems)


def test_the_one_who_announces_does_not_watch(review):
    with pytest.raises(Invalid):
        actions.announce_draw(
            review.round,
            by=review.province_handler,
            **announcement(review, supervisor=review.province_handler),
        )


def test_nothing_is_revealed_early_unwatched_or_wrong(review):
    draw = actions.announce_draw(review.round, by=review.province_handler, **announcement(review))
    actions.commit_second(draw, by=review.reform_handler, commitment=promise(draw))
    with pytest.raises(Invalid) as caught:
        actions.reveal_public(draw, by=review.reform_handler, value=THEIRS)
    said = "".join(problem.message for problem in caught.value.problems)
    assert "未到公告的公开值时间" in said
    assert "尚未签到" in said
    actions.supervise(draw, by=review.province_signer)
    with clock.at(draw.public_at + timedelta(minutes=1)):
        with pytest.raises(Invalid):
            actions.reveal_public(draw, by=review.reform_handler, value=MINE)
        actions.reveal_public(draw, by=review.reform_handler, value=THEIRS)
        with pytest.raises(Invalid):
            actions.reveal(draw, by=review.province_handler, secret=THEIRS)
        assert fresh(draw).outcome is None


def test_the_second_body_cannot_commit_once_the_value_could_be_known(review):
    draw = actions.announce_draw(review.round, by=review.province_handler, **announcement(review))
    with clock.at(draw.public_at), pytest.raises(Closed):
        actions.commit_second(draw, by=review.reform_handler, commitment=promise(draw))


def test_an_organiser_who_dislikes_the_result_cannot_make_it_go_away(review):
    draw = conduct(review, review.round, until="revealed")
    with clock.at(draw.reveal_by - timedelta(minutes=1)), pytest.raises(Invalid) as caught:
        actions.void_draw(draw, by=review.province_handler, party="other", reason="演示")
    assert "只能揭示密钥" in caught.value.reason
    with clock.at(draw.reveal_by):
        with pytest.raises(Closed):
            actions.reveal(draw, by=review.province_handler, secret=MINE)
        # Whoever waits for the silent side can end it; it stays on the record.
        actions.void_draw(draw, by=review.reform_handler, party="organiser", reason="演示：到期未揭示")
        with pytest.raises(Invalid) as caught:
            actions.announce_draw(review.round, by=review.province_handler, **announcement(review))
        assert [problem.where for problem in caught.value.problems] == ["reason"]
        again = actions.announce_draw(
            review.round,
            by=review.province_handler,
            **announcement(review, reason="演示：上次主办单位未揭示"),
        )
    assert again.attempt == 2
    assert again.terms["more"]["reason"] == "演示：上次主办单位未揭示"


def test_the_one_who_watches_can_open_the_sealed_envelope(review):
    draw = conduct(review, review.round, until="revealed")
    with clock.at(draw.public_at + timedelta(minutes=30)):
        actions.reveal(draw, by=review.province_signer, secret=MINE)
    assert fresh(draw).stage == "drawn"


def test_one_draw_of_a_kind_at_a_time(review):
    conduct(review, review.round, until="committed")
    with pytest.raises(Invalid) as caught:
        actions.announce_draw(review.round, by=review.province_handler, **announcement(review, reason="演示"))
    assert "尚未完成" in caught.value.problems[0].message


def test_a_drawn_draw_cannot_be_void(review):
    draw = conduct(review, review.round)
    with pytest.raises(WrongStage):
        actions.void_draw(draw, by=review.province_handler, party="other", reason="演示")


# --- who sees what, and when


def private_pages(draw):
    return [
        reverse("review:draws", args=[draw.round_id]),
        *(
            reverse(f"review:{name}", args=[draw.pk])
            for name in (
                "draw",
                "draw-record",
                "draw-commit",
                "draw-supervise",
                "draw-public-value",
                "draw-reveal",
                "draw-void",
            )
        ),
    ]


def everything_of(client, user):
    """All that somebody outside reads: the home, lists, the ledger, the API."""
    if user is not None:
        client.force_login(user, backend=BACKEND)
    texts = []
    for path in (
        "/",
        "/draws/",
        "/ledger/",
        "/pilots/",
        "/calls/",
        "/notices/",
        "/review/",
        "/api/v1/openapi.json",
    ):
        response = client.get(path, follow=True)
        texts.append(response.content.decode())
    return "".join(texts)


@pytest.mark.parametrize("who", [None, "park_handler", "city_all", "stranger", "consultant", "luoyang"])
def test_before_the_results_nobody_outside_learns_anything(review, client, who):
    draw = conduct(review, review.round, take=2)
    person = (
        {None: None, "luoyang": review.prefecture_handler}.get(who)
        if who in (None, "luoyang")
        else getattr(review, who)
    )
    text = everything_of(client, person)
    for told in (str(draw.pk), "抽取现场", draw.terms_sha256, *draw.selected):
        assert told not in text
    public = [
        reverse("review:public-draw", args=[draw.pk]),
        reverse("review:public-draw-record", args=[draw.pk]),
    ]
    for path in [*public, *private_pages(draw)]:
        assert client.get(path).status_code in ({404, 302} if who is None else {404}), path
    assert client.get(public[0]).status_code == 404
    told = Mail.objects.exclude(address__in=["henan-reform@example.org", review.province_signer.email])
    assert not told.filter(verb__startswith="draw.").exists()
    assert not any("抽取" in todo.title for todo in todos.of(person)) if person else True


@pytest.mark.clause("N9")
def test_after_the_results_everybody_can_recompute_it_with_codes_only(review, client):
    void = conduct(review, review.round, until="committed")
    actions.void_draw(void, by=review.province_handler, party="second", reason="演示：密封件遗失")
    draw = conduct(review, review.round, take=2, strata="place", reason="演示：重新抽取")
    publish(review.round)
    listing = client.get(reverse("review:public-draws")).content.decode()
    assert "共 2 次，其中作废 1 次" in listing
    page = client.get(reverse("review:public-draw", args=[draw.pk])).content.decode()
    assert "核验通过" in page
    assert all(code in page for code in draw.selected)
    gone = client.get(reverse("review:public-draw", args=[void.pk])).content.decode()
    assert "密封件遗失" in gone
    record = client.get(reverse("review:public-draw-record", args=[draw.pk])).json()
    assert draws.verify(record).status == "verified"
    whole = page + gone + listing + json.dumps(record, ensure_ascii=False)
    for name in ("演示园区试点", "演示流域试点", "演示厅签发", "演示·焦作市人民政府"):
        assert name not in whole
    assert client.get(reverse("review:public-draw-record", args=[void.pk])).status_code == 404
    assert client.get(reverse("review:public-draw", args=["not-a-draw"])).status_code == 404


def test_a_changed_result_is_shown_as_what_it_is(review, client):
    draw = conduct(review, review.round, take=2)
    publish(review.round)
    Draw.objects.filter(pk=draw.pk).update(
        outcome={**draw.outcome, "selected": draw.outcome["selected"][::-1]}
    )
    page = client.get(reverse("review:public-draw", args=[draw.pk])).content.decode()
    assert "核验不通过" in page


# --- pages


def test_the_whole_draw_through_its_pages(review, client):
    """As people do it: the secret stands on the page once, and only its commitment is kept."""
    client.force_login(review.province_handler, backend=BACKEND)
    address = reverse("review:draw-sites", args=[review.round.pk])
    form = client.get(address).context["form"]
    secret = form.initial["secret"]
    data = {
        **{name: form.initial[name] for name in ("draw_id", "salt", "take", "reserves", "strata")},
        "public_kind": "second_body",
        "source": "演示：会签单位的密钥",
        "public_at": "2022-07-04T10:00",
        "reveal_by": "2022-07-04T12:00",
        "supervisor": review.province_signer.pk,
        "supervisor_role": "监督人员",
        "exclusions": "2022-001 演示：已经去过\n2022-002",
        "secret": secret.upper(),
        "kept": "on",
        "key": "1",
    }
    refused = client.post(address, data)
    assert refused.status_code == 422
    assert "第 2 行“2022-002”没有理由" in refused.content.decode()
    data |= {"exclusions": "2022-001 演示：已经去过", "take": 2, "reserves": 1}
    assert client.post(address, data).status_code == 302
    draw = fresh(Draw.objects.get())
    assert secret not in json.dumps([*Draw.objects.values()], default=str)
    assert [one["code"] for one in draw.terms["candidates"]] == ["2022-002", "2022-003", "2022-004"]

    client.force_login(review.reform_handler, backend=BACKEND)
    commit = reverse("review:draw-commit", args=[draw.pk])
    theirs = client.get(commit).context["form"].initial["secret"]
    assert client.post(commit, {"secret": theirs, "kept": "on"}).status_code == 302
    client.force_login(review.province_signer, backend=BACKEND)
    assert client.post(reverse("review:draw-supervise", args=[draw.pk])).status_code == 302
    with clock.at("2022-07-04T10:01:00+08:00"):
        client.force_login(review.reform_handler, backend=BACKEND)
        value = reverse("review:draw-public-value", args=[draw.pk])
        assert client.post(value, {"value": "0" * 63}).status_code == 422
        assert client.post(value, {"value": theirs}).status_code == 302
        client.force_login(review.province_handler, backend=BACKEND)
        assert (
            client.post(reverse("review:draw-reveal", args=[draw.pk]), {"secret": secret}).status_code == 302
        )
        page = client.get(draw.get_absolute_url()).content.decode()
    assert "核验通过" in page
    drawn = fresh(draw)
    assert len(drawn.selected) == 2
    assert "演示流域试点" in page


def test_each_side_is_told_what_waits_for_it(review):
    draw = actions.announce_draw(review.round, by=review.province_handler, **announcement(review))

    def titles(user):
        return " ".join(todo.title for todo in todos.of(user) if "抽取现场" in todo.title)

    assert "会签单位承诺" in titles(review.reform_handler)
    assert "监督人员签到" in titles(review.province_signer)
    assert not titles(review.province_handler)
    with clock.at(draw.reveal_by):
        assert "请作废" in titles(review.province_handler)


def test_the_page_of_a_draw_asks_the_database_as_often_for_many_as_for_few(
    review, client, django_assert_max_num_queries
):
    draw = conduct(review, review.round, take=3, reserves=1)
    client.force_login(review.province_handler, backend=BACKEND)
    client.get(draw.get_absolute_url())
    with django_assert_max_num_queries(30):
        client.get(draw.get_absolute_url())
