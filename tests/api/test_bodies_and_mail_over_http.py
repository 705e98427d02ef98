"""Bodies, people, authorisations, experts, mail and tokens over HTTP: for those of the pages, and nobody else."""

from __future__ import annotations

import pytest

from qingyuan.kernel.models import ApiToken, LedgerEntry
from qingyuan.people.models import Authorisation, JointBody, Organisation
from tests.api.conftest import ApiClient, token_of
from tests.house.cases.people import mail_in
from tests.pilot_maker import credit_code, small_pdf

NEW_BODY = {"name": "演示·新登记的园区", "kind": "park", "region_code": "410300"}


def ok(response, status=200):
    assert response.status_code == status, response.content.decode()
    return response.json()


def refused(response, status, where=""):
    assert response.status_code == status, response.content.decode()
    body = response.json()
    assert body["reason"]
    assert not where or where in {problem["where"] for problem in body["problems"]}
    return body


def test_an_operator_registers_a_body_once(world, api):
    operator = api(world.operator)
    first = ok(operator.post("/organisations", NEW_BODY, key="register-1"), 201)
    assert ok(operator.post("/organisations", NEW_BODY, key="register-1"), 201) == first
    assert Organisation.objects.filter(name=NEW_BODY["name"]).count() == 1
    refused(operator.post("/organisations", NEW_BODY), 422, "name")
    for wrong, where in (
        ({"credit_code": "91"}, "credit_code"),
        ({"region_code": "999999"}, "region_code"),
        ({"parent": "没有这个单位"}, "parent"),
        ({"kind": "nothing"}, "kind"),
        ({"email": "x"}, "email"),
    ):
        refused(operator.post("/organisations", NEW_BODY | {"name": "演示·又一个"} | wrong), 422, where)
    body = NEW_BODY | {"name": "演示·企业", "parent": NEW_BODY["name"], "credit_code": credit_code(7).lower()}
    made = ok(operator.post("/organisations", body, key="register-2"), 201)
    detail = ok(operator.get(f"/organisations/{made['id']}"))
    assert (detail["parent"]["id"], detail["credit_code"]) == (first["id"], credit_code(7))
    assert ok(operator.get("/organisations?text=新登记"))["count"] == 1
    assert refused(api(world.park_lead).post("/organisations", NEW_BODY), 403)["error"] == "not_allowed"


def test_only_its_people_and_operators_look_into_a_body(world, api):
    path = f"/organisations/{world.park.pk}"
    assert ok(api(world.park_handler).get(path))["my_roles"] == ["handler"]
    assert [one["id"] for one in ok(api(world.park_handler).get("/organisations"))["items"]] == [
        str(world.park.pk)
    ]
    given = ok(api(world.park_handler).get(f"{path}/authorisations"))["items"]
    held = ok(api(world.consultant).get(f"/organisations/{world.service.pk}/authorisations?direction=held"))[
        "items"
    ]
    assert [one["id"] for one in given] == [one["id"] for one in held]
    stranger = api(world.city_all)
    for read in (path, f"{path}/members", f"{path}/authorisations"):
        refused(stranger.get(read), 404)
    authorisation = f"/authorisations/{given[0]['id']}"
    for read in (authorisation, f"{authorisation}/agreement"):
        refused(stranger.get(read), 404)
    member = {"name": "演示", "email": "new@example.org", "role": "handler"}
    refused(stranger.post(f"{path}/members", member), 404)
    refused(stranger.delete(f"{path}/members/1"), 404)
    refused(stranger.post(f"{authorisation}/end"), 404)
    refused(api(world.park_handler).post(f"{path}/members", member), 403)


def test_a_lead_adds_and_removes_people(world, api):
    lead, path = api(world.park_lead), f"/organisations/{world.park.pk}/members"
    body = {"name": "演示新人", "email": "new@example.org", "role": "handler"}
    made = ok(lead.post(path, body, key="member-01"), 201)
    assert ok(lead.post(path, body, key="member-01"), 201) == made
    assert made in ok(lead.get(path))["items"]
    refused(lead.post(path, body), 422, "role")
    refused(lead.post(path, body | {"role": "king"}), 422, "role")
    assert ok(lead.delete(f"{path}/{made['id']}"))["id"] == str(world.park.pk)
    refused(lead.delete(f"{path}/{made['id']}"), 422, "membership_id")
    assert refused(lead.post(path, body, key="member-01"), 409)["error"] == "key_reused"
    assert LedgerEntry.objects.filter(verb="organisation.add_member").count() == 1


def test_an_authorisation_is_given_with_its_agreement_and_ended(world, api):
    signer = api(world.park_signer)
    path = f"/organisations/{world.park.pk}/authorisations"
    body = {
        "service_body": world.service.name,
        "scope": "read",
        "valid_from": "2022-06-01",
        "valid_until": "2022-07-01",
    }

    def grant(client, key, **changed):
        headers = {"Authorization": f"Bearer {client.secret}", "Idempotency-Key": key}
        file = small_pdf("演示协议")
        return client.client.post(
            f"/api/v1{path}", {**body, "secrecy_agreement": file, **changed}, headers=headers
        )

    made = ok(grant(signer, "grant-001"), 201)
    assert made["has_agreement"]
    assert ok(grant(signer, "grant-001"), 201) == made
    assert Authorisation.objects.filter(applicant=world.park).count() == 2
    refused(grant(signer, "grant-002", service_body=world.city.name), 422, "service_body")
    refused(grant(signer, "grant-003", valid_until="2022-05-01"), 422, "valid_until")
    refused(grant(signer, "grant-004", valid_until="9999-12-31"), 422, "valid_until")
    refused(grant(api(world.park_handler), "grant-005"), 403)
    file = api(world.consultant).get(f"/authorisations/{made['id']}/agreement")
    assert b"".join(file.streaming_content) == small_pdf("演示协议").getvalue()
    refused(api(world.consultant).post(f"/authorisations/{made['id']}/end"), 403)
    assert ok(signer.post(f"/authorisations/{made['id']}/end"))["stage"] == "ended"
    refused(signer.post(f"/authorisations/{made['id']}/end"), 409)


def test_an_operator_forms_a_joint_body_and_enrols_an_expert(world, api):
    operator = api(world.operator)
    body = {
        "level": "province",
        "host": world.henan_reform.name,
        "cosigner": world.henan_ecology.name,
    }
    made = ok(operator.post("/joint-bodies", body, key="joint-001"), 201)
    assert [part["part"] for part in made["parts"]] == ["host", "cosigner"]
    assert ok(operator.post("/joint-bodies", body, key="joint-001"), 201) == made
    assert JointBody.objects.filter(name=made["name"]).count() == 1
    refused(operator.post("/joint-bodies", body), 422, "host")
    refused(operator.post("/joint-bodies", body | {"cosigner": body["host"]}), 422, "cosigner")
    refused(operator.post("/joint-bodies", body | {"host": world.park.name}), 422, "host")
    refused(api(world.park_lead).post("/joint-bodies", body), 403)

    expert = {"email": world.consultant.email, "code": "E-002", "fields": ["electroplating"]}
    enrolled = ok(operator.post("/experts", expert, key="expert-01"), 201)
    assert ok(operator.post("/experts", expert, key="expert-01"), 201) == enrolled
    problems = refused(operator.post("/experts", expert | {"fields": ["x"]}), 422)["problems"]
    assert {problem["where"] for problem in problems} == {"fields", "email", "code"}
    refused(operator.post("/experts", expert | {"email": "nobody@example.org"}), 422, "email")
    assert ok(operator.get("/experts"))["count"] == 2
    refused(api(world.expert).get("/experts"), 403)
    refused(api(world.expert).post("/experts", expert), 403)


def test_an_expert_declares_the_own_interests(world, api):
    expert = api(world.expert)
    rows = [
        {"body_name": world.park.name, "relation": "consulting"},
        {"body_name": "演示·未登记的公司", "relation": "kin", "until": "2023-01-01"},
    ]
    ok(expert.put("/me/interests", {"interests": rows, "truthful": True}))
    found = ok(expert.get("/me/interests"))
    assert [one["registered"] for one in found["interests"]] == [True, False]
    refused(expert.put("/me/interests", {"interests": rows, "truthful": False}), 422, "truthful")
    refused(expert.put("/me/interests", {"interests": [rows[0] | {"body_name": " "}], "truthful": True}), 422)
    ok(expert.put("/me/interests", {"interests": [], "truthful": True}, expect=found["revision"]))
    refused(expert.put("/me/interests", {"interests": [], "truthful": True}, expect=found["revision"]), 409)
    refused(api(world.park_lead).get("/me/interests"), 404)
    refused(api(world.park_lead).put("/me/interests", {"interests": [], "truthful": True}), 404)


@pytest.mark.parametrize(("verb", "stage"), [("release", "queued"), ("discard", "discarded")])
def test_mail_is_released_or_held_back_by_those_in_whose_name_it_goes(maker, world, api, verb, stage):
    path = f"/mails/{mail_in(maker, 'draft').pk}"
    for stranger in (world.city_all, world.operator, world.consultant):
        refused(api(stranger).get(path), 404)
        refused(api(stranger).post(f"{path}/{verb}"), 404)
        assert path.removeprefix("/mails/") not in {
            one["id"] for one in ok(api(stranger).get("/mails"))["items"]
        }
    assert ok(api(world.park_reviewer).get("/mails?stage=draft"))["count"] == 1
    refused(api(world.park_reviewer).post(f"{path}/{verb}"), 403)
    handler = api(world.park_handler)
    assert ok(handler.get(path))["body"] == "演示"
    assert ok(handler.post(f"{path}/{verb}"))["stage"] == stage
    refused(handler.post(f"{path}/{verb}"), 409)


def test_tokens_are_listed_and_revoked_but_never_issued_by_a_token(world):
    secret, other = token_of(world.park_handler), token_of(world.park_handler)
    client = ApiClient(secret)
    theirs = ApiToken.objects.get(digest=ApiToken.digest_of(token_of(world.city_all)))
    second = ApiToken.objects.get(digest=ApiToken.digest_of(other))
    assert {one["id"] for one in ok(client.get("/me/tokens"))["items"]} >= {str(second.pk)}
    assert str(theirs.pk) not in str(ok(client.get("/me/tokens")))
    assert client.post("/me/tokens", {"name": "x", "days": 1}).status_code == 405
    refused(client.post(f"/me/tokens/{theirs.pk}/revoke"), 404)
    assert ok(client.post(f"/me/tokens/{second.pk}/revoke"))["revoked_at"]
    refused(ApiClient(other).get("/me"), 401)
