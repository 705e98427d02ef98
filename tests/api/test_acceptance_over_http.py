"""Evaluation and acceptance of a pilot over HTTP."""

from __future__ import annotations

from tests.delivery_maker import CONCLUSION
from tests.pilot_maker import small_pdf


def ok(response, status=200):
    assert response.status_code == status, response.content.decode()
    return response.json()


def test_a_result_of_elsewhere_is_recorded_with_its_paper(delivery, api):
    host = api(delivery.province_handler)
    path = f"/projects/{delivery.project.pk}"
    assert host.get(f"{path}/conclusion").status_code == 404
    code = delivery.project.scope.first().enterprise.credit_code
    given = {**CONCLUSION, "listed_on": "2022-09-20", "exclusions": f"{code}，演示：停产"}
    wrong = host.upload(f"{path}/conclude", small_pdf().read(), name="名单.pdf", **{**given, "outcome": "so"})
    assert {one["where"] for one in wrong.json()["problems"]} == {"outcome"}
    assert api(delivery.park_handler).upload(f"{path}/conclude", b"", **given).status_code == 403
    assert api(delivery.city_handler).upload(f"{path}/conclude", b"", **given).status_code == 404
    made = ok(host.upload(f"{path}/conclude", small_pdf().read(), name="名单.pdf", **given))
    assert (made["outcome"], made["source"]) == ("passed", "recorded")
    assert [(one["credit_code"], one["reason"]) for one in made["exclusions"]] == [(code, "演示：停产")]
    assert ok(api(delivery.park_handler).get(f"{path}/conclusion")) == made
    assert ok(host.get(path))["stage"] == "passed"
