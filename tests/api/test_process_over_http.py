"""What goes on between bodies, over HTTP: each operation succeeds, refuses, hides, and is not done twice."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from qingyuan.kernel import clock
from qingyuan.kernel.models import LedgerEntry
from qingyuan.pilots import actions
from tests.house.cases.pilots import certificate_in, forwarding_in, supplement_request_in, with_option
from tests.pilot_maker import small_pdf

SUPPLEMENT = {
    "chapters": ["goals"],
    "parts": ["targets"],
    "reason": "演示",
    "due_at": "2022-07-05T10:00:00Z",
    "remarks": {"goals": "演示：没有基准年"},
}
CERTIFICATE = {
    "condition_id": "N5.1",
    "question_id": "major_violation",
    "text": "演示",
    "body_name": "演示执法支队",
    "due_on": "2022-06-27",
}
JOINT = {
    "parties": [
        {"name": "演示·焦作市人民政府", "part": "lead", "duties": "统筹"},
        {"name": "演示·乙县人民政府", "part": "partner", "duties": "配合"},
    ],
    "meetings": [{"held_on": "2022-06-10", "topic": "启动会"}],
}
DAY = {"answered_on": "2022-06-20", "remark": "演示"}


def submitted(maker, option):
    return with_option(maker("park", stage="submitted"), option)


# operation -> what it acts on, its method, path and body, who may, who sees but may not, and its stage afterwards
CASES = {
    "pilot.request_supplement": (
        lambda m: submitted(m, "return_for_supplement"), "POST", "/pilots/{}/supplement-requests",
        SUPPLEMENT, "province_handler", "park_handler", 201,
    ),
    "supplement_request.cancel": (
        lambda m: supplement_request_in(m, "open"), "POST", "/supplement-requests/{}/cancel",
        {"remark": "演示"}, "province_handler", "park_handler", 200,
    ),
    "supplement_request.lapse": (
        lambda m: supplement_request_in(m, "open"), "POST", "/supplement-requests/{}/lapse",
        None, "province_handler", "park_reviewer", 200,
    ),
    "pilot.comment": (
        lambda m: submitted(m, "prefecture_comment"), "POST", "/pilots/{}/comments",
        {"text": "演示意见"}, "prefecture_handler", None, 201,
    ),
    "pilot.request_certificate": (
        lambda m: m("park", stage="drafting"), "POST", "/pilots/{}/certificates",
        CERTIFICATE, "park_handler", "park_reviewer", 201,
    ),
    "certificate.refuse": (
        lambda m: certificate_in(m, "sent"), "POST", "/certificates/{}/refuse",
        DAY, "prefecture_handler", "park_reviewer", 200,
    ),
    "pilot.organise_jointly": (
        lambda m: m("region", stage="drafting", applicant="city"), "PUT", "/pilots/{}/joint",
        JOINT, "city_handler", None, 200,
    ),
    "forwarding.give": (
        lambda m: forwarding_in(m, "waiting"), "POST", "/forwardings/{}/give",
        {"agree": True, "text": "演示"}, "prefecture_handler", "park_handler", 200,
    ),
    "forwarding.return": (
        lambda m: forwarding_in(m, "waiting"), "POST", "/forwardings/{}/return",
        {"text": "演示"}, "prefecture_handler", "province_handler", 200,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_operation_from_every_side(name, maker, world, api):
    make, method, path, body, who, reader, status = CASES[name]
    obj = make(maker)
    url, key = path.format(obj.pk), uuid.uuid4().hex
    entries = LedgerEntry.objects.filter(verb=name)
    stranger = api(world.stranger)
    assert stranger.send(method, url, body).status_code == 404
    assert stranger.send(method, path.format(uuid.uuid4()), body).status_code == 404
    if reader:
        refused = api(world.people[reader]).send(method, url, body)
        assert refused.status_code == 403, refused.content.decode()
        assert refused.json()["reason"]
    client = api(world.people[who])
    obj.refresh_from_db()
    stale = client.send(method, url, body, expect=obj.revision + 1)
    assert stale.status_code == 409, stale.content.decode()
    assert not entries.exists()
    done = client.send(method, url, body, key=key, expect=obj.revision)
    assert done.status_code == status, done.content.decode()
    again = client.send(method, url, body, key=key, expect=obj.revision)
    assert again.status_code == status, again.content.decode()
    assert entries.count() == 1
    other = client.send(method, path.format(uuid.uuid4()), body, key=key)
    assert other.status_code in {404, 409, 422}


@pytest.mark.parametrize(
    "case",
    [
        (
            lambda m: with_option(m("park", stage="drafting"), "return_for_supplement"),
            "/pilots/{}/supplement-requests",
            SUPPLEMENT,
            "province_handler",
        ),
        (lambda m: supplement_request_in(m, "lapsed"), "/supplement-requests/{}/cancel", {"remark": "x"}, "province_handler"),
        (lambda m: m("park", stage="reviewing"), "/pilots/{}/certificates", CERTIFICATE, "park_handler"),
        (lambda m: certificate_in(m, "refused"), "/certificates/{}/refuse", DAY, "prefecture_handler"),
        (lambda m: forwarding_in(m, "forwarded"), "/forwardings/{}/give", {"agree": True}, "prefecture_handler"),
    ],
)  # fmt: skip
def test_a_wrong_stage_is_a_conflict_that_names_the_stage(case, maker, world, api):
    make, url, body, who = case
    obj = make(maker)
    refused = api(world.people[who]).post(url.format(obj.pk), body)
    assert refused.status_code == 409, refused.content.decode()
    assert "当前状态" in refused.json()["reason"] + str(refused.json()["problems"])


@pytest.mark.clause("N5.1")
def test_a_certificate_is_filed_by_the_desk_that_was_asked(maker, world, api):
    letter = certificate_in(maker, "sent")
    desk, url = api(world.prefecture_handler), f"/certificates/{letter.pk}/receive"
    key = uuid.uuid4().hex
    data = {"name": "证明.pdf", "answered_on": "2022-06-20"}
    assert api(world.stranger).upload(url, small_pdf("x").getvalue(), **data).status_code == 404
    assert api(world.park_reviewer).upload(url, small_pdf("x").getvalue(), **data).status_code == 403
    done = desk.upload(url, small_pdf("x").getvalue(), key=key, **data)
    assert done.status_code == 200, done.content.decode()
    assert (done.json()["stage"], done.json()["answered_on"]) == ("received", "2022-06-20")
    assert desk.upload(url, small_pdf("x").getvalue(), **data).status_code == 409
    assert LedgerEntry.objects.filter(verb="certificate.receive").count() == 1
    assert maker.fresh(letter.pilot).attachments.count() == 1


def test_all_problems_of_a_body_come_at_once(maker, world, api):
    pilot = submitted(maker, "return_for_supplement")
    wrong = {**SUPPLEMENT, "chapters": ["nowhere"], "parts": ["nothing"], "due_at": "2022-06-01T00:00:00Z"}
    refused = api(world.province_handler).post(f"/pilots/{pilot.pk}/supplement-requests", wrong)
    assert refused.status_code == 422
    assert {problem["where"] for problem in refused.json()["problems"]} >= {"chapters", "parts", "due_at"}


def test_a_bureau_reads_its_queue_and_the_lapse_follows_the_deadline(maker, world, api):
    way = forwarding_in(maker, "waiting")
    [line] = api(world.prefecture_handler).get("/forwardings").json()["items"]
    assert (line["id"], line["stage"]) == (str(way.pk), "waiting")
    assert api(world.city_handler).get("/forwardings").json()["items"] == []
    assert api(world.city_handler).get(f"/forwardings/{way.pk}").status_code == 404
    assert api(world.province_handler).get(f"/forwardings/{way.pk}").json()["opinions"][0]["word"] == ""
    province = api(world.province_handler)
    assert province.post(f"/forwardings/{way.pk}/lapse").status_code == 409
    token = api(world.province_handler)
    with clock.at(way.call.forward_closes_at + timedelta(seconds=1)):
        done = token.post(f"/forwardings/{way.pk}/lapse")
    assert done.status_code == 200, done.content.decode()
    assert done.json()["stage"] == "lapsed"


def test_a_thread_over_http(maker, world, api):
    pilot = maker("park", stage="drafting")
    remark = actions.remark_chapter(pilot, by=world.park_reviewer, outline_id="goals", text="演示")
    url = f"/pilots/{pilot.pk}/remarks/{remark.pk}"
    handler, reviewer = api(world.park_handler), api(world.park_reviewer)
    assert handler.post(f"{url}/answer", {"text": "已改"}).json()["replies"][0]["text"] == "已改"
    assert reviewer.post(f"{url}/reopen", {"text": "未改"}).status_code == 422
    assert handler.post(f"{url}/resolve").json()["resolved_at"]
    assert handler.post(f"{url}/reopen", {"text": "未改"}).status_code == 403
    assert reviewer.post(f"{url}/reopen", {"text": "未改"}).json()["resolved_at"] is None
    assert api(world.stranger).post(f"{url}/answer", {"text": "x"}).status_code == 404


@pytest.mark.clause("N5.1")
def test_letters_are_read_by_those_who_asked_and_by_the_desk(maker, world, api):
    letter = certificate_in(maker, "sent")
    for who in (world.park_handler, world.prefecture_handler):
        (line,) = api(who).get("/certificates").json()["items"]
        assert (line["id"], line["stage"], line["name"]) == (str(letter.pk), "sent", letter.pilot.name)
        assert api(who).get(f"/certificates/{letter.pk}").json() == line
    assert api(world.park_handler).get("/certificates?asked=true").json()["items"] == []
    assert api(world.prefecture_handler).get("/certificates?asked=true").json()["count"] == 1
    assert api(world.park_handler).get("/certificates?stage=refused").json()["items"] == []
    assert api(world.park_handler).get(f"/certificates?pilot={letter.pilot_id}").json()["count"] == 1
    for who in (world.city_handler, world.province_handler, world.stranger):
        assert api(who).get("/certificates").json()["items"] == []
        assert api(who).get(f"/certificates/{letter.pk}").status_code == 404


def test_requests_for_supplements_are_read_by_both_sides(maker, world, api):
    asked = supplement_request_in(maker, "open")
    for who in (world.park_handler, world.province_handler, world.reform_signer):
        (line,) = api(who).get("/supplement-requests").json()["items"]
        assert (line["id"], line["stage"], line["answered_with"]) == (str(asked.pk), "open", None)
        assert line["chapters"] == asked.chapters
        assert api(who).get(f"/supplement-requests/{asked.pk}").json() == line
    for who in (world.city_handler, world.prefecture_handler, world.stranger):
        assert api(who).get("/supplement-requests").json()["items"] == []
        assert api(who).get(f"/supplement-requests/{asked.pk}").status_code == 404


def test_lists_of_letters_and_requests_cost_the_same(maker, world, api, django_assert_max_num_queries):
    handler = api(world.park_handler)
    supplement_request_in(maker, "open")
    certificate_in(maker, "sent")
    handler.get("/me")  # the first use of a token is noted
    counts = []
    for _more in range(2):
        for path in ("/certificates", "/supplement-requests"):
            with django_assert_max_num_queries(20) as found:
                handler.get(path)
            counts.append(len(found))
        if len(counts) == 2:
            supplement_request_in(maker, "lapsed")
            certificate_in(maker, "refused")
    assert counts[:2] == counts[2:]
