"""Charts of computations in a plan: pinned to the one they come from, marked when another is drawn, renewed by a click."""

from __future__ import annotations

import pytest

from qingyuan.audits import charts
from qingyuan.audits.actions import run as runs
from qingyuan.kernel.errors import NotFound
from qingyuan.papers import richtext
from tests.audits.test_quoted_findings import quote
from tests.kernel.gate.samples import png
from tests.pilots.workspace import parsed, signed_in
from tests.run_maker import asked, charted


@pytest.fixture
def done(maker, world):
    return charted(asked(maker), png(8))


def newer(world, run, picture):
    return charted(runs.repeat(run, by=world.park_handler), picture)


@pytest.mark.clause("N1")
def test_a_chart_is_put_into_a_chapter_and_renewed_when_another_is_drawn(maker, world, done):
    pilot, leaf = quote(maker, done)
    client, url = signed_in(world.park_handler), f"/pilots/{pilot.pk}/findings/"
    page = client.get(url)
    parsed(page)
    chapter = pilot.chapters.get(outline_id=leaf)
    (chart,) = charts.offered(pilot, world.park_handler)
    assert f'<option value="{chart.code}">断面浓度 · ' in page.content.decode()
    answer = client.post(url, {"chart": chart.code, "chapter": f"{leaf}:{chapter.revision}"})
    assert answer.status_code == 302
    (one,) = charts.shown(pilot)
    assert (one.caption, one.is_stale, one.said.run) == ("断面浓度", False, done)
    first = one.upload
    assert pilot.pictures.filter(upload=first).exists()

    newer(world, done, png(8))
    (one,) = charts.shown(pilot)
    assert (one.is_stale, one.differs) == (True, False)
    last = newer(world, done, png(9))
    (one,) = charts.shown(pilot)
    assert one.differs
    page = client.get(url)
    parsed(page)
    assert f"/runs/{last.pk}/files/river-sections.png" in page.content.decode()
    chapter = pilot.chapters.get(outline_id=leaf)
    answer = client.post(url, {"picture": first, "chapter": leaf, "revision": chapter.revision})
    assert answer.status_code == 302
    (one,) = charts.shown(pilot)
    assert (one.is_stale, one.said.run, one.caption) == (False, last, "断面浓度")
    assert one.upload != first
    text = richtext.to_text(pilot.chapters.get(outline_id=leaf).html)
    assert text.startswith("年费用为")


def test_who_may_not_read_the_result_is_offered_no_chart(maker, world, done):
    pilot, leaf = quote(maker, done)
    assert charts.offered(pilot, world.park_reviewer) == []
    (chart,) = charts.offered(pilot, world.park_handler)
    with pytest.raises(NotFound):
        charts.put(pilot, code=chart.code, outline_id=leaf, revision=0, by=world.park_reviewer)


def test_a_picture_whose_mark_is_gone_is_an_ordinary_one(maker, world, done):
    from qingyuan.pilots import drafts

    pilot, leaf = quote(maker, done)
    (chart,) = charts.offered(pilot, world.park_handler)
    chapter = pilot.chapters.get(outline_id=leaf)
    chapter = charts.put(
        pilot, code=chart.code, outline_id=leaf, revision=chapter.revision, by=world.park_handler
    )
    html = chapter.html.replace(chart.mark, "")
    drafts.save_chapter(pilot, outline_id=leaf, html=html, revision=chapter.revision, by=world.park_handler)
    assert charts.shown(pilot) == []


def test_charts_of_a_plan_cost_the_same_however_many_results(
    maker, world, done, django_assert_max_num_queries
):
    pilot, leaf = quote(maker, done)
    (chart,) = charts.offered(pilot, world.park_handler)
    chapter = pilot.chapters.get(outline_id=leaf)
    charts.put(pilot, code=chart.code, outline_id=leaf, revision=chapter.revision, by=world.park_handler)
    for size in (8, 9, 10):
        newer(world, done, png(size))
    with django_assert_max_num_queries(4):
        charts.shown(pilot)
