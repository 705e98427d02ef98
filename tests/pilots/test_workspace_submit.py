"""From the first page to the receipt, the deadline to the second, twice the same click, and what a refusal leaves."""

from __future__ import annotations

import hashlib
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from qingyuan.kernel import clock
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.pilots import actions, checks, seal
from qingyuan.pilots.models import Pilot, Submission
from tests.pilot_maker import ANSWERS, CATEGORIES, EVIDENCE, MEASURES, credit_code, small_pdf
from tests.pilots.workspace import address, form_of, parsed, send, signed_in

BEFORE, AFTER = "2022-06-30T17:59:59+08:00", "2022-06-30T18:00:00+08:00"


@pytest.fixture
def client(world):
    return signed_in(world.park_handler)


def pdf(name):
    return SimpleUploadedFile(name, small_pdf(name.encode("unicode_escape").decode()).getvalue())


@pytest.mark.clause("H1")
@pytest.mark.clause("N6")
@pytest.mark.parametrize(
    "category",
    [
        pytest.param("sector", marks=pytest.mark.clause("N3a")),
        pytest.param("park", marks=pytest.mark.clause("N3b")),
        pytest.param("region", marks=pytest.mark.clause("N3c")),
    ],
)
@pytest.mark.sqlite
def test_each_category_walks_from_the_notice_to_the_receipt_without_scripts(world, client, category):
    send(client, reverse("pilots:create", args=[world.call.pk]), category_id=category, name="演示试点")
    pilot = Pilot.objects.select_related("call", "applicant").get()
    form, own_sectors, pollutants = CATEGORIES[category]
    fields = {"object_form": form, "object_name": "演示对象", "region_code": "410300", "sectors": own_sectors}
    send(client, address("describe", pilot), **fields, **({"pollutants": pollutants} if pollutants else {}))
    pilot = Pilot.objects.select_related("call", "applicant").get()
    words = {True: "yes", False: "no"}
    for condition in pilot.notice.conditions_for(category):
        url = address("condition", pilot, condition.id)
        answers = {
            f"q-{key}": words[value] if isinstance(value, bool) else value
            for key, value in ANSWERS[condition.id].items()
        }
        send(client, url, **answers)
        files = {f"q-file-{question}": pdf(f"{question}.pdf") for question in EVIDENCE.get(condition.id, [])}
        assert send(client, url, **answers, **files).status_code == 302
    send(
        client,
        address("add-enterprise", pilot),
        name="演示企业",
        credit_code=credit_code(1),
        sector=own_sectors[0],
    )
    for leaf in pilot.notice.leaves():
        send(client, address("chapter", pilot, leaf.id), html=f"<p>{leaf.title}</p>")
    figures = {}
    for number, (_measure, (baseline, target)) in enumerate(MEASURES.items()):
        figures |= {f"row-{number}-baseline": baseline, f"row-{number}-target": target}
    send(client, address("targets", pilot), **figures)
    check = client.get(address("check", pilot))
    assert check.context["errors"] == 0, [finding.message for finding in check.context["findings"]]
    assert send(client, address("hand-in", pilot), remark="请审").status_code == 302
    assert send(signed_in(world.park_reviewer), address("pass-review", pilot)).status_code == 302
    signer = signed_in(world.park_signer)
    unsure = send(signer, address("sign", pilot))
    assert unsure.status_code == 422
    assert "no_state_secrets" in unsure.context["form"].errors
    assert send(signer, address("sign", pilot), no_state_secrets="on").status_code == 302
    seal_page = pdf("盖章页.pdf")
    assert (
        send(client, address("attachments", pilot), purpose="seal", title="", file=seal_page).status_code
        == 302
    )
    page = client.get(address("submit", pilot))
    text = page.content.decode()
    assert f"2022+演示试点+{world.park.name}.zip" in text
    assert "call-2022@example.org" in text, "whom it tells is said before"
    response = client.post(address("submit", pilot), form_of(page))
    submission = Submission.objects.get()
    assert response.url == reverse("pilots:submission", args=[submission.pk])
    assert client.get(response.url).status_code == 200
    assert submission.mail_subject == f"2022+演示试点+{world.park.name}"
    overview = client.get(address("pilot", pilot)).content.decode()
    assert submission.register_label in overview


@pytest.mark.clause("H1")
@pytest.mark.sqlite
def test_17_59_59_is_in_time_and_18_00_00_is_not(maker, client):
    early, late = maker("park", stage="sealed"), maker("sector", stage="sealed")
    with clock.at(BEFORE):
        data = form_of(client.get(address("submit", early)))
        assert client.post(address("submit", early), data).status_code == 302
        data = form_of(client.get(address("submit", late)))
    with clock.at(AFTER):
        response = client.post(address("submit", late), data)
    assert response.status_code == 409
    assert "截止" in response.content.decode()
    parsed(response)
    assert [submission.pilot_id for submission in Submission.objects.all()] == [early.pk]
    assert maker.fresh(late).stage == "signed"
    with clock.at(AFTER):
        overview = client.get(address("pilot", late)).content.decode()
    assert "申报已截止" in overview
    assert "现在不在申报时间内" in overview


@pytest.mark.clause("H1")
def test_a_package_begun_in_time_counts_however_long_it_takes(maker, client, monkeypatch):
    pilot = maker("park", stage="sealed")
    make = seal.seal

    def slow(of):
        sealed = make(of)
        clock._stopped = clock.local(clock.now()).replace(hour=18, minute=2)
        return sealed

    monkeypatch.setattr(seal, "seal", slow)
    with clock.at(BEFORE):
        data = form_of(client.get(address("submit", pilot)))
        assert client.post(address("submit", pilot), data).status_code == 302
    # The register says when the request came, not when the packing was done.
    assert Submission.objects.get().submitted_at < pilot.call.closes_at


@pytest.mark.clause("H1")
def test_an_extension_by_supplement_counts_at_once(maker, world, client):
    pilot = maker("park", stage="sealed")
    type(world.call).objects.filter(pk=world.call.pk).update(closes_at="2022-07-02T18:00:00+08:00")
    with clock.at(AFTER):
        data = form_of(client.get(address("submit", pilot)))
        assert client.post(address("submit", pilot), data).status_code == 302


@pytest.mark.sqlite
def test_a_double_click_is_one_submission_and_leads_to_it_twice(maker, client):
    pilot = maker("park", stage="sealed")
    data = form_of(client.get(address("submit", pilot)))
    first, second = client.post(address("submit", pilot), data), client.post(address("submit", pilot), data)
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert Submission.objects.count() == 1
    assert LedgerEntry.objects.filter(verb="pilot.submit").count() == 1


@pytest.mark.skipif(
    "sqlite" in str(connection.settings_dict.get("ENGINE")), reason="needs writers at the same instant"
)
def test_two_clicks_at_the_same_instant_are_one_submission(live_maker, live_world):
    pilot = live_maker("park", stage="sealed")
    url = address("submit", pilot)
    data = form_of(signed_in(live_world.park_handler).get(url))
    barrier, answers = threading.Barrier(2), []

    def click():
        client = signed_in(live_world.park_handler)
        try:
            barrier.wait(timeout=20)
            answers.append(client.post(url, data))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _click in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer.url for answer in answers}) == 1
    assert Submission.objects.count() == 1
    assert Mail.objects.filter(verb="pilot.submit", address="call-2022@example.org").count() == 1


@pytest.mark.clause("H1")
@pytest.mark.sqlite
def test_a_package_over_50_mb_is_refused_and_nothing_is_lost(maker, world, client, monkeypatch):
    pilot = maker("park", stage="sealed")
    upload = pilot.attachments.get(purpose="seal").upload
    type(upload).objects.filter(pk=upload.pk).update(size=51 * 1024 * 1024)
    page = client.get(address("submit", pilot))
    assert "超过 50M" in page.content.decode()
    response = client.post(address("submit", pilot), form_of(page))
    assert response.status_code == 422
    parsed(response)
    assert not Submission.objects.exists()
    assert maker.fresh(pilot).stage == "signed"
    assert pilot.attachments.count() == 4
    # Also when only the finished zip turns out to be too large.
    type(upload).objects.filter(pk=upload.pk).update(
        size=len(small_pdf("盖章页.pdf".encode("unicode_escape").decode()).getvalue())
    )
    make = seal.seal
    monkeypatch.setattr(seal, "seal", lambda of: _swollen(make(of)))
    response = client.post(address("submit", pilot), form_of(client.get(address("submit", pilot))))
    assert response.status_code == 422
    assert "51.0 MB" in response.content.decode()
    assert maker.fresh(pilot).stage == "signed"


def _swollen(sealed):
    from dataclasses import replace

    return replace(sealed, package_size=51 * 1024 * 1024)


def test_the_running_size_is_shown_and_grows(maker, client, world):
    pilot = maker("park")
    before = client.get(address("attachments", pilot)).context["package_size"]
    upload = maker.upload(by=world.park_handler, name="图.pdf")
    actions.attach(pilot, by=world.park_handler, upload=upload, purpose="other")
    page = client.get(address("attachments", pilot))
    assert page.context["package_size"] == before + upload.size
    assert page.context["package_limit"] == 50 * 1024 * 1024
    assert before == checks.PLAN_ALLOWANCE


def test_a_file_above_the_limit_is_refused_with_a_sentence(maker, client, settings):
    settings.QINGYUAN_UPLOAD_MAX_BYTES = 1024 * 1024
    pilot = maker("park")
    data = form_of(client.get(address("attachments", pilot)))
    large = SimpleUploadedFile("大图.pdf", b"%PDF-1.4" + b"0" * (1024 * 1024 + 10))
    response = client.post(address("attachments", pilot), {**data, "title": "区位图", "file": large})
    assert response.status_code == 422
    assert "超过单个文件上限" in response.content.decode()
    assert form_of(response)["title"] == ["区位图"]


def test_without_the_stamped_page_the_page_says_so_before_anything_is_made(maker, client, monkeypatch):
    pilot = maker("park", stage="signed")
    monkeypatch.setattr(seal, "seal", lambda _of: pytest.fail("no package is made for what cannot go"))
    page = client.get(address("submit", pilot))
    assert "尚未上传盖章页" in page.content.decode()
    assert client.post(address("submit", pilot), form_of(page)).status_code == 422


def test_what_changed_after_the_page_was_opened_is_not_sent(maker, world, client):
    pilot = maker("park", stage="sealed")
    data = form_of(client.get(address("submit", pilot)))
    upload = maker.upload(by=world.park_lead, name="另一页.pdf")
    actions.attach(pilot, by=world.park_lead, upload=upload, purpose="seal")
    response = client.post(address("submit", pilot), data)
    assert response.status_code == 409
    assert not Submission.objects.exists()
    assert client.post(address("submit", pilot), form_of(response)).status_code == 302, "after a look it goes"


def test_hand_in_is_refused_with_every_place_to_mend(maker, client):
    pilot = maker("park")
    page = client.get(address("hand-in", pilot))
    assert page.context["blocking"]
    response = client.post(address("hand-in", pilot), form_of(page))
    assert response.status_code == 422
    assert address("scope", pilot) in response.content.decode()
    assert maker.fresh(pilot).stage == "drafting"


def test_a_return_says_why_and_the_handler_reads_it(maker, world, client):
    pilot = maker("park", stage="reviewing")
    reviewer = signed_in(world.park_reviewer)
    assert send(reviewer, address("return", pilot), remark="  ").status_code == 422
    assert send(reviewer, address("return", pilot), remark="目标偏低").status_code == 302
    assert "目标偏低" in client.get(address("pilot", pilot)).content.decode()
    assert maker.fresh(pilot).stage == "drafting"


def test_reopening_and_withdrawing_go_through_their_pages(maker, world, client):
    pilot = maker("park", stage="submitted")
    assert send(client, address("reopen", pilot)).status_code == 302
    assert maker.fresh(pilot).stage == "drafting"
    assert signed_in(world.park_handler).get(address("withdraw", pilot)).status_code == 403
    assert send(signed_in(world.park_signer), address("withdraw", pilot), remark="不报了").status_code == 302
    assert maker.fresh(pilot).stage == "withdrawn"


def test_the_overview_says_who_can_do_what_and_why_not(maker, world, client):
    pilot = maker("park", stage="reviewing")
    mine = client.get(address("pilot", pilot)).context
    assert [move.title for move in mine["can"]] == ["退回修改"]
    reasons = {move.title: move.reasons for move in mine["cannot"]}
    assert reasons["审核通过"] == ("须为申报单位的审核人",)
    theirs = signed_in(world.park_reviewer).get(address("pilot", pilot)).context
    assert [move.title for move in theirs["can"]] == ["审核通过", "退回修改"]


def test_the_stamped_page_alone_moves_after_signing(maker, client):
    pilot = maker("park", stage="sealed")
    other = send(client, address("attachments", pilot), purpose="other", file=pdf("另附.pdf"))
    assert other.status_code == 422
    stamped = pilot.attachments.get(purpose="seal")
    evidence = pilot.attachments.filter(purpose="evidence").first()
    page = client.get(address("attachments", pilot)).content.decode()
    assert address("detach", pilot, stamped.pk) in page
    assert address("detach", pilot, evidence.pk) not in page
    assert send(client, address("detach", pilot, stamped.pk)).status_code == 302
    assert not pilot.attachments.filter(purpose="seal").exists()


def test_the_list_of_files_shows_size_and_hash(maker, world, client):
    pilot = maker("park", stage="sealed")
    page = client.get(address("attachments", pilot)).content.decode()
    data = small_pdf("盖章页.pdf".encode("unicode_escape").decode()).getvalue()
    assert hashlib.sha256(data).hexdigest()[:12] in page
