"""Every Word paper of a review, made as its pages and its archive volume make it, opened once by LibreOffice."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse

from qingyuan.review import actions
from qingyuan.review.actions import formcheck
from qingyuan.review.models import Appointment, Round
from tests.assessment_maker import Panel
from tests.experts_maker import assigned
from tests.house.cases.review_formcheck import judged
from tests.house.test_route_matrix import body_of
from tests.papers.libreoffice import needs_libreoffice, soffice_all
from tests.people.strict import client_of
from tests.review.state_rounds import released
from tests.visit_maker import take

pytestmark = pytest.mark.django_db


def word(client, name, *arguments):
    response = client.get(reverse(f"review:{name}", args=arguments))
    assert response.status_code == 200, name
    return body_of(response)


def decided(review):
    """One case through everything: checked, visited, scored by three, summed up; the round decided and published."""
    case, office = review.cases[0], review.province_handler
    check = formcheck.begin(case, by=office)
    formcheck.pass_check(formcheck.judge(check, by=office, **judged(check)), by=office)
    take(review, case, until="signed")
    panel = Panel(review.world, case)
    panel.submit(5, 4, 4)
    summary = actions.name_chair(panel.reload(), by=office, chair=panel.assignments[0])
    actions.summarise(summary, by=panel.users[0], overall="recommend", text="演示：同意推荐")
    actions.open_scores(Round.objects.get(pk=review.round.pk), by=office, reason="演示：已到期")
    appointment = Appointment.objects.get(round=review.round, expert=review.expert.expert)
    assigned(panel.reload(), appointment, by=office)
    task = word(client_of(review.expert), "task-paper", appointment.pk)
    released(review)
    return {"任务书.docx": task}


@needs_libreoffice
@pytest.mark.clause("H2")
@pytest.mark.clause("H3")
def test_libreoffice_opens_every_word_paper_of_a_review(review, tmp_path):
    papers = decided(review)
    office, case = client_of(review.province_handler), review.cases[0]
    papers["行程单.docx"] = word(office, "travel-order", review.round.pk)
    papers["合订.docx"] = word(office, "binding-kit", case.pk, "national-paper")
    with zipfile.ZipFile(io.BytesIO(word(office, "archive-zip", review.round.pk))) as volume:
        for name in volume.namelist():
            if name.endswith(".docx") and (case.title in name or name.count("/") != 1):
                papers[name.replace("/", "_")] = volume.read(name)
    wanted = (
        *("任务书", "行程单", "合订", "归档目录", "呈批件", "名单", "形式校核意见表", "专家评审意见表"),
        *("会议纪要", "现场调查通知", "现场调查报告", "会同决定_", "推荐函"),
    )
    assert [one for one in wanted if not any(one in name for name in papers)] == []
    # Plans have a test of their own; one is enough here, and of like papers the first.
    paths = []
    for number, (name, content) in enumerate(sorted(papers.items())):
        if "实施方案" in name or ("意见表_" in name and "E-901" not in name and "专家" in name):
            continue
        path = tmp_path / f"paper-{number}.docx"
        path.write_bytes(content)
        paths.append(path)
    assert len(paths) >= len(wanted)
    for pdf in soffice_all(paths, to="pdf", folder=tmp_path):
        assert pdf.read_bytes().startswith(b"%PDF-")
