"""Evaluation and acceptance on the pages: handing in, taking in, deciding, mending; and what each page costs."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingyuan.delivery.models import AcceptanceFiling, Project, Rectification, RectificationItem
from qingyuan.kernel import clock
from qingyuan.review.models import Decision, DecisionItem, Round
from tests import acceptance_maker as made
from tests.delivery_maker import reached
from tests.people.strict import strict
from tests.pilot_maker import small_pdf

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def accepting(maker):
    with made.accepting(maker) as found:
        yield found


@pytest.fixture
def sign(client):
    def enter(user):
        client.force_login(user, backend=BACKEND)
        return client

    return enter


def pdf(name):
    return SimpleUploadedFile(name, small_pdf(name.encode("unicode_escape").decode()).read())


def words(response):
    assert response.status_code == 200
    strict(response)
    return response.content.decode()


def test_a_pilot_is_handed_in_and_taken_in_on_the_pages(maker, sign):
    project, world = made.state_project(maker), maker.world
    with clock.at(made.AT):
        client = sign(world.state_handler)
        assert "可以建立评估验收" in words(client.get(reverse("review:rounds")))
        response = client.post(reverse("review:open-acceptance", args=[project.case.round.call_id]))
        round_ = Round.objects.get(kind="acceptance")
        assert response.url == reverse("review:round", args=[round_.pk])
        text = words(client.get(response.url))
        assert "国家评估验收" in text
        assert "形式校核" not in text
        client.post(reverse("review:start", args=[round_.pk]), {"revision": round_.revision})

        client = sign(world.park_handler)
        tab = reverse("delivery:acceptance", args=[project.pk])
        assert "家企业的审核还没有完成" in words(client.get(tab))
        url = reverse("delivery:hand-in", args=[project.pk])
        assert "承诺的产出成果" in words(client.get(url))
        given = {f"reached-{key}": one.value for key, one in reached(project).items()}
        given |= {f"reason-{key}": one.reason for key, one in reached(project).items()}
        response = client.post(url, {**given, "summary": " "})
        assert response.status_code == 422
        assert next(value for value in given.values() if value) in response.content.decode()
        response = client.post(
            url, {**given, "summary": "演示：已经完成。", "report": pdf("验收报告.pdf"), "key": "hand-in-1"}
        )
        filing = AcceptanceFiling.objects.get()
        assert response.url == reverse("delivery:filing", args=[filing.pk])
        assert "目标完成情况" in words(client.get(response.url))
        assert "第 1 次提交" in words(client.get(tab))

        client = sign(world.state_handler)
        desk = reverse("delivery:filings", args=[round_.pk])
        assert "待接收" in words(client.get(desk))
        assert "1 份待接收" in words(client.get(reverse("review:round", args=[round_.pk])))
        client.post(
            reverse("delivery:take-in-filing", args=[filing.pk]), {"key": "take", "revision": filing.revision}
        )
        case = AcceptanceFiling.objects.get().case
        assert case.files.get().upload.name == "验收报告.pdf"
        text = words(client.get(case.get_absolute_url()))
        assert "演示：已经完成。" in text
        assert "验收报告.pdf" in text
        assert "真实性" not in text


def test_the_report_is_written_from_what_was_handed_in(accepting, sign):
    client = sign(accepting.park_handler)
    response = client.get(reverse("delivery:filing-paper", args=[accepting.filing.pk]))
    with zipfile.ZipFile(io.BytesIO(response.content)) as package:
        text = package.read("word/document.xml").decode()
    assert accepting.filing.content_sha256 in text
    assert "目标完成情况" in text
    assert accepting.filing.content["scope"][0]["name"] in text
    again = client.get(reverse("delivery:filing-paper", args=[accepting.filing.pk]))
    assert again.content == response.content


def test_terms_of_a_decision_are_typed_on_its_page(accepting, sign):
    case = made.panelled(accepting.maker)
    code = case.content["scope"][0]["credit_code"]
    client = sign(accepting.state_handler)
    url = reverse("review:draft-decision", args=[accepting.round.pk, "acceptance"])
    assert "整改期限" in words(client.get(url))
    assert client.get(reverse("review:draft-decision", args=[accepting.round.pk, "final"])).status_code == 404
    given = {f"outcome-{case.number}": "passed", f"exclusions-{case.number}": f"{code}\n", "key": "draft-1"}
    response = client.post(url, given)
    assert response.status_code == 422
    assert "没有写明不计审核记录的理由" in response.content.decode()
    client.post(url, {**given, f"exclusions-{case.number}": f"{code}：演示停产\n", "key": "draft-2"})
    decision = Decision.objects.get()
    assert decision.items.get().terms == {"exclusions": [{"credit_code": code, "reason": "演示停产"}]}
    text = words(client.get(decision.get_absolute_url()))
    assert "不计审核记录的企业 1 家" in text
    assert f"{code} 演示停产" in words(client.get(reverse("review:revise-decision", args=[decision.pk])))
    client.post(
        reverse("review:revise-decision", args=[decision.pk]),
        {
            f"outcome-{case.number}": "rectifying",
            f"due-{case.number}": "2023-11-30",
            f"reason-{case.number}": made.ITEMS,
            "revision": Decision.objects.get().revision,
        },
    )
    assert DecisionItem.objects.get().terms == {"due_on": "2023-11-30"}


def test_papers_of_the_decision_name_terms(accepting, sign):
    case = made.panelled(accepting.maker)
    code = case.content["scope"][0]["credit_code"]
    row = made.Row(case.pk, "passed", "", {"exclusions": [{"credit_code": code, "reason": "演示停产"}]})
    decision = made.released(accepting.maker, made.drafted(accepting.maker, row))
    client = sign(accepting.state_handler)
    for name, expected in (("decision-sheet", "演示停产"), ("decision-list", "清洁生产审核创新试点项目名单")):
        response = client.get(reverse(f"review:{name}", args=[decision.pk]))
        with zipfile.ZipFile(io.BytesIO(response.content)) as package:
            assert expected in package.read("word/document.xml").decode()


def test_items_are_mended_on_the_pages(accepting, sign):
    asked = made.rectification_in(accepting.maker, "asked")
    client = sign(accepting.park_handler)
    page = asked.get_absolute_url()
    assert "补充方案实施台账" in words(client.get(page))
    assert "第 1 次整改" in words(client.get(reverse("delivery:acceptance", args=[accepting.project.pk])))
    for number in (1, 2):
        url = reverse("delivery:attach-evidence", args=[asked.pk, number])
        words(client.get(url))
        assert client.post(url, {"upload": pdf(f"{number}.pdf"), "key": f"a{number}"}).status_code == 302
    answer = reverse("delivery:answer-rectification", args=[asked.pk])
    words(client.get(answer))
    revision = Rectification.objects.get().revision
    response = client.post(answer, {"answer-1": "演示：已补", "answer-2": "", "revision": revision})
    assert response.status_code == 422
    client.post(answer, {"answer-1": "演示：已补", "answer-2": "演示：已补", "revision": revision})
    assert Rectification.objects.get().stage == "answered"
    file = Rectification.objects.get().items.first().evidence.get()
    client = sign(accepting.state_handler)
    response = client.get(reverse("delivery:rectification-evidence", args=[asked.pk, file.pk]))
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert "整改到位" in words(client.get(page))
    client.post(
        reverse("delivery:accept-rectification", args=[asked.pk]),
        {"remark": "", "revision": Rectification.objects.get().revision},
    )
    assert Project.objects.get(pk=accepting.project.pk).stage == "evaluating"


def test_pages_cost_the_same_with_more_rows(accepting, sign, django_assert_max_num_queries):
    asked = made.rectification_in(accepting.maker, "asked")
    client = sign(accepting.park_handler)
    tab, page = reverse("delivery:acceptance", args=[accepting.project.pk]), asked.get_absolute_url()
    few = []
    for url in (tab, page):
        client.get(url)
        with django_assert_max_num_queries(12) as found:
            client.get(url)
        few.append(len(found))
    AcceptanceFiling.objects.bulk_create(
        AcceptanceFiling(
            project=accepting.project,
            number=number,
            stage="returned",
            returned_reason="演示",
            content=accepting.filing.content,
            content_sha256="0" * 64,
            handed_in_at=clock.now(),
            handed_in_by=accepting.park_handler,
        )
        for number in range(2, 40)
    )
    RectificationItem.objects.bulk_create(
        RectificationItem(rectification=asked, position=position, requirement="演示")
        for position in range(3, 40)
    )
    for url, before in zip((tab, page), few, strict=True):
        with django_assert_max_num_queries(before):
            client.get(url)
