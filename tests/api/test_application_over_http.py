"""A whole application over HTTP, from nothing to a received submission, by the applicant's people and a service body."""

from __future__ import annotations

import hashlib

import pytest

from qingyuan.kernel import ledger
from qingyuan.pilots.models import Submission
from tests.pilot_maker import ANSWERS, EVIDENCE, MEASURES, credit_code, small_pdf


def ok(response, status=200):
    assert response.status_code == status, response.content.decode()
    return response.json() if response["Content-Type"].startswith("application/json") else response


def content(response):
    return b"".join(response.streaming_content)


def fill(client, pilot):
    path = f"/pilots/{pilot}"
    ok(
        client.put(
            f"{path}/object",
            {
                "name": "演示接口试点",
                "object_form": "park",
                "object_name": "演示园区",
                "region_code": "410300",
                "sectors": ["electroplating"],
            },
        )
    )
    for condition in ok(client.get(f"{path}/eligibility")):
        ok(client.put(f"{path}/eligibility/{condition['id']}", {"answers": ANSWERS[condition["id"]]}))
        for question in EVIDENCE.get(condition["id"], []):
            ok(
                client.upload(
                    f"{path}/attachments",
                    small_pdf(question).getvalue(),
                    name=f"{question}.pdf",
                    purpose="evidence",
                    condition_id=condition["id"],
                    question_id=question,
                ),
                201,
            )
    rows = [
        {"name": f"演示企业{n}", "credit_code": credit_code(n), "sector": "electroplating"} for n in (1, 2, 3)
    ]
    ok(client.put(f"{path}/scope", {"rows": rows}))
    for chapter in ok(client.get(f"{path}/chapters")):
        ok(
            client.put(
                f"{path}/chapters/{chapter['id']}",
                {"html": f"<p>演示：{chapter['title']}</p>", "revision": chapter["revision"]},
            )
        )
    targets = ok(client.get(f"{path}/targets"))
    for row in targets:
        row["baseline_year"], (row["baseline"], row["target"]) = 2021, MEASURES[row["measure_id"]]
    ok(client.put(f"{path}/targets", {"rows": targets}))


@pytest.mark.clause("H1")
def test_from_a_call_to_a_receipt(world, api):
    handler, reviewer, signer = api(world.park_handler), api(world.park_reviewer), api(world.park_signer)
    (call,) = ok(handler.get("/calls"))["items"]
    assert call["is_open"]
    (applicant,) = [body for body in ok(handler.get("/me"))["organisations"] if body["may_apply"]]
    created = ok(
        handler.post(
            f"/calls/{call['id']}/pilots",
            {"applicant": applicant["id"], "category_id": "park", "name": "演示接口试点"},
        ),
        201,
    )
    path = f"/pilots/{created['id']}"
    assert {finding["area"] for finding in ok(handler.get(f"{path}/findings"))} >= {"object", "scope", "plan"}
    refused = handler.post(f"{path}/hand-in", {})
    assert refused.status_code == 422
    assert all(problem["url"] for problem in refused.json()["problems"])

    fill(api(world.consultant), created["id"])
    assert [one["message"] for one in ok(handler.get(f"{path}/findings")) if one["level"] == "error"] == [
        "尚未上传盖章页"
    ]
    assert ok(handler.post(f"{path}/hand-in", {}))["stage"] == "reviewing"
    assert ok(reviewer.post(f"{path}/return", {"remark": "演示：补充"}))["stage"] == "drafting"
    ok(handler.post(f"{path}/hand-in", {"remark": "演示"}))
    assert ok(reviewer.post(f"{path}/pass-review", {}))["stage"] == "signing"
    assert ok(signer.post(f"{path}/sign", {"no_state_secrets": True}))["stage"] == "signed"
    seal = ok(handler.upload(f"{path}/attachments", small_pdf("盖章").getvalue(), purpose="seal"), 201)
    assert seal["title"] == "盖章页.pdf"
    assert content(handler.get(f"{path}/attachments/{seal['id']}/file")) == small_pdf("盖章").getvalue()

    submitted = ok(handler.post(f"{path}/submit", key="submit-once"), 201)
    assert submitted["register_number"] == "收〔2022〕0001号"
    assert submitted["mail_subject"] == "2022+演示接口试点+演示·洛阳新材料产业园区管委会"
    assert submitted["mailbox"] == "call-2022@example.org"
    again = ok(handler.post(f"{path}/submit", key="submit-once"), 201)
    assert again == submitted
    assert Submission.objects.count() == 1

    province = api(world.reform_handler)
    (row,) = ok(province.get(f"/calls/{call['id']}/received"))["items"]
    assert (row["submission"], row["state"]) == (submitted["id"], "received")
    assert ok(province.get(f"/calls/{call['id']}/received/counts"))["prefectures"] == {
        "410300": {"received": 1}
    }
    package = content(province.get(f"/submissions/{submitted['id']}/package"))
    assert hashlib.sha256(package).hexdigest() == submitted["package_sha256"]
    plan = content(province.get(f"/submissions/{submitted['id']}/plan"))
    assert hashlib.sha256(plan).hexdigest() == submitted["plan_sha256"]
    receipt = ok(province.get(f"/submissions/{submitted['id']}/receipt"))
    head = ok(province.get("/ledger/head"))
    assert head["hash"] == ledger.head().hash
    checked = ok(province.post("/ledger/check", {"receipt": receipt, "head": head["hash"]}))
    assert checked == {"holds": True, "known": True, "problems": []}
    receipt["body"] = receipt["body"].replace("410300", "410301").replace("version", "versiom")
    assert not ok(province.post("/ledger/check", {"receipt": receipt}))["holds"]

    assert ok(handler.post(f"{path}/reopen"))["stage"] == "drafting"
    assert ok(signer.post(f"{path}/withdraw", {"remark": "演示：不再申报"}))["stage"] == "withdrawn"


def test_the_notice_comes_as_data(world, api):
    notice = ok(api(world.park_handler).get(f"/calls/{world.call.pk}/notice"))
    assert [category["id"] for category in notice["categories"]] == ["sector", "park", "region"]
    assert {condition["clause"] for condition in notice["eligibility"]} >= {"N5.1", "N5.2", "N5.3", "N5.4"}


def test_every_clause_is_listed_with_its_places(world, api):
    clauses = {one["id"]: one for one in ok(api(world.stranger).get("/clauses"))}
    assert {"N0", "N4", "N5.1", "H1"} <= set(clauses)
    assert "pilot.submit" in {where["verb"] for where in clauses["H1"]["where"]}
