"""An enterprise's evaluation and the financing reserve over HTTP."""

from __future__ import annotations

from tests.pilot_maker import credit_code
from tests.reserve_maker import COMPLETE
from tests.review_of_audits_maker import full_marks
from tests.schemes_maker import bring, pilot_of, propose


def ok(response, status=200):
    assert response.status_code == status, response.content.decode()
    return response.json()


def test_an_evaluation_asked_for_and_recorded(maker, world, api):
    from qingyuan.audits.models import AuditReview

    pilot, park, province = pilot_of(maker), api(world.park_handler), api(world.province_handler)
    path = f"/pilots/{pilot.pk}/audit-reviews"
    body = {"credit_code": credit_code(1), "kind": "evaluate"}
    assert park.post(path, body).status_code == 422
    bring(maker, propose(maker), "done")
    made = ok(park.post(path, body), 201)
    assert (made["stage"], made["sheet"], made["round"]) == ("asked", "own-evaluate", 1)
    scores = {name: str(value) for name, value in full_marks(AuditReview.objects.get()).items()}
    one = f"/audit-reviews/{made['id']}"
    result = {"held_on": "2022-06-19", "scores": scores, "opinion": "演示：同意"}
    assert park.post(f"{one}/record", result).status_code == 403
    done = ok(province.post(f"{one}/record", result))
    assert (done["stage"], done["total"]) == ("passed", "100")
    assert ok(park.get(path))["count"] == 1
    assert ok(province.post(f"{one}/revoke", {"reason": "演示"}))["stage"] == "revoked"
    assert api(world.city_handler).get(one).status_code == 404


def test_a_scheme_to_the_reserve_and_to_the_bank(maker, world, api):
    park, province = api(world.park_handler), api(world.province_handler)
    scheme = bring(maker, propose(maker, kind="high"), "feasible")
    made = ok(park.post(f"/schemes/{scheme.pk}/nominate"), 201)
    assert (made["stage"], made["source_scheme"]) == ("nominated", str(scheme.pk))
    assert {gap["field"] for gap in made["gaps"]} >= {"investment_code", "eia"}
    one = f"/reserve/{made['id']}"
    admitted_on = {"admitted_on": "2022-06-18"}
    assert province.post(f"{one}/admit", admitted_on).status_code == 422
    body = {name: str(value) for name, value in COMPLETE.items()}
    revised = ok(park.post(f"{one}/revise", body))
    assert (revised["gaps"], revised["gap_wan_cny"], revised["payback_years"]) == ([], "200", "8")
    assert park.post(f"{one}/admit", admitted_on).status_code == 403
    ok(province.post(f"{one}/admit", admitted_on))
    given = {"financed_on": "2022-06-19", "financed_wan_cny": "150", "financed_by": "演示银行"}
    assert ok(province.post(f"{one}/finance", given))["stage"] == "financed"
    assert ok(province.get("/reserve?stage=financed"))["count"] == 1
    assert ok(api(world.city_handler).get("/reserve"))["count"] == 0
    assert api(world.city_handler).get(one).status_code == 404
    own = ok(province.post(f"/enterprises/{made['enterprise']}/reserve", {"title": "演示：余热"}), 201)
    assert own["nominated_by"] == str(world.henan_ecology.pk)
