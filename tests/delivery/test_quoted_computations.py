"""Figures of computations in what a pilot under way hands in: pinned, marked when old, renewed by a click, sealed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qingyuan.audits.models import Run
from qingyuan.delivery import actions, drafts, summary_drafts, summary_text
from qingyuan.delivery import report as contents
from qingyuan.delivery.actions import summary as summaries
from qingyuan.delivery.models import AcceptanceFiling, ProgressReport, Summary
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Invalid
from tests.delivery_maker import DURING, completed, hand_in, project_in
from tests.people.strict import strict
from tests.pilots.workspace import signed_in
from tests.run_maker import code_in, computed_for, newer
from tests.summary_maker import summary_in

AFTER = "2023-01-03T10:00:00+08:00"
ENDED = "2023-09-05T10:00:00+08:00"


@pytest.fixture
def under_way(maker, world):
    """A project with a result of its pilot."""
    project = project_in(maker, "running")
    with clock.at(DURING):
        run = computed_for(maker, project.pilot)
    return project, run


def page_of(answer):
    assert answer.status_code == 200
    strict(answer)
    return answer.content.decode()


# --- a progress report


def written(maker, project, text):
    with clock.at(DURING):
        report = actions.begin_report(project, by=maker.world.park_handler)
    with clock.at(AFTER):
        draft = completed(project, on=clock.local(clock.now()).date())
        filled = contents.Draft(
            texts={**draft.texts, "progress": text}, figures=draft.figures, steps=draft.steps
        )
        row = ProgressReport.objects.select_related("project").get(pk=report.pk)
        return drafts.save_report(row, draft=filled, revision=row.draft_revision, by=maker.world.park_handler)


@pytest.mark.clause("N10", "N1")
def test_a_progress_report_shows_what_is_old_renews_it_and_keeps_what_it_sealed(maker, world, under_way):
    project, run = under_way
    report = written(maker, project, f"演示：年费用{code_in(run)}。")
    newer(maker, run, cost="560.00")
    client = signed_in(world.park_handler)
    with clock.at(AFTER):
        page = page_of(client.get(report.get_absolute_url()))
        assert "数值有变" in page
        assert "541.63" in page
        assert "560.00" in page
        form = {
            "revision": report.draft_revision,
            **{f"text-{key}": text for key, text in report.content["texts"].items()},
            "renew": run.findings.get(key="select:cost").code,
        }
        assert client.post(report.get_absolute_url(), form).status_code == 302
        report.refresh_from_db()
        code = code_in(Run.objects.get(dataset=run.dataset, number=2))
        assert report.content["texts"]["progress"] == f"演示：年费用{code}。"
        draft = completed(project, on=clock.local(clock.now()).date())
        text = {**draft.texts, "progress": f"演示：年费用{code}。"}
        report = drafts.save_report(
            report,
            draft=contents.Draft(texts=text, figures=draft.figures, steps=draft.steps),
            revision=report.draft_revision,
            by=world.park_handler,
        )
        actions.hand_in(report, by=world.park_handler, draft_revision=report.draft_revision)
    newer(maker, run, cost="999.00")
    sealed = report.versions.get().content
    assert sealed["texts"]["progress"] == "演示：年费用560.00。"
    assert [(one["value"], one["run"]) for one in sealed["quotes"]] == [("560.00", 2)]
    page = page_of(signed_in(world.province_handler).get(report.get_absolute_url()))
    assert "560.00" in page
    assert "999.00" not in page


def test_a_code_of_nothing_is_no_report(maker, world, under_way):
    project, _run = under_way
    report = written(maker, project, "演示：{{发现:aaaaaaaa.1}}")
    with clock.at(AFTER), pytest.raises(Invalid) as refusal:
        actions.hand_in(report, by=world.park_handler, draft_revision=report.draft_revision)
    assert any("不存在" in one.message for one in refusal.value.problems)


# --- the filing for acceptance


@pytest.mark.clause("N11", "N1")
def test_a_filing_asks_about_what_is_old_and_keeps_what_it_sealed(maker, world, under_way):
    project, run = under_way
    newer(maker, run, cost="560.00")
    text = f"演示：年费用{code_in(run)}。"
    with clock.at(ENDED):
        with pytest.raises(Invalid) as refusal:
            hand_in(maker, project, summary=text)
        (problem,) = [one for one in refusal.value.problems if one.where == "summary"]
        assert "541.63" in problem.message
        assert "560.00" in problem.message
        hand_in(maker, project, summary=text, keep_older=True)
    content = AcceptanceFiling.objects.get(project=project).content
    assert content["summary"] == "演示：年费用541.63。"
    (part,) = [one for one in content["parts"] if one["id"] == "findings"]
    assert [row[1] for row in part["rows"]] == ["541.63"]


def test_the_form_of_a_filing_renews_by_a_click_and_loses_nothing(maker, world, under_way):
    project, run = under_way
    newer(maker, run, cost="560.00")
    url = reverse("delivery:hand-in", args=[project.pk])
    client = signed_in(world.park_handler)
    key = project.baseline.content["targets"][0]["key"]
    typed = {"summary": f"演示：{code_in(run)}", f"reason-{key}": "演示：原因照旧"}
    with clock.at(ENDED):
        page = page_of(client.post(url, {**typed, "renew": run.findings.get(key="select:cost").code}))
    assert code_in(Run.objects.get(dataset=run.dataset, number=2)) in page
    assert "演示：原因照旧" in page
    assert not AcceptanceFiling.objects.filter(project=project).exists()


# --- the summary report


@pytest.mark.clause("N12", "N1")
def test_a_summary_report_quotes_renews_and_keeps_what_it_sealed(maker, world, under_way):
    project, run = under_way
    summary = summary_in(maker, "writing")
    leaf = summary_text.leaves(summary)[0]
    with clock.at(DURING):
        summary_drafts.save_chapter(
            summary,
            outline_id=leaf.heading.id,
            html=f"<p>演示：年费用{code_in(run)}。</p>",
            revision=leaf.text.revision,
            by=world.park_handler,
        )
        newer(maker, run, cost="560.00")
        client = signed_in(world.park_handler)
        url = reverse("delivery:summary-chapter", args=[summary.pk, leaf.heading.id])
        page = page_of(client.get(url))
        assert "数值有变" in page
        chapter = summary.chapters.get(outline_id=leaf.heading.id)
        form = {"revision": chapter.revision, "renew": run.findings.get(key="select:cost").code}
        assert client.post(url, form).status_code == 302
        assert summary_text.before_hand_in(summary_text.leaves(summary), project) == []
        summaries.hand_in(summary, by=world.park_handler, sealed=summary_text.seal(summary))
        newer(maker, run, cost="999.00")
    sealed = Summary.objects.get(pk=summary.pk).content
    assert "560.00" in sealed["chapters"][0]["html"]
    assert "999.00" not in str(sealed)
    assert [one["value"] for one in sealed["facts"] if one["label"] == "方案组合的年费用"] == ["560.00"]


def test_a_summary_report_with_a_code_of_nothing_is_not_handed_in(maker, world, under_way):
    project, _run = under_way
    summary = summary_in(maker, "writing")
    leaf = summary_text.leaves(summary)[0]
    with clock.at(DURING):
        summary_drafts.save_chapter(
            summary,
            outline_id=leaf.heading.id,
            html="<p>{{发现:aaaaaaaa.1}}</p>",
            revision=leaf.text.revision,
            by=world.park_handler,
        )
    problems = summary_text.before_hand_in(summary_text.leaves(summary), project)
    assert [one.where for one in problems if "不存在" in one.message] == [leaf.heading.id]


def test_departments_are_offered_no_figures_to_quote(maker, world, under_way):
    project, run = under_way
    report = written(maker, project, "演示：进展。")
    code = run.findings.get(key="select:cost").code
    assert code in page_of(signed_in(world.park_handler).get(report.get_absolute_url()))
    assert code not in page_of(signed_in(world.province_handler).get(report.get_absolute_url()))
