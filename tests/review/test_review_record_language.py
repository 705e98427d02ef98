"""Who reviews in English keeps the same checklists and sets the same papers as everybody else."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.urls import reverse
from django.utils import translation

from qingyuan.kernel import clock
from qingyuan.review import actions, decision_papers, panel_papers, visit_paper
from qingyuan.review.models import Assignment
from tests.assessment_maker import Panel
from tests.review.test_decisions import sent
from tests.visit_maker import take

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LATIN = re.compile(r"[A-Za-z]{4}")
CHINESE, ENGLISH = translation.override("zh-hans"), translation.override("en")


def both(make):
    """What comes of it in either language of the page."""
    made = []
    for language in (CHINESE, ENGLISH):
        with language:
            made.append(make())
    return made


def text_of(document):
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return archive.read("word/document.xml").decode()


def test_the_checklist_of_a_visit_is_chinese_and_so_are_its_papers(review):
    with ENGLISH:
        visit = take(review, review.cases[0], until="notified")
        kept = [item.group for item in visit.items.all()]
        assert str(visit.get_stage_display()) == "Notified"
    assert "对象与边界" in kept
    assert [group for group in kept if LATIN.search(group)] == []
    chinese, english = both(lambda: visit_paper.paper_of(visit))
    assert chinese == english


def test_papers_of_panel_and_decision_do_not_depend_on_the_language_of_the_page(review):
    panel = Panel(review.world, review.cases[0])
    panel.submit(5, 2, 4)
    made = Assignment.objects.get(pk=panel.assignments[0].pk).assessment
    for make in (panel_papers.opinion_sheet, panel_papers.minutes):
        of = made if make is panel_papers.opinion_sheet else panel.case
        chinese, english = both(lambda make=make, of=of: make(of, printed_at=clock.now()))
        assert chinese == english


def test_the_consent_sheet_is_chinese_for_every_reader(review):
    decision = sent(review)
    actions.consent(decision, by=review.reform_signer, content_sha256=decision.content_sha256)
    items = list(decision.items.select_related("case"))
    for make in (decision_papers.consent_sheet, decision_papers.result_list):
        chinese, english = both(lambda make=make: text_of(make(decision, items)))
        assert chinese == english


@pytest.mark.parametrize("name", ["round", "experts", "decisions", "visits", "draws"])
def test_the_headings_of_a_review_in_english_hold_no_chinese(review, client, name):
    """Names and what notices say stay Chinese; headings, columns and buttons do not."""
    client.force_login(review.province_handler, backend=BACKEND)
    client.cookies["django_language"] = "en"
    text = client.get(reverse(f"review:{name}", args=[review.round.pk])).content.decode()
    shown = re.findall(r"<(?:h2|button|th)\b[^>]*>(.*?)</(?:h2|button|th)>", text, re.DOTALL)
    said = [re.sub(r"<[^>]*>", " ", piece).replace("中文", "") for piece in shown]
    assert said
    assert [piece for piece in said if re.search(r"[\u3400-\u9fff]", piece)] == []
