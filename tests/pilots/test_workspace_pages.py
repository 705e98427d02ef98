"""Every page of the workspace: who reads it, that it is sound HTML, that nothing typed becomes markup, what it costs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from qingyuan.kernel import clock, todos
from qingyuan.pilots import actions, drafts
from qingyuan.pilots.actions.scope import ScopeRow
from qingyuan.pilots.actions.targets import TargetRow
from qingyuan.ui import navigation
from tests.pilot_maker import credit_code
from tests.pilots.workspace import HOSTILE, address, all_pages, parsed, signed_in

STAGES = ["drafting", "ready", "reviewing", "signing", "signed", "sealed", "submitted"]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("who", ["park_handler", "park_signer", "consultant"])
def test_every_page_in_every_stage_is_sound_html_with_one_heading(maker, world, stage, who):
    pilot = maker("park", stage=stage)
    client = signed_in(world.people[who])
    for url in [*all_pages(pilot), reverse("pilots:list"), reverse("pilots:create", args=[world.call.pk])]:
        response = client.get(url)
        assert response.status_code in {200, 403, 409}, url
        tree = parsed(response)
        assert len(list(tree.iter("h1"))) == 1, url
        assert not [
            e for e in tree.iter() if e.get("style") or any(name.startswith("on") for name in e.attrib)
        ], url
        ids = [e.get("id") for e in tree.iter() if e.get("id")]
        assert len(ids) == len(set(ids)), (url, [i for i in ids if ids.count(i) > 1])


def test_a_withdrawn_pilot_can_still_be_read(maker, world):
    pilot = maker("park", stage="ready")
    actions.withdraw(pilot, by=world.park_signer, remark="不报了")
    client = signed_in(world.park_handler)
    for url in all_pages(maker.fresh(pilot)):
        response = client.get(url)
        assert response.status_code in {200, 403, 409}, url
        parsed(response)


@pytest.mark.parametrize(
    "who", ["stranger", "city_all", "province_handler", "prefecture_handler", "expert", "operator"]
)
def test_others_are_not_told_that_the_application_exists(maker, world, who):
    pilot = maker("park", stage="ready")
    client = signed_in(world.operator if who == "operator" else world.people[who])
    for url in [*all_pages(pilot), address("plan-docx", pilot), address("scope-template", pilot)]:
        assert client.get(url).status_code == 404, url
        assert client.post(url, {}).status_code in {404, 405}, url
    attachment = pilot.attachments.first()
    assert client.get(address("download", pilot, attachment.pk)).status_code == 404


def test_files_and_entries_are_found_only_through_their_own_application(maker, world):
    mine, theirs = maker("park", stage="ready"), maker("park", stage="ready", applicant="city")
    client = signed_in(world.park_handler)
    for name, pk in (
        ("download", theirs.attachments.first().pk),
        ("detach", theirs.attachments.first().pk),
        ("remove-enterprise", theirs.scope.first().pk),
    ):
        assert client.get(address(name, mine, pk)).status_code == 404


def test_the_service_body_writes_but_does_not_sign_or_submit(maker, world):
    pilot = maker("park", stage="ready")
    client = signed_in(world.consultant)
    assert client.get(address("targets", pilot)).context["verdict"].ok
    for name in ("hand-in", "submit", "sign", "withdraw"):
        assert client.post(address(name, pilot), {"remark": "x"}).status_code in {403, 409}, name
    assert maker.fresh(pilot).stage == "drafting"


def test_hostile_text_stays_text_on_every_page(maker, world):
    pilot = maker("region", name=HOSTILE, stage="drafting")
    by = world.park_handler
    actions.describe(
        pilot,
        by=by,
        name=HOSTILE,
        object_form="basin",
        object_name=HOSTILE,
        region_code="410300",
        sectors=["papermaking"],
        pollutants=["nh3-n", HOSTILE],
    )
    actions.answer_condition(
        pilot,
        by=by,
        condition_id="N5.1",
        answers={"major_violation": True, "major_violation_detail": HOSTILE},
    )
    actions.import_scope(pilot, by=by, rows=[ScopeRow(HOSTILE, credit_code(1), "papermaking", HOSTILE)])
    actions.set_targets(
        pilot,
        by=by,
        rows=[
            *(
                TargetRow(indicator=measure.title, measure_id=measure.id, baseline=Decimal(1), note=HOSTILE)
                for aim in pilot.notice.aims
                for measure in aim.measures
            ),
            TargetRow(indicator=HOSTILE, unit="<b>", note=HOSTILE),
        ],
    )
    drafts.save_chapter(
        pilot, outline_id="goals", html=f"<p>{HOSTILE}</p><img src=x onerror=alert(1)>", revision=0, by=by
    )
    upload = maker.upload(by=by, name="<script>alert(1)<script>.pdf")
    actions.attach(pilot, by=by, upload=upload, purpose="other", title=HOSTILE)
    actions.withdraw(maker("park", name="另一个"), by=world.park_signer, remark=HOSTILE)
    for user in (world.park_handler, world.park_signer):
        client = signed_in(user)
        for url in [*all_pages(maker.fresh(pilot)), reverse("pilots:list")]:
            response = client.get(url)
            assert "<script>alert" not in response.content.decode(), url
            assert "onerror" not in response.content.decode(), url
            tree = parsed(response)
            assert all(script.get("src") and not script.text for script in tree.iter("script")), url
    page = signed_in(by).get(address("scope", pilot)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;\u202e=cmd()" in page


def test_hostile_text_stays_text_when_it_comes_back_with_errors(maker, world):
    pilot = maker("park", stage="drafting")
    client = signed_in(world.park_handler)
    for name, data in {
        "describe": {"name": HOSTILE, "object_form": HOSTILE, "region_code": HOSTILE},
        "add-enterprise": {"name": HOSTILE, "credit_code": HOSTILE, "sector": HOSTILE, "note": HOSTILE},
        "targets": {
            "row-TOTAL_FORMS": "1",
            "row-INITIAL_FORMS": "0",
            "row-0-indicator": HOSTILE,
            "row-0-baseline": HOSTILE,
        },
        "attachments": {"purpose": HOSTILE, "title": HOSTILE},
        "withdraw": {"remark": HOSTILE},
    }.items():
        response = client.post(address(name, pilot), data)
        assert response.status_code in {403, 422}, name
        assert "<script>alert" not in response.content.decode(), name
        parsed(response)
    response = client.get(
        reverse("pilots:list"), {"q": HOSTILE, "stage": HOSTILE, "sort": HOSTILE, "page": HOSTILE}
    )
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


# --- what pages cost


def test_the_list_costs_the_same_for_one_row_and_for_three(maker, world, django_assert_max_num_queries):
    client = signed_in(world.park_handler)
    costs = []
    for count, more in ((1, 1), (3, 2)):
        for _number in range(more):
            maker("park", stage="ready")
        with django_assert_max_num_queries(12) as captured:
            assert client.get(reverse("pilots:list")).context["page"].paginator.count == count
        costs.append(len(captured))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("stage", ["ready", "submitted"])
def test_the_overview_shows_everything_within_25_queries(maker, world, django_assert_max_num_queries, stage):
    pilot = maker("park", stage=stage)
    client = signed_in(world.park_handler)
    with django_assert_max_num_queries(25):
        client.get(address("pilot", pilot))


@pytest.mark.parametrize(
    "name", ["pilot", "describe", "eligibility", "scope", "plan", "targets", "attachments", "check", "submit"]
)
def test_pages_of_a_pilot_cost_the_same_for_one_and_for_many_entries(
    maker, world, django_assert_max_num_queries, name
):
    few, many = maker("park", stage="ready", scope=1), maker("park", stage="ready", scope=12)
    for number in range(4):
        upload = maker.upload(by=world.park_handler, name=f"附{number}.pdf")
        actions.attach(many, by=world.park_handler, upload=upload, purpose="other")
    client = signed_in(world.park_handler)
    costs = []
    for pilot in (few, many):
        with django_assert_max_num_queries(25) as captured:
            client.get(address(name, pilot))
        costs.append(len(captured))
    assert costs[0] == costs[1]


# --- the list


def test_the_list_filters_searches_and_says_what_to_do_when_it_is_empty(maker, world):
    client = signed_in(world.park_handler)
    assert reverse("calls:list") in client.get(reverse("pilots:list")).content.decode()
    maker("park", name="A甲园区试点", stage="drafting")
    maker("sector", name="B乙行业试点", stage="submitted")
    found = client.get(reverse("pilots:list"), {"stage": "submitted"})
    assert [pilot.name for pilot in found.context["page"]] == ["B乙行业试点"]
    found = client.get(reverse("pilots:list"), {"q": "甲"})
    assert [pilot.name for pilot in found.context["page"]] == ["A甲园区试点"]
    assert "没有符合条件的试点" in client.get(reverse("pilots:list"), {"q": "没有这个"}).content.decode()
    found = client.get(reverse("pilots:list"), {"sort": "-name"})
    assert [pilot.name for pilot in found.context["page"]] == ["B乙行业试点", "A甲园区试点"]


def test_everybody_sees_exactly_the_pilots_of_their_bodies(maker, world):
    maker("park", name="园区的")
    maker("park", name="市府的", applicant="city")
    names = {
        who: {
            pilot.name for pilot in signed_in(world.people[who]).get(reverse("pilots:list")).context["page"]
        }
        for who in ("park_handler", "city_handler", "consultant", "stranger", "province_handler")
    }
    assert names == {
        "park_handler": {"园区的"},
        "city_handler": {"市府的"},
        "consultant": {"园区的"},
        "stranger": set(),
        "province_handler": set(),
    }


# --- what waits for whom, and the menu


def test_to_dos_follow_the_sign_off_from_person_to_person(maker, world):
    def of(user):
        return [
            (todo.kind, todo.url)
            for todo in todos.of(type(user).objects.get(pk=user.pk))
            if "/pilots/" in todo.url
        ]

    pilot = maker("park", stage="ready")
    assert of(world.park_handler) == [("编制", address("pilot", pilot))]
    assert of(world.consultant) == [("编制", address("pilot", pilot))]
    assert of(world.park_reviewer) == []
    actions.hand_in(pilot, by=world.park_handler)
    assert of(world.park_reviewer) == [("签审", address("pass-review", pilot))]
    assert of(world.park_handler) == []
    actions.pass_review(pilot, by=world.park_reviewer)
    assert of(world.park_signer) == [("签审", address("sign", pilot))]
    actions.sign(pilot, by=world.park_signer, no_state_secrets=True)
    assert of(world.park_handler) == [("提交", address("submit", pilot))]
    assert todos.of(world.park_handler)[0].due == world.call.closes_at


@pytest.mark.clause("N0")
def test_an_open_call_is_offered_to_those_who_may_apply_and_have_not_begun(maker, world):
    def offered(user):
        return [todo for todo in todos.of(type(user).objects.get(pk=user.pk)) if todo.url.endswith("/apply/")]

    assert offered(world.city_handler)
    assert not offered(world.park_reviewer)
    assert not offered(world.stranger)
    maker("park", applicant="city")
    assert not offered(world.city_handler)
    with clock.at("2022-07-01T00:00:00+08:00"):
        assert not offered(world.park_handler)


def test_the_menu_entry_is_there_for_those_who_work_on_pilots(world):
    def sees(user):
        return "/pilots/" in [entry.url for entry in navigation.entries("side", user=user, path="/")]

    assert sees(world.park_signer)
    assert sees(world.consultant)
    assert not sees(world.province_handler)
    assert not sees(world.stranger)
