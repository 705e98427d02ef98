"""公示 in a real browser: opened by the department, read and objected to by somebody without an account, settled, closed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from qingyuan.kernel import clock
from qingyuan.review.models import Objection
from tests.browser.test_review_way import submit
from tests.review.publicity_maker import ADDRESS, ENDS, agreed
from tests.review.test_decisions import fresh


@pytest.mark.clause("X1")
def test_from_the_agreed_decision_to_the_release(live_review, look):
    decision = agreed(live_review)
    officer = look(live_review.province_handler.username)
    page = officer.go("publicity-decision", f"/review/decisions/{decision.pk}/")
    expect(page.locator("main")).to_contain_text("公示结束后才能公布")
    page = officer.go("publicity-open", f"/review/decisions/{decision.pk}/publicise/")
    page.fill("[name=contact]", ADDRESS)
    submit(officer)
    publicity = decision.publicities.get()
    assert publicity.ends_at == ENDS
    officer.at("publicity-opened")
    object_as_a_stranger(look, publicity, live_review)
    officer.go("publicity-home", "/")
    page = officer.go("publicity-objected", publicity.get_absolute_url())
    page.get_by_role("link", name="办结异议").click()
    page.wait_for_load_state()
    page.check("[name=outcome][value=dismissed]")
    page.fill("[name=answer]", "演示：经核实，公示内容属实。")
    officer.at("publicity-settle")
    submit(officer)
    officer.go("publicity-register", f"/review/publicities/{publicity.pk}/register/")
    with clock.at(ENDS):
        officer.go("publicity-close", f"/review/publicities/{publicity.pk}/close/")
        submit(officer)
        officer.at("publicity-closed")
        signer = look(live_review.province_signer.username)
        signer.go("publicity-release", f"/review/decisions/{decision.pk}/release/")
        submit(signer)
    assert fresh(decision).stage == "released"


def object_as_a_stranger(look: Any, publicity: Any, review: Any) -> None:
    stranger = look("")
    page = stranger.go("public-publicities", "/publicity/")
    page.get_by_role("link", name=str(publicity)).click()
    page.wait_for_load_state()
    stranger.at("public-publicity")
    expect(page.locator("main")).to_contain_text(review.cases[0].title)
    expect(page.locator("main")).not_to_contain_text(review.cases[3].title)
    page.get_by_role("link", name="提出异议").click()
    page.wait_for_load_state()
    page.fill("[name=text]", "演示：企业数量与公开资料不一致。")
    page.fill("[name=objector]", "演示·王某")
    page.fill("[name=objector_contact]", "0371-00000000")
    stranger.at("public-object")
    submit(stranger)
    came = Objection.objects.get()
    expect(page.locator("main")).to_contain_text(came.code)
    stranger.at("public-receipt")
