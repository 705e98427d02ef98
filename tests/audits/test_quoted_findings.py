"""Figures of computations in a plan: pinned to the one they come from, marked when there is a newer, renewed by a click."""

from __future__ import annotations

import pytest

from qingyuan.audits import quoting as quotes
from qingyuan.kernel import checks, quotables
from qingyuan.papers import quoting, richtext
from qingyuan.pilots import drafts, snapshot
from tests.pilots.workspace import address, form_of, parsed, send, signed_in
from tests.run_maker import end, run_in, take


@pytest.fixture
def done(maker):
    """A result of a pilot whose plan can still be written."""
    return run_in(maker, "done")


def newer(maker, run, cost):
    from qingyuan.audits.actions import run as actions
    from qingyuan.audits.running.worker import Worker

    worker = Worker()
    made = actions.repeat(run, by=maker.world.park_handler)
    return end(take(made, worker), worker, cost=cost)


def quote(maker, run, key="select:cost"):
    """A plan that quotes a figure; the pilot and the chapter."""
    from qingyuan.pilots import actions

    pilot = maker.fresh(run.dataset.pilot)
    if pilot.stage == "submitted":
        pilot = maker.fresh(actions.reopen(pilot, by=maker.world.park_signer) or pilot)
    leaf = pilot.notice.leaves()[0].id
    code = quoting.code_of(f"finding:{run.findings.get(key=key).code}", str(run.number))
    chapter = pilot.chapters.get(outline_id=leaf)
    drafts.save_chapter(
        pilot,
        outline_id=leaf,
        html=f"<p>年费用为{code}。</p>",
        revision=chapter.revision,
        by=maker.world.park_handler,
    )
    return pilot, leaf


def text_of(maker, pilot, leaf):
    chapters = snapshot.build(maker.fresh(pilot))["chapters"]
    return richtext.to_text(next(one["html"] for one in chapters if one["id"] == leaf))


def found(maker, pilot):
    return [one for one in checks.run("pilot", maker.fresh(pilot)) if "计算结果" in one.message]


@pytest.mark.clause("N1")
def test_a_quoted_figure_stays_what_it_was_and_says_when_it_is_old(maker, world, done):
    pilot, leaf = quote(maker, done)
    assert text_of(maker, pilot, leaf) == "年费用为541.63。"
    assert found(maker, pilot) == []
    newer(maker, done, "560.00")
    assert text_of(maker, pilot, leaf) == "年费用为541.63。"
    assert [(one.level, one.part) for one in found(maker, pilot)] == [("warning", leaf)]
    client = signed_in(world.park_handler)
    page = client.get(f"/pilots/{pilot.pk}/findings/")
    parsed(page)
    assert "560.00" in page.content.decode()
    chapter = pilot.chapters.get(outline_id=leaf)
    revisions = chapter.revisions.count()
    code = done.findings.get(key="select:cost").code
    answer = client.post(
        f"/pilots/{pilot.pk}/findings/",
        {"chapter": leaf, "code": code, "revision": chapter.revision},
    )
    assert answer.status_code == 302
    assert text_of(maker, pilot, leaf) == "年费用为560.00。"
    assert found(maker, pilot) == []
    assert chapter.revisions.count() == revisions + 1


def test_the_editor_shows_the_code_and_keeps_it(maker, world, done):
    pilot, leaf = quote(maker, done)
    client, url = signed_in(world.park_handler), address("chapter", pilot, leaf)
    shown = form_of(client.get(url))["html"][0]
    assert "{{发现:" in shown
    assert send(client, url, html=shown).status_code == 302
    assert text_of(maker, pilot, leaf) == "年费用为541.63。"


def test_a_code_of_nobody_is_an_error(maker, world, done):
    pilot, leaf = quote(maker, done)
    chapter = pilot.chapters.get(outline_id=leaf)
    drafts.save_chapter(
        pilot,
        outline_id=leaf,
        html="<p>{{发现:aaaaaaaa.1}}</p>",
        revision=chapter.revision,
        by=world.park_handler,
    )
    assert [one.level for one in found(maker, pilot)] == ["error"]
    assert "不存在" in text_of(maker, pilot, leaf)


def test_the_code_of_another_pilot_says_nothing(maker, world, done):
    other = maker("park", stage="drafting", name="演示另一试点")
    code = done.findings.get(key="select:cost").code
    key = quotables.Key("finding", f"{other.pk}:{code}", str(done.number))
    assert quotables.resolve([key]) == {}


def test_a_page_resolves_its_quotes_in_two_queries(maker, world, done, django_assert_num_queries):
    pilot = done.dataset.pilot_id
    keys = [quotables.Key("finding", f"{pilot}:{one.code}", str(done.number)) for one in done.findings.all()]
    strangers = [quotables.Key("finding", "x:y", "1"), quotables.Key("finding", f"{pilot}:aaaaaaaa", "x")]
    with django_assert_num_queries(2):
        answers = quotables.resolve([*keys, *strangers])
    assert answers.keys() == set(keys)


def test_pinned_figures_are_read_in_few_queries(maker, world, done, django_assert_max_num_queries):
    pilot, _leaf = quote(maker, done)
    with django_assert_max_num_queries(3):
        assert [one.is_stale for one in quotes.pinned(pilot)] == [False]
