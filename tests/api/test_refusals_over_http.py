"""What the API refuses, how it says so, and that nothing is done twice or lost."""

from __future__ import annotations

import io

import pytest
from django.test import Client

from qingyuan.kernel.models import LedgerEntry
from qingyuan.pilots.models import Attachment, Pilot
from tests.api.conftest import ROOT
from tests.pilot_maker import small_pdf

NOWHERE = "00000000-0000-4000-8000-000000000000"


def assert_problem(response, status, error):
    assert response.status_code == status, response.content.decode()
    body = response.json()
    assert body["error"] == error
    assert body["reason"]
    assert isinstance(body["problems"], list)
    return body


@pytest.mark.parametrize("who", ["stranger", "city_all", "prefecture_handler", "expert", "province_handler"])
def test_strangers_get_404_for_everything_of_a_pilot(maker, world, api, who):
    pilot = maker("park", stage="submitted")
    attachment = pilot.attachments.first().pk
    client = api(world.people[who])
    for path in ("", "/eligibility", "/findings", "/chapters", "/scope", "/targets", "/attachments"):
        assert_problem(client.get(f"/pilots/{pilot.pk}{path}"), 404, "not_found")
    for path in (f"/chapters/{pilot.notice.leaves()[0].id}", f"/attachments/{attachment}/file"):
        assert_problem(client.get(f"/pilots/{pilot.pk}{path}"), 404, "not_found")
    for verb, body in (
        ("hand-in", {}),
        ("pass-review", {}),
        ("return", {"remark": "x"}),
        ("sign", {"no_state_secrets": True}),
        ("submit", None),
        ("reopen", None),
        ("withdraw", {"remark": "x"}),
    ):
        assert_problem(client.post(f"/pilots/{pilot.pk}/{verb}", body), 404, "not_found")
    assert_problem(
        client.upload(f"/pilots/{pilot.pk}/attachments", b"%PDF", purpose="seal"), 404, "not_found"
    )
    assert_problem(client.delete(f"/pilots/{pilot.pk}/attachments/{attachment}"), 404, "not_found")
    assert client.get("/pilots").json()["count"] == 0


@pytest.mark.parametrize("who", ["stranger", "city_all", "prefecture_handler", "state_handler"])
def test_strangers_get_404_for_submissions_and_the_register(maker, world, api, who):
    submission = maker("park", stage="submitted").submissions.get()
    client = api(world.people[who])
    for path in ("", "/package", "/plan", "/receipt"):
        assert_problem(client.get(f"/submissions/{submission.pk}{path}"), 404, "not_found")
    for path in ("/received", "/received/counts"):
        assert_problem(client.get(f"/calls/{world.call.pk}{path}"), 404, "not_found")
    assert client.get("/submissions").json()["items"] == []


def test_lists_show_each_their_own(maker, world, api):
    mine, other = maker("park", stage="submitted"), maker("sector", stage="submitted", applicant="city")
    assert [one["id"] for one in api(world.consultant).get("/pilots").json()["items"]] == [str(mine.pk)]
    assert [one["id"] for one in api(world.city_all).get("/pilots").json()["items"]] == [str(other.pk)]
    assert api(world.province_handler).get("/submissions").json()["count"] == 2
    assert api(world.park_and_province).get("/submissions?limit=1").json()["count"] == 2
    assert api(world.park_lead).get("/submissions").json()["count"] == 1
    assert api(world.province_handler).get("/pilots").json()["count"] == 0


def test_who_may_see_but_not_act_is_told_why(maker, world, api):
    pilot = maker("park", stage="signing")
    body = assert_problem(
        api(world.park_handler).post(f"/pilots/{pilot.pk}/sign", {"no_state_secrets": True}),
        403,
        "not_allowed",
    )
    assert "签发人" in body["reason"]
    body = assert_problem(api(world.park_signer).post(f"/pilots/{pilot.pk}/reopen"), 403, "not_allowed")
    body = assert_problem(api(world.park_handler).post(f"/pilots/{pilot.pk}/submit"), 409, "wrong_stage")
    assert "待签发" in body["reason"]
    verbs = {one["name"]: one for one in api(world.park_signer).get(f"/pilots/{pilot.pk}").json()["verbs"]}
    assert verbs["pilot.sign"]["allowed"]
    assert not verbs["pilot.submit"]["allowed"]
    assert verbs["pilot.submit"]["reasons"]


def test_an_idempotent_verb_asks_for_its_key(maker, world, api):
    body = assert_problem(
        api(world.park_handler).post(
            f"/calls/{world.call.pk}/pilots",
            {"applicant": str(world.park.pk), "category_id": "park", "name": "x"},
            key=None,
        ),
        422,
        "invalid",
    )
    assert body["problems"][0]["where"] == "Idempotency-Key"
    assert "同一个编号" in body["problems"][0]["mend"]
    assert Pilot.objects.count() == 0


def test_the_same_key_does_it_once_and_another_content_is_refused(world, api):
    client = api(world.park_handler)
    path = f"/calls/{world.call.pk}/pilots"
    body = {"applicant": str(world.park.pk), "category_id": "park", "name": "演示一次"}
    first, second = client.post(path, body, key="key-0001"), client.post(path, body, key="key-0001")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert LedgerEntry.objects.filter(verb="pilot.create").count() == 1
    assert_problem(client.post(path, {**body, "name": "演示两次"}, key="key-0001"), 409, "key_reused")


def test_a_file_sent_twice_is_attached_once(maker, world, api):
    pilot = maker("park", stage="drafting")
    client = api(world.park_handler)
    sent = [
        client.upload(
            f"/pilots/{pilot.pk}/attachments", small_pdf().getvalue(), key="file-0001", purpose="other"
        )
        for _time in range(2)
    ]
    assert [one.status_code for one in sent] == [201, 201]
    assert sent[0].json() == sent[1].json()
    assert Attachment.objects.filter(pilot=pilot).count() == 1


def test_an_older_revision_changes_nothing(maker, world, api):
    pilot = maker("park", stage="drafting")
    client = api(world.park_handler)
    read = client.get(f"/pilots/{pilot.pk}")
    assert read["ETag"] == f'"{pilot.revision}"'
    body = {
        "name": "演示甲",
        "object_form": "park",
        "object_name": "甲",
        "region_code": "410300",
        "sectors": [],
    }
    assert client.put(f"/pilots/{pilot.pk}/object", body, expect=pilot.revision).status_code == 200
    assert_problem(client.put(f"/pilots/{pilot.pk}/object", body, expect=pilot.revision), 409, "stale")
    assert_problem(client.put(f"/pilots/{pilot.pk}/object", body, **{"If-Match": "abc"}), 422, "invalid")


def test_two_writers_of_a_chapter_keep_both_texts(maker, world, api):
    pilot = maker("park", stage="drafting")
    leaf = pilot.notice.leaves()[0].id
    path = f"/pilots/{pilot.pk}/chapters/{leaf}"
    one, two = api(world.park_handler), api(world.consultant)
    assert one.put(path, {"html": "<p>甲写的</p>", "revision": 0}).json()["revision"] == 1
    body = assert_problem(two.put(path, {"html": "<p>乙写的</p>", "revision": 0}), 409, "chapter_changed")
    assert (body["yours"], body["theirs"]) == ("<p>乙写的</p>", {"html": "<p>甲写的</p>", "revision": 1})
    assert one.get(path).json()["html"] == "<p>甲写的</p>"
    assert "script" not in one.put(path, {"html": "<script>x</script><p>y</p>", "revision": 1}).json()["html"]
    assert_problem(
        one.put(f"/pilots/{pilot.pk}/chapters/nowhere", {"html": "", "revision": 0}), 422, "invalid"
    )


def test_a_bad_file_is_refused_with_its_reason_and_an_outsider_gets_none_through_the_gate(maker, world, api):
    pilot = maker("park", stage="drafting")
    path = f"/pilots/{pilot.pk}/attachments"
    body = assert_problem(
        api(world.park_handler).upload(path, b"MZ" + b"\0" * 200, name="报告.pdf", purpose="other"),
        422,
        "refused_upload",
    )
    assert "报告.pdf" in body["reason"]
    assert_problem(
        api(world.park_reviewer).upload(path, small_pdf().getvalue(), purpose="other"), 403, "not_allowed"
    )
    assert_problem(
        api(world.park_handler).upload(path, b"", name="空.pdf", purpose="other"), 422, "refused_upload"
    )
    assert Attachment.objects.filter(pilot=pilot).count() == 0


def test_a_file_over_the_limit_says_so(maker, world, api, settings):
    settings.QINGYUAN_UPLOAD_MAX_BYTES = 1000
    pilot = maker("park", stage="drafting")
    body = assert_problem(
        api(world.park_handler).upload(f"/pilots/{pilot.pk}/attachments", b"%PDF" * 1000, purpose="other"),
        422,
        "refused_upload",
    )
    assert "超过" in body["reason"]


def test_a_long_file_name_still_attaches(maker, world, api):
    pilot = maker("park", stage="drafting")
    sent = api(world.park_handler).upload(
        f"/pilots/{pilot.pk}/attachments", small_pdf().getvalue(), name="长" * 300 + ".pdf", purpose="other"
    )
    assert sent.status_code == 201


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": "x"}, "category_id"),
        ({"name": "x" * 500, "category_id": "park", "applicant": NOWHERE}, "name"),
        ({"name": "x", "category_id": "park", "applicant": NOWHERE}, "applicant"),
        ({"name": "x", "category_id": "park", "applicant": "not-a-uuid"}, "applicant"),
        ({"name": "x\0y", "category_id": "park", "applicant": NOWHERE}, "name"),
        ({"name": "\ud800", "category_id": "park", "applicant": NOWHERE}, "name"),
        ({"name": "x", "category_id": "park", "applicant": NOWHERE, "stage": "signed"}, "stage"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(world, api, body, where):
    import json

    response = api(world.park_handler).client.generic(
        "POST",
        f"{ROOT}/calls/{world.call.pk}/pilots",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {api(world.park_handler).secret}", "Idempotency-Key": "x" * 8},
    )
    problems = assert_problem(response, 422, "invalid")["problems"]
    assert where in {problem["where"] for problem in problems}


@pytest.mark.parametrize("raw", [b"{", b"[" * 100_000, b'{"name": NaN}', b"\xff\xfe", b"null", b'"x"'])
def test_what_is_not_json_is_a_clear_error(world, api, raw):
    client = api(world.park_handler)
    response = client.client.generic(
        "POST",
        f"{ROOT}/calls/{world.call.pk}/pilots",
        raw,
        content_type="application/json",
        headers={"Authorization": f"Bearer {client.secret}", "Idempotency-Key": "x" * 8},
    )
    assert response.status_code in {400, 422}
    assert response.json()["reason"]


def test_a_broken_multipart_body_is_a_clear_error(maker, world, api):
    pilot = maker("park", stage="drafting")
    client = api(world.park_handler)
    response = client.client.generic(
        "POST",
        f"{ROOT}/pilots/{pilot.pk}/attachments",
        io.BytesIO(b"x").getvalue(),
        content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {client.secret}", "Idempotency-Key": "x" * 8},
    )
    assert_problem(response, 400, "unreadable")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "offset=-1", "offset=99999999999999999999", "limit=x"]
)
def test_lists_are_paged_within_limits(world, api, query):
    assert_problem(api(world.park_handler).get(f"/pilots?{query}"), 422, "invalid")


def test_a_nul_in_the_address_is_refused_and_an_unknown_path_is_told_in_the_same_shape(world, api):
    assert_problem(api(world.province_handler).get(f"/calls/{world.call.pk}/received?q=%00"), 422, "invalid")
    assert_problem(Client().get(f"{ROOT}/nothing/here"), 404, "not_found")
    assert_problem(api(world.park_handler).get("/pilots/x"), 422, "invalid")
    assert_problem(api(world.park_handler).get(f"/pilots/{NOWHERE}"), 404, "not_found")


def test_the_public_check_is_not_fooled_and_has_a_brake(world, api, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "check"}
    }
    receipt = {
        "seq": 1,
        "body": "[" * 150_000,
        "prev": "0" * 64,
        "hash": "0" * 64,
        "following": [],
        "head": {"seq": 1, "hash": "0" * 64},
    }
    client = Client()
    statuses = set()
    for _time in range(70):
        response = client.post(f"{ROOT}/ledger/check", {"receipt": receipt}, content_type="application/json")
        statuses.add(response.status_code)
        if response.status_code == 200:
            assert not response.json()["holds"]
    assert statuses == {200, 429}
    assert response.json()["error"] == "too_many"
