"""The registry over HTTP: a list in, one enterprise read and changed, the public look-up without a token."""

from __future__ import annotations

from django.test import Client

from qingyuan.registry.models import Enterprise
from tests.pilot_maker import credit_code

ROW = {"name": "演示企业", "credit_code": credit_code(1), "region_code": "410300", "listed_on": "2022-03-31"}


def ok(response, status=200):
    assert response.status_code == status, response.content.decode()
    return response.json()


def test_an_enterprise_from_the_list_to_the_look_up(world, api):
    client = api(world.province_handler)
    lists = f"/organisations/{world.henan_ecology.pk}/enterprises"
    wrong = client.post(lists, {"rows": [ROW, {**ROW, "region_code": "110000"}]})
    assert wrong.status_code == 422
    assert {one["where"] for one in wrong.json()["problems"]} == {"rows.1.credit_code", "rows.1.region_code"}
    made = ok(client.post(lists, {"rows": [ROW, {**ROW, "credit_code": credit_code(2)}]}), 201)
    assert (made["rows"], made["added"]) == (2, 2)
    (found,) = ok(client.get(f"/enterprises?text={credit_code(1)}"))["items"]
    path = f"/enterprises/{found['id']}"
    detail = ok(client.get(path))
    assert [(one["step"], one["due"]) for one in detail["duties"]] == [
        ("disclose", "2022-04-30"),
        ("start", "2022-05-31"),
        ("report", "2023-03-31"),
    ]
    audit = {"kind": "mandatory", "completed_on": "2022-06-01", "level": "II", "source": "演示文号"}
    record = ok(client.post(f"{path}/audits", audit), 201)
    assert ok(client.get(path))["duties"][-1]["due"] == "2027-06-01"
    public = ok(Client().get(f"/api/v1/enterprise-audits/{credit_code(1)}"))
    assert public == {
        "name": "演示企业",
        "credit_code": credit_code(1),
        "audits": [{"completed_on": "2022-06-01", "kind": "mandatory", "level": "II", "source": "演示文号"}],
    }
    assert Client().get(f"/api/v1/enterprise-audits/{credit_code(3)}").status_code == 404
    assert ok(client.post(f"/audit-records/{record['id']}/revoke", {"reason": "演示"}))["stage"] == "revoked"
    assert ok(client.post(f"{path}/rename", {"name": "演示新名", "on": "2022-06-02"}))["name"] == "演示新名"
    assert ok(client.post(f"{path}/close", {"on": "2022-06-03", "reason": "演示"}))["stage"] == "closed"
    assert ok(client.post(f"{path}/reopen"))["stage"] == "active"
    merged = ok(client.post(f"{path}/merge", {"into": credit_code(2)}))
    assert merged["merged_into"] == str(Enterprise.objects.get(credit_code=credit_code(2)).pk)


def test_strangers_read_and_change_nothing(world, api):
    one = Enterprise.objects.create(name="演示", credit_code=credit_code(1), province="41")
    stranger = api(world.park_handler)
    assert stranger.get("/enterprises").status_code == 403
    assert stranger.get(f"/enterprises/{one.pk}").status_code == 404
    assert (
        stranger.post(f"/enterprises/{one.pk}/close", {"on": "2022-06-01", "reason": "演示"}).status_code
        == 404
    )
    lists = f"/organisations/{world.henan_ecology.pk}/enterprises"
    assert stranger.post(lists, {"rows": [ROW]}).status_code == 404
    reform = api(world.reform_handler)
    assert ok(reform.get(f"/enterprises/{one.pk}"))["name"] == "演示"
    assert reform.post(f"/enterprises/{one.pk}/reopen").status_code == 403
