"""Charts of computations in what a pilot under way hands in: drawn in their place, marked when old, renewed, sealed."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse

from qingyuan.audits import charts
from qingyuan.delivery import actions, drafts, summary_drafts, summary_text
from qingyuan.delivery import report as contents
from qingyuan.delivery.actions import summary as summaries
from qingyuan.delivery.models import ProgressReport
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Invalid
from qingyuan.kernel.storage import digest
from qingyuan.papers import drawn
from tests import acceptance_maker as made
from tests.assessment_maker import Panel, drafted, user_of
from tests.delivery_maker import DURING, completed, hand_in, project_in
from tests.kernel.gate.samples import png
from tests.people.strict import strict
from tests.pilots.workspace import signed_in
from tests.run_maker import charted_again, charted_for
from tests.summary_maker import summary_in

AFTER = "2023-01-03T10:00:00+08:00"
OLD, NEW = png(8), png(9)


def sha(picture):
    return digest(io.BytesIO(picture)).sha256


def page_of(answer, status=200):
    assert answer.status_code == status
    strict(answer)
    return answer.content.decode()


def word_of(answer):
    """The text of a Word file and its pictures."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        pictures = [package.read(name) for name in package.namelist() if name.startswith("word/media/")]
        return package.read("word/document.xml").decode(), pictures


def typed(maker, run):
    """What one types to quote the chart of this result."""
    return next(
        one.typed
        for (_code, number), one in charts.of_pilot(run.dataset.pilot_id).items()
        if number == run.number
    )


def code_of(run):
    return next(iter(charts.of_pilot(run.dataset.pilot_id)))[0]


@pytest.fixture
def under_way(maker):
    project = project_in(maker, "running")
    with clock.at(DURING):
        return project, charted_for(maker, project.pilot, OLD)


# --- a progress report


def begun(maker, project):
    with clock.at(DURING):
        report = actions.begin_report(project, by=maker.world.park_handler)
    return ProgressReport.objects.select_related("project").get(pk=report.pk)


def saved(maker, project, report, text):
    draft = completed(project, on=clock.local(clock.now()).date())
    draft = contents.Draft(texts={**draft.texts, "progress": text}, figures=draft.figures, steps=draft.steps)
    return drafts.save_report(
        report, draft=draft, revision=report.draft_revision, by=maker.world.park_handler
    )


@pytest.mark.clause("N10", "N1")
def test_a_chart_in_a_progress_report_is_marked_when_old_renewed_by_a_click_and_sealed(
    maker, world, under_way
):
    project, run = under_way
    report = begun(maker, project)
    client, url = signed_in(world.park_handler), report.get_absolute_url()
    with clock.at(AFTER):
        assert typed(maker, run) in page_of(client.get(url))
        report = saved(maker, project, report, f"演示：浓度下降。\n{typed(maker, run)}\n演示：下一步照旧。")
        assert "最新" in page_of(client.get(url))
        last = charted_again(maker, run, NEW)
        page = page_of(client.get(url))
        assert "图有变" in page
        for one in (run, last):
            assert reverse("audits:run-file", args=[one.pk, "river-sections.png"]) in page
        form = {
            "revision": report.draft_revision,
            **{f"text-{key}": text for key, text in report.content["texts"].items()},
            "renew": code_of(run),
        }
        assert client.post(url, form).status_code == 302
        report.refresh_from_db()
        assert typed(maker, last) in report.content["texts"]["progress"]
        report = saved(maker, project, report, report.content["texts"]["progress"])
        actions.hand_in(report, by=world.park_handler, draft_revision=report.draft_revision)
        charted_again(maker, run, png(7))

    content = report.versions.get().content
    (one,) = drawn.of_plain(content)
    assert (one.run, one.sha256, one.title) == (2, sha(NEW), "断面浓度")
    assert one.rows == (("演示断面一", "0.25"), ("演示断面二", ""))
    assert "{{" not in content["texts"]["progress"]

    reader = signed_in(world.province_handler)
    page = page_of(reader.get(url))
    address = reverse("delivery:report-chart", args=[report.pk, sha(NEW)])
    assert page.index("演示：浓度下降。") < page.index(address) < page.index("演示：下一步照旧。")
    assert "演示断面一" in page
    picture = reader.get(address)
    assert b"".join(picture.streaming_content) == NEW
    assert picture["Content-Disposition"].startswith("inline")
    assert reader.get(reverse("delivery:report-chart", args=[report.pk, sha(OLD)])).status_code == 404
    text, pictures = word_of(reader.get(reverse("delivery:report-docx", args=[report.pk])))
    assert pictures == [NEW]
    assert "断面浓度（演示引用图，第 2 次计算，2023-01-03）" in text


def test_a_person_without_the_result_cannot_put_its_chart_into_a_report(maker, world, under_way):
    project, run = under_way
    report = begun(maker, project)
    chart = typed(maker, run)
    with clock.at(AFTER):
        run.dataset.accesses.all().delete()
        project.pilot.refresh_from_db()
        page = page_of(signed_in(world.park_handler).get(report.get_absolute_url()))
        assert chart not in page
        with pytest.raises(Invalid) as refusal:
            saved(maker, project, report, f"演示：{chart}")
    assert [one.where for one in refusal.value.problems] == ["text-progress"]


def test_a_code_of_no_chart_is_no_report(maker, world, under_way):
    project, _run = under_way
    report = begun(maker, project)
    with clock.at(AFTER):
        report = saved(maker, project, report, "演示：{{图:aaaaaaaa.1}}")
        with pytest.raises(Invalid) as refusal:
            actions.hand_in(report, by=world.park_handler, draft_revision=report.draft_revision)
    assert any("引用的图不存在" in one.message for one in refusal.value.problems)


# --- the filing for acceptance, and what its panel cites


@pytest.mark.clause("N11", "N9", "N1")
def test_a_chart_in_a_filing_is_sealed_with_it_and_cited_by_the_panel(maker, world):
    project = made.state_project(maker)
    with clock.at(made.AT):
        run = charted_for(maker, project.pilot, OLD)
        charted_again(maker, run, NEW)
        made.acceptance_round(maker)
        text = f"演示：浓度下降（{typed(maker, run)}）。"
        with pytest.raises(Invalid) as refusal:
            hand_in(maker, project, summary=text)
        assert any(
            "第 1 次计算" in one.message and "第 2 次计算" in one.message for one in refusal.value.problems
        )
        filing = hand_in(maker, project, summary=text, keep_older=True)
        assert filing.content["summary"] == "演示：浓度下降（图“断面浓度”）。"
        assert [one["sha256"] for one in filing.content["charts"]] == [sha(OLD)]

        writer = signed_in(world.park_handler)
        address = reverse("delivery:filing-chart", args=[filing.pk, sha(OLD)])
        assert address in page_of(writer.get(reverse("delivery:filing", args=[filing.pk])))
        assert b"".join(writer.get(address).streaming_content) == OLD
        said, pictures = word_of(writer.get(reverse("delivery:filing-paper", args=[filing.pk])))
        assert pictures == [OLD]
        assert "图1" in said

        actions.take_in(filing, by=world.state_handler)
        filing.refresh_from_db()
        case = filing.case
        office = signed_in(world.state_handler)
        address = reverse("review:case-chart", args=[case.pk, sha(OLD)])
        assert address in page_of(office.get(case.get_absolute_url()))
        assert b"".join(office.get(address).streaming_content) == OLD

        panel = Panel(world, case)
        first = panel.assignments[0]
        sheet = drafted(first)
        expert = signed_in(user_of(first))
        url = reverse("review:assess", args=[first.pk])
        page = page_of(expert.get(url))
        anchor = f"handed-chart-{code_of(run)}-1"
        assert f'id="{anchor}"' in page
        address = reverse("review:case-file", args=[first.pk, sha(OLD)])
        assert address in page
        assert b"".join(expert.get(address).streaming_content) == OLD
        assert expert.get(reverse("review:case-file", args=[first.pk, sha(NEW)])).status_code == 404
        dimension = next(iter(sheet.sheet.weights))
        given = {"revision": sheet.draft_revision, f"evidence-{dimension}": [anchor]}
        assert expert.post(url, given).status_code == 302
        sheet.refresh_from_db()
        assert sheet.evidence == {dimension: [anchor]}


def test_the_form_of_a_filing_renews_a_chart_and_loses_nothing(maker, world, under_way):
    project, run = under_way
    client = signed_in(world.park_handler)
    with clock.at("2023-09-05T10:00:00+08:00"):
        last = charted_again(maker, run, NEW)
        given = {"summary": f"演示：照旧。{typed(maker, run)}", "renew": code_of(run)}
        page = page_of(client.post(reverse("delivery:hand-in", args=[project.pk]), given))
    assert f"演示：照旧。{typed(maker, last)}" in page


# --- the summary report


@pytest.mark.clause("N12", "N1")
def test_a_summary_report_shows_renews_and_seals_a_chart(maker, world, under_way):
    project, run = under_way
    summary = summary_in(maker, "writing")
    leaf = summary_text.leaves(summary)[0]
    url = reverse("delivery:summary-chapter", args=[summary.pk, leaf.heading.id])
    client = signed_in(world.park_handler)
    with clock.at(DURING):
        summary_drafts.save_chapter(
            summary,
            outline_id=leaf.heading.id,
            html=f"<p>演示：浓度下降。</p><p>{typed(maker, run)}</p><p>演示：照旧。</p>",
            revision=leaf.text.revision,
            by=world.park_handler,
        )
        page = page_of(client.get(url))
        address = reverse("delivery:summary-chart", args=[summary.pk, sha(OLD)])
        assert address in page
        assert b"".join(client.get(address).streaming_content) == OLD
        charted_again(maker, run, NEW)
        assert "图有变" in page_of(client.get(url))
        chapter = summary.chapters.get(outline_id=leaf.heading.id)
        assert client.post(url, {"revision": chapter.revision, "renew": code_of(run)}).status_code == 302
        assert summary_text.before_hand_in(summary_text.leaves(summary), project) == []
        summary = summaries.hand_in(summary, by=world.park_handler, sealed=summary_text.seal(summary))
        charted_again(maker, run, png(7))

    reader = signed_in(world.province_handler)
    page = page_of(reader.get(summary.get_absolute_url()))
    address = reverse("delivery:summary-chart", args=[summary.pk, sha(NEW)])
    assert page.index("演示：浓度下降。") < page.index(address) < page.index("演示：照旧。")
    assert "演示断面一" in page
    assert b"".join(reader.get(address).streaming_content) == NEW
    assert reader.get(reverse("delivery:summary-chart", args=[summary.pk, sha(OLD)])).status_code == 404
    text, pictures = word_of(reader.get(reverse("delivery:summary-docx", args=[project.pk])))
    assert pictures == [NEW]
    assert "断面浓度（演示引用图，第 2 次计算" in text


def test_two_charts_of_one_title_stand_each_in_its_own_place(maker, under_way):
    from qingyuan.delivery import quoted

    project, run = under_way
    with clock.at(DURING):
        last = charted_again(maker, run, NEW)
    text = f"前：{typed(maker, run)}。\n后：{typed(maker, last)}。"
    pins = quoted.of_texts(project, [text])
    pieces = drawn.placed(quoted.filled(text, pins), quoted.drawn(pins))
    found = [one[0] if isinstance(one, str) else one.sha256 for one in pieces]
    assert found == ["前", sha(OLD), "后", sha(NEW)]
