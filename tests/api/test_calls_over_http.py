"""A call over HTTP: prepared from its notice, consulted, published, extended; strangers hear of nothing before."""

from __future__ import annotations

import pytest

from qingyuan.calls.models import Call

NOTICE = "national-2022"


def ok(response, status=200):
    assert response.status_code == status, response.content.decode()
    return response.json()


def refused(response, status, where=""):
    assert response.status_code == status, response.content.decode()
    body = response.json()
    assert not where or where in {problem["where"] for problem in body["problems"]}
    return body


@pytest.fixture
def draft(world):
    """What the notice says, as the body of `call.prepare`."""

    def make(client):
        (offered,) = [
            one
            for one in ok(client.get("/joint-bodies/notices"))
            if one["notice"] == NOTICE and not one["call"]
        ]
        said = ok(client.get(f"/joint-bodies/{offered['joint_body']['id']}/notices/{NOTICE}"))
        body = {
            "notice_id": NOTICE,
            "opens_at": said["opens_at"],
            "closes_at": said["closes_at"],
            "mailbox": "state@example.org",
            "options": said["options"],
            "addressees": [one["id"] for one in said["addressees"]],
        }
        return f"/joint-bodies/{offered['joint_body']['id']}/calls", body

    return make


@pytest.mark.clause("N0")
def test_a_call_from_its_notice_to_its_publication(world, api, draft):
    handler, signer, cosigner = api(world.state_handler), api(world.state_signer), api(world.ndrc_signer)
    where, body = draft(handler)
    made = ok(handler.post(where, body, key="prepare-1"), 201)
    assert ok(handler.post(where, body, key="prepare-1"), 201)["id"] == made["id"]
    refused(handler.post(where, body), 422, "notice_id")
    path = f"/calls/{made['id']}"
    assert made["stage"] == "draft"
    assert ok(handler.get(f"{path}/addressees"))["count"] == len(body["addressees"])

    stranger = api(world.park_lead)
    for read in ("", "/notice", "/consultation", "/addressees", "/supplements"):
        refused(stranger.get(path + read), 404)
    for verb, sent in (
        ("consent", None),
        ("publish", {}),
        ("send-for-cosign", None),
        ("return", {"remark": "x"}),
    ):
        refused(stranger.post(f"{path}/{verb}", sent), 404)

    revision = {name: value for name, value in body.items() if name != "notice_id"}
    assert (
        ok(handler.put(path, revision | {"mailbox": "other@example.org"}))["mailbox"] == "other@example.org"
    )
    refused(handler.put(path, revision | {"mailbox": "nobody"}), 422, "mailbox")
    refused(handler.put(path, revision | {"closes_at": body["opens_at"]}), 422, "closes_at")
    refused(handler.put(path, revision | {"closes_at": "2022-07-01T00:00:00"}), 422, "closes_at")
    refused(handler.put(path, revision | {"addressees": [str(world.park.pk)]}), 422, "addressees")
    refused(signer.put(path, revision), 403)

    assert ok(handler.post(f"{path}/send-for-cosign"))["stage"] == "cosign"
    assert ok(cosigner.post(f"{path}/return", {"remark": "演示：改时间"}))["stage"] == "draft"
    ok(handler.post(f"{path}/send-for-cosign"))
    refused(signer.post(f"{path}/publish", {}), 422, "consents")
    consultation = ok(handler.get(f"{path}/consultation"))
    assert [one["name"] for one in consultation["missing"]] == [world.ndrc.name]
    refused(handler.post(f"{path}/consent"), 403)
    ok(cosigner.post(f"{path}/consent"))
    assert ok(handler.get(f"{path}/consultation"))["missing"] == []
    published = ok(signer.post(f"{path}/publish", {"document_number": "演示〔2022〕1号"}, key="publish-1"))
    assert (published["stage"], published["document_number"]) == ("open", "演示〔2022〕1号")
    assert ok(signer.post(f"{path}/publish", {"document_number": "演示〔2022〕1号"}, key="publish-1"))
    assert ok(stranger.get(path))["stage"] == "open"
    refused(stranger.get(f"{path}/consultation"), 404)
    assert Call.objects.filter(notice_id=NOTICE).count() == 1


def test_strangers_prepare_nothing(world, api, draft):
    where, body = draft(api(world.state_handler))
    for who in (world.province_handler, world.park_lead, world.state_signer, world.operator):
        refused(api(who).post(where, body), 404)
        refused(api(who).get(where.replace("/calls", f"/notices/{NOTICE}")), 404)
    assert ok(api(world.park_lead).get("/joint-bodies/notices")) == []
    refused(api(world.state_handler).post(where, body | {"notice_id": "henan-2022"}), 422, "notice_id")


@pytest.mark.clause("H1")
def test_a_deadline_moves_only_with_both_departments(world, api):
    handler, signer, cosigner = (
        api(world.province_handler),
        api(world.province_signer),
        api(world.reform_signer),
    )
    call = f"/calls/{world.call.pk}"
    body = {"new_closes_at": "2022-07-05T18:00:00+08:00", "reason": "演示：延长"}
    refused(handler.post(f"{call}/supplements", body | {"new_closes_at": "2022-06-01T00:00:00Z"}), 422)
    refused(handler.post(f"{call}/supplements", body | {"new_closes_at": "9999-12-31T23:59:59-23:00"}), 422)
    refused(api(world.park_lead).post(f"{call}/supplements", body), 403)
    first = ok(handler.post(f"{call}/supplements", body, key="propose-1"), 201)
    assert ok(handler.post(f"{call}/supplements", body, key="propose-1"), 201)["id"] == first["id"]
    path = f"/supplements/{first['id']}"
    stranger = api(world.park_handler)
    refused(stranger.get(path), 404)
    for verb in ("consent", "drop", "issue"):
        refused(stranger.post(f"{path}/{verb}", {} if verb == "issue" else None), 404)
    assert ok(stranger.get(f"{call}/supplements")) == []
    assert ok(cosigner.post(f"{path}/drop"))["stage"] == "dropped"

    second = ok(handler.post(f"{call}/supplements", body), 201)
    path = f"/supplements/{second['id']}"
    refused(signer.post(f"{path}/issue", {}), 422, "consents")
    refused(handler.post(f"{path}/consent"), 403)
    assert ok(cosigner.post(f"{path}/consent"))["consultation"]["missing"] == []
    assert ok(signer.post(f"{path}/issue", {"document_number": "演示2号"}))["stage"] == "issued"
    assert ok(stranger.get(call))["closes_at"] == "2022-07-05T10:00:00Z"
    assert ok(stranger.get(path))["consultation"] is None
    assert [one["id"] for one in ok(stranger.get(f"{call}/supplements"))] == [second["id"]]
    assert len(ok(handler.get(f"{call}/supplements"))) == 2


def test_one_enterprise_joins_and_leaves_the_scope(maker, world, api):
    from tests.pilot_maker import credit_code

    pilot = maker("park", stage="drafting", scope=1)
    client, path = api(world.park_handler), f"/pilots/{pilot.pk}/scope"
    body = {"name": "演示企业九", "credit_code": credit_code(9), "sector": "electroplating"}
    ok(client.post(path, body))
    refused(client.post(path, body), 422, "credit_code")
    (entry,) = [one for one in ok(client.get(path))["items"] if one["credit_code"] == credit_code(9)]
    ok(client.delete(f"{path}/{entry['id']}"))
    refused(client.delete(f"{path}/{entry['id']}"), 422, "entry_id")
    refused(api(world.city_all).post(path, body), 404)
    refused(api(world.city_all).delete(f"{path}/{entry['id']}"), 404)
