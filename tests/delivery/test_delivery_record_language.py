"""Who carries out a pilot in English seals the same reports, cases and filings as everybody else."""

from __future__ import annotations

import re
from datetime import date

from django.utils import translation

from qingyuan.delivery import actions, facts, handing_in, library, summary_text
from qingyuan.delivery.models import DeviationNote, Practice
from qingyuan.delivery.queries import deviation as deviations
from qingyuan.kernel import clock
from tests.delivery_maker import report_in
from tests.library_maker import practice_in
from tests.summary_maker import summary_in

LATIN = re.compile(r"[A-Za-z]{4}")
CHINESE, ENGLISH = translation.override("zh-hans"), translation.override("en")


def both(make):
    """What comes of it in either language of the page."""
    made = []
    for language in (CHINESE, ENGLISH):
        with language:
            made.append(make())
    return made


def test_what_is_sealed_of_a_pilot_does_not_depend_on_the_language_of_the_page(delivery):
    summary = summary_in(delivery.maker, "writing")
    practice = Practice.objects.get(pk=practice_in(delivery.maker, "draft").pk)
    for make in (
        lambda: summary_text.content_of(summary),
        lambda: library.content_of(practice),
        lambda: handing_in.content_of(delivery.project, summary="", reached={}),
        lambda: facts.on_record(delivery.project),
    ):
        chinese, english = both(make)
        assert chinese == english
    sealed = summary_text.content_of(summary)["facts"]
    with ENGLISH:
        assert facts.moved(summary.project, sealed) == []


def test_what_a_progress_report_and_an_explanation_keep_is_chinese(delivery):
    with ENGLISH:
        report = report_in(delivery.maker, "handed_in")
        kept = [(part["title"], part["facts"]) for part in report.versions.get().content["parts"]]
        with clock.at("2023-05-03T10:00:00+08:00"):
            found = deviations.standing([delivery.project], on=clock.local(clock.now()).date())
            one = next(one.deviation for one in found[delivery.project.pk] if one.deviation.who == "handler")
            actions.explain_deviation(
                delivery.project,
                by=delivery.park_handler,
                rule=one.rule,
                item=one.item,
                cause="演示：原因",
                measure="演示：措施",
                until=date(2023, 6, 1),
            )
    assert LATIN.search(str(one.reason)), "the page says it in English"
    assert LATIN.search(str(kept)) is None
    assert LATIN.search(DeviationNote.objects.get().reason) is None
