"""Eligibility through the pages: questions made from the notice, verdicts while one answers, evidence beside its question."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingyuan.kernel.models import LedgerEntry, Upload
from qingyuan.pilots import actions
from qingyuan.pilots.models import Pilot
from tests.pilot_maker import ANSWERS, small_pdf
from tests.pilots.workspace import address, form_of, parsed, send, signed_in


@pytest.fixture
def client(world):
    return signed_in(world.park_handler)


def describe(pilot, world, form):
    actions.describe(
        pilot,
        by=world.park_handler,
        name=pilot.name,
        object_form=form,
        object_name="演示对象",
        region_code="410300",
        sectors=["petrochemical"],
    )


def verdict_of(client, pilot, condition):
    judged = client.get(address("condition", pilot, condition)).context["judged"]
    return judged.verdict.state, judged.verdict.clause


def as_posted(answers):
    words = {True: "yes", False: "no"}
    return {f"q-{key}": words[value] if isinstance(value, bool) else value for key, value in answers.items()}


def pdf(name="证明.pdf"):
    return SimpleUploadedFile(name, small_pdf().getvalue(), "application/pdf")


# --- N4, N3a-N3c, N2: beginning an application


@pytest.mark.clause("N4")
@pytest.mark.parametrize(
    ("category", "clause"),
    [
        pytest.param("sector", "N3a", marks=pytest.mark.clause("N3a")),
        pytest.param("park", "N3b", marks=pytest.mark.clause("N3b")),
        pytest.param("region", "N3c", marks=pytest.mark.clause("N3c")),
    ],
)
def test_an_applicant_begins_in_each_category_and_reads_the_notices_words(world, client, category, clause):
    url = reverse("pilots:create", args=[world.call.pk])
    page = client.get(url).content.decode()
    assert world.call.notice.category(category).wording in page
    response = send(client, url, category_id=category, name="  演示　试点  ")
    assert response.status_code == 302, response.content.decode()
    pilot = Pilot.objects.get()
    assert (pilot.name, pilot.category_id, pilot.applicant, pilot.stage) == (
        "演示 试点",
        category,
        world.park,
        "drafting",
    )
    assert pilot.category.clause == clause
    asked = [c.id for c in client.get(address("eligibility", pilot)).context["judged"] for c in [c.condition]]
    assert asked == list(pilot.category.conditions)


@pytest.mark.clause("N4")
def test_only_ones_own_bodies_that_may_apply_are_offered(world):
    url = reverse("pilots:create", args=[world.call.pk])
    offered = signed_in(world.park_and_province).get(url).context["form"].fields["applicant"].choices
    assert [name for _key, name in offered] == [world.park.name]
    forged = signed_in(world.city_handler).post(
        url, {"applicant": str(world.park.pk), "category_id": "park", "name": "冒名", "key": "k"}
    )
    assert forged.status_code == 422
    assert signed_in(world.province_handler).get(url).status_code == 403
    assert not Pilot.objects.exists()


def test_a_double_click_begins_one_application(world, client):
    url = reverse("pilots:create", args=[world.call.pk])
    data = {**form_of(client.get(url)), "category_id": "park", "name": "演示"}
    first, second = client.post(url, data), client.post(url, data)
    assert first.url == second.url
    assert Pilot.objects.count() == 1


@pytest.mark.clause("N2")
def test_the_notices_sectors_are_offered_those_of_the_chosen_form_first(maker, world, client):
    pilot = maker("region")
    describe(pilot, world, "basin")
    groups = client.get(address("describe", pilot)).context["form"].fields["sectors"].choices
    first = [key for key, _title in groups[0][1]]
    assert first == ["dyeing", "papermaking", "active-ingredients", "agrifood"]
    assert len([key for _group, rows in groups for key, _title in rows]) == 13


@pytest.mark.clause("N3c")
@pytest.mark.clause("N5.4")
def test_the_object_takes_the_notices_pollutants_and_own_ones(maker, client):
    pilot = maker("region")
    response = send(
        client,
        address("describe", pilot),
        object_form="basin",
        object_name="伊洛河流域",
        region_code="410300",
        sectors=["papermaking"],
        pollutants=["nh3-n", "tp"],
        own_pollutants="总氮\n\n 全氟化合物 \n总氮",
    )
    assert response.status_code == 302
    pilot = maker.fresh(pilot)
    assert pilot.pollutants == ["nh3-n", "tp", "总氮", "全氟化合物"]
    page = client.get(address("describe", pilot))
    assert form_of(page)["own_pollutants"] == ["总氮\n全氟化合物"]


def test_all_mistakes_of_the_object_are_shown_at_once_and_nothing_is_lost(maker, client):
    pilot = maker("park")
    response = send(
        client,
        address("describe", pilot),
        name="",
        object_form="没有",
        sectors=["没有"],
        object_name="保留的名称",
    )
    assert response.status_code == 422
    assert {"name", "object_form", "sectors"} <= set(response.context["form"].errors)
    assert form_of(response)["object_name"] == ["保留的名称"]


# --- verdicts


@pytest.mark.clause("N5.1")
def test_n5_1_a_major_violation_asks_for_details_and_ends_in_no(maker, client):
    pilot = maker("park")
    url = address("condition", pilot, "N5.1")
    assert verdict_of(client, pilot, "N5.1") == ("open", "N5.1")
    assert "q-major_violation_detail" not in form_of(client.get(url))
    assert send(client, url, **{"q-major_violation": "yes"}).status_code == 302
    assert verdict_of(client, pilot, "N5.1")[0] == "not_met"
    assert "q-major_violation_detail" in form_of(client.get(url)), "the branch appears also without scripts"
    send(client, url, **{"q-major_violation": "no"})
    assert verdict_of(client, pilot, "N5.1") == ("met", "N5.1")


@pytest.mark.clause("N5.2")
def test_n5_2_asks_of_object_and_applicant_with_proof_of_the_money(maker, client):
    pilot = maker("park")
    url = address("condition", pilot, "N5.2")
    assert send(client, url, **as_posted(ANSWERS["N5.2"])).status_code == 302
    judged = client.get(url).context["judged"]
    assert judged.verdict.state == "open"
    assert len([reason for reason in judged.verdict.reasons if "证明材料" in reason]) == 2
    response = send(
        client,
        url,
        **{"q-file-object_funding_amount": pdf("甲.pdf"), "q-file-applicant_funding_amount": pdf("乙.pdf")},
    )
    assert response.status_code == 302
    assert verdict_of(client, pilot, "N5.2") == ("met", "N5.2")
    send(client, url, **{"q-applicant_funding_amount": "0"})
    assert verdict_of(client, pilot, "N5.2")[0] == "ask", "zero is an answer, and an officer looks"
    send(client, url, **{"q-applicant_rules": "no"})
    assert verdict_of(client, pilot, "N5.2")[0] == "not_met"


@pytest.mark.clause("N5.3")
def test_n5_3_asks_a_park_and_a_cluster_different_things(maker, world, client):
    pilot = maker("park")
    url = address("condition", pilot, "N5.3")
    assert "请先选择试点对象的形态，才知道" in client.get(url).content.decode()
    describe(pilot, world, "park")
    send(client, url, **as_posted(ANSWERS["N5.3"]))
    response = send(client, url, **as_posted(ANSWERS["N5.3"]), **{"q-file-park_boundary": pdf()})
    assert response.status_code == 302
    assert verdict_of(client, pilot, "N5.3") == ("met", "N5.3")
    send(client, url, **{"q-park_one_prefecture": "no"})
    send(client, url, **{"q-park_prefectures": "洛阳、焦作，同一管委会"})
    assert verdict_of(client, pilot, "N5.3")[0] == "ask"
    describe(maker.fresh(pilot), world, "cluster")
    assert {"q-cluster_description"} <= set(form_of(client.get(url)))
    send(client, url, **{"q-cluster_form": "yes", "q-cluster_description": "三十家企业沿河分布"})
    assert verdict_of(client, pilot, "N5.3") == ("met", "N5.3")


@pytest.mark.clause("N5.4")
def test_n5_4_own_pollutants_need_a_local_key_task(maker, world, client):
    pilot = maker("region")
    describe(pilot, world, "basin")
    url = address("condition", pilot, "N5.4")
    send(client, url, **{"q-basin_pollutants": ["nh3-n", "tp"], "q-own_pollutants": "yes"})
    send(client, url, **{"q-own_pollutant_names": "总氮", "q-own_in_key_task": "no"})
    assert verdict_of(client, pilot, "N5.4")[0] == "not_met"
    send(client, url, **{"q-own_in_key_task": "yes"})
    assert verdict_of(client, pilot, "N5.4")[0] == "open"
    send(client, url, **{"q-key_task": "演示〔2022〕1号第三条", "q-file-key_task": pdf()})
    assert verdict_of(client, pilot, "N5.4") == ("met", "N5.4")


@pytest.mark.clause("N5.1")
def test_the_verdict_follows_the_answers_before_they_are_saved(maker, client):
    pilot = maker("park")
    url = address("judge", pilot, "N5.1")
    htmx = {"HTTP_HX_REQUEST": "true"}
    answer = client.post(url, {"q-major_violation": "yes", "shown": "major_violation"}, **htmx)
    page = answer.content.decode()
    assert "不符合" in page
    assert 'id="ask-major_violation_detail" hx-swap-oob="true"' in page
    shown = ["major_violation", "major_violation_detail"]
    data = {"q-major_violation": "no", "q-major_violation_detail": '写到一半"><b>', "shown": shown}
    page = client.post(url, data, **htmx).content.decode()
    assert "符合" in page
    assert "<textarea" not in page, "the question goes"
    assert "写到一半&quot;&gt;&lt;b&gt;" in page, "but what was typed waits in the page in case it comes back"
    assert not pilot.answers.exists()
    assert client.get(url).status_code == 405


def test_every_asked_question_keeps_what_was_typed_when_one_is_wrong(maker, client):
    pilot = maker("park")
    url = address("condition", pilot, "N5.2")
    response = send(
        client,
        url,
        **{
            "q-object_funding_amount": "一千万",
            "q-applicant_funding_amount": "1e9",
            "q-object_groundwork": "写了很多",
        },
    )
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"object_funding_amount", "applicant_funding_amount"}
    assert form_of(response)["q-object_groundwork"] == ["写了很多"]
    assert not pilot.answers.exists()


def test_numbers_are_understood_as_people_write_them(maker, client):
    pilot = maker("park")
    send(client, address("condition", pilot, "N5.2"), **{"q-object_funding_amount": "１,２００．５０"})
    assert pilot.answers.get(question_id="object_funding_amount").value == "1200.50"


def test_a_renamed_program_is_refused_beside_its_question_and_the_answers_stay(maker, client):
    pilot = maker("park")
    url = address("condition", pilot, "N5.2")
    program = SimpleUploadedFile("资金证明.pdf", b"MZ" + b"\0" * 400, "application/pdf")
    response = send(
        client, url, **{"q-object_groundwork": "写了很多", "q-file-object_funding_amount": program}
    )
    assert response.status_code == 422
    assert "file-object_funding_amount" in response.context["form"].errors
    assert form_of(response)["q-object_groundwork"] == ["写了很多"]
    parsed(response)
    assert not pilot.attachments.exists()
    assert not Upload.objects.exists()


def test_evidence_is_listed_downloaded_and_removed(maker, client):
    pilot = maker("park")
    url = address("condition", pilot, "N5.2")
    send(client, url, **{"q-file-object_funding_amount": pdf("预算批复.pdf")})
    attachment = pilot.attachments.get()
    assert (attachment.purpose, attachment.condition_id, attachment.question_id) == (
        "evidence",
        "N5.2",
        "object_funding_amount",
    )
    file = client.get(address("download", pilot, attachment.pk))
    assert b"".join(file.streaming_content) == small_pdf().getvalue()
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"
    response = send(client, address("detach", pilot, attachment.pk))
    assert response.url == url
    assert not pilot.attachments.exists()


def test_a_double_click_answers_once_and_attaches_once(maker, client):
    pilot = maker("park")
    url = address("condition", pilot, "N5.2")
    data = {**form_of(client.get(url)), "q-object_groundwork": "演示"}
    for _click in range(2):
        response = client.post(url, {**data, "q-file-object_funding_amount": pdf()})
        assert response.status_code == 302
    assert pilot.attachments.count() == 1
    assert LedgerEntry.objects.filter(verb="pilot.answer_condition").count() == 1


def test_answers_written_over_somebody_elses_are_stopped_but_work_elsewhere_is_not(maker, world, client):
    pilot = maker("park")
    url = address("condition", pilot, "N5.1")
    mine = {**form_of(client.get(url)), "q-major_violation": "no"}
    actions.describe(
        pilot,
        by=world.park_lead,
        name="改名",
        object_form="park",
        object_name="x",
        region_code="",
        sectors=[],
    )
    assert client.post(url, mine).status_code == 302, "another part was changed meanwhile: no matter"
    stale = {**form_of(client.get(url)), "q-major_violation": "no"}
    actions.answer_condition(
        pilot, by=world.park_lead, condition_id="N5.1", answers={"major_violation": True}
    )
    response = client.post(url, stale)
    assert response.status_code == 409
    assert form_of(response)["q-major_violation"] == ["no"], "what I chose is still on the page"
    assert "现在保存的内容" in response.content.decode()
    assert client.post(url, form_of(response)).status_code == 302, "a second save is made knowingly"
    assert verdict_of(client, pilot, "N5.1")[0] == "met"


def test_after_hand_in_the_answers_are_read_only(maker, client):
    pilot = maker("park", stage="reviewing")
    response = client.get(address("condition", pilot, "N5.2"))
    assert response.context["form"] is None
    assert "演示：财政专项与企业自筹" in response.content.decode()
    refused = client.post(address("condition", pilot, "N5.2"), {"q-object_groundwork": "偷改"})
    assert refused.status_code == 409
    assert "偷改" in refused.content.decode(), "what was typed can still be copied"
    assert not pilot.answers.filter(value="偷改").exists()


def test_a_condition_of_another_category_is_not_there(maker, client):
    assert client.get(address("condition", maker("sector"), "N5.3")).status_code == 404
