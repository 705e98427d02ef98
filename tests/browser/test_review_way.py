"""The province's review in a real browser: twelve received applications, form check, panel, joint decision, five recommended."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from qingyuan.demo import review as scene
from qingyuan.demo import world as demo
from qingyuan.kernel import clock
from qingyuan.people.models import Organisation, User
from qingyuan.review.models import Decision, Round

DAY_AFTER = "2022-07-01T09:00:00+08:00"
DECIDING = "2022-07-10T09:00:00+08:00"
MOST = 5


@pytest.fixture
def world(transactional_db: None) -> Any:
    """The demo with twelve applications received; nobody has begun to review them."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with clock.at(DAY_AFTER), override_settings(PASSWORD_HASHERS=hashers):
        demo.build(scene="received")
    return SimpleNamespace(
        operator=User.objects.get(is_superuser=True),
        people={user.username: user for user in User.objects.all()},
        bodies={"ecology-410000": Organisation.objects.get(name="河南省生态环境厅")},
    )


@pytest.fixture
def at_work(world: Any) -> Iterator[Any]:
    with clock.at(DAY_AFTER):
        yield world


def submit(look: Any, name: str = "") -> Any:
    """Press the button of the page's own form (or that of this name), and confirm where it asks."""
    page = look.visitor.page
    buttons = page.locator("main form:not(.q-filter) button[type=submit]")
    button = page.get_by_role("button", name=name, exact=True) if name else buttons.last
    asks = button.evaluate("button => button.dataset.confirm || button.form.dataset.confirm || ''")
    with page.expect_navigation():
        button.click()
        if asks:
            page.locator("dialog[open] .btn-primary").click()
    return page


@pytest.mark.clause("H2")
@pytest.mark.clause("H3")
@pytest.mark.clause("N8")
def test_twelve_received_five_recommended(at_work, look):
    officer = look("ting-jingban")
    call = Round.call.field.related_model.objects.get(notice_id="henan-2022")
    officer.go("review-received", f"/calls/{call.pk}/received/")
    officer.go("review-none", "/review/")
    officer.go("review-open", f"/calls/{call.pk}/review/")
    submit(officer)
    round_ = Round.objects.get()
    assert round_.cases.count() == 12
    at = f"/review/rounds/{round_.pk}"
    officer.go("review-round-new", f"{at}/")
    officer.go("review-configure", f"{at}/configure/")
    submit(officer)
    officer.go("review-start", f"{at}/start/")
    submit(officer)
    check_one_form(officer, round_)
    for case in round_.cases.exclude(number=1).order_by("number"):
        scene.check_form(at_work, case, only_passing=True)
    officer.go("review-round", f"{at}/")
    officer.go("review-form-checks", f"{at}/form-checks/")
    seats = scene.appoint(at_work, round_)
    scene.assign(at_work, round_, seats)
    assess_one(look, round_)
    for case in round_.cases.exclude(number=1).order_by("number"):
        scene.assess(case, begins=scene.ASSESSING)
    conclude(at_work, officer, round_)
    with clock.at(DECIDING):
        decide(look, officer, round_)
    stages = list(round_.cases.order_by("number").values_list("stage", flat=True))
    assert stages.count("recommended") == MOST
    assert stages.count("not_selected") == 12 - MOST


def check_one_form(officer: Any, round_: Round) -> None:
    """The first case: begun on the rule set's own result, every dimension judged, passed; truth examined and signed."""
    case = round_.cases.get(number=1)
    at = f"/review/cases/{case.pk}"
    officer.go("review-case", f"{at}/")
    officer.go("review-form-none", f"{at}/form-check/")
    officer.go("review-form-begin", f"{at}/form-check/begin/")
    submit(officer)
    page = officer.visitor.page
    check = case.form_checks.get()
    for one in check.dimensions:
        expect(page.locator("main")).to_contain_text(one.title)
    officer.go("review-form-begun", f"{at}/form-check/")
    page.get_by_role("link", name="填写校核意见").click()
    page.wait_for_load_state()
    for one in check.dimensions:
        page.select_option(f"[name='d-{one.id}']", "meets")
    for one in check.findings:
        page.select_option(f"[name='f-{one['id']}']", "overridden")
        page.fill(f"[name='f-{one['id']}-note']", "演示：已核对")
    page.fill("[name=opinion]", "演示：格式完整，内容详实")
    officer.at("review-form-judge")
    submit(officer)
    officer.go("review-form-judged", f"{at}/form-check/")
    page.get_by_role("link", name="通过形式校核").click()
    page.wait_for_load_state()
    officer.at("review-form-pass")
    submit(officer)
    officer.go("review-form-passed", f"{at}/form-check/")
    officer.go("review-truth", f"{at}/truthfulness/")
    officer.go("review-truth-examine", f"{at}/truthfulness/examine/")
    sign_for_truth(case)
    case.refresh_from_db()
    assert case.stage == "assessment"


def sign_for_truth(case: Any) -> None:
    """By the verbs: one of the host examines, the other signs; nothing is recommended without it."""
    from qingyuan.people.models import Membership
    from qingyuan.review.actions import truthfulness
    from qingyuan.review.models.truthfulness import CHECKS

    host = case.round.joint_body.parts.get(part="host").organisation
    roles = {
        one.role: one.user for one in Membership.objects.filter(organisation=host).select_related("user")
    }
    examined = truthfulness.examine(
        case,
        by=roles["handler"],
        checks={key: {"word": "agrees", "note": "演示"} for key in CHECKS},
        result="true",
    )
    truthfulness.sign(examined, by=roles["signer"])


def assess_one(look: Any, round_: Round) -> None:
    """One expert fills in one sheet by hand; the others of the panel by the verbs."""
    case = round_.cases.get(number=1)
    first, *others = case.assignments.select_related("appointment__expert__user").order_by("pk")
    expert = look(first.appointment.expert.user.username)
    expert.go("review-expert-home", "/")
    expert.go("review-expert-open", f"/review/assignments/{first.pk}/assess/")
    submit(expert)
    page = expert.visitor.page
    expert.at("review-sheet")
    for name in page.eval_on_selector_all(
        "main input[type=radio]", "all => [...new Set(all.map(one => one.name))]"
    ):
        value = "4" if name.startswith("score-") else None
        picked = f"[value='{value}']" if value else ""
        page.locator(f"main input[type=radio][name='{name}']{picked}").first.check()
    page.fill("[name=opinion]", "演示：总体可行，建议补充测算依据")
    expert.at("review-sheet-filled")
    submit(expert, "提交评分")
    first.refresh_from_db()
    assert first.assessment.stage == "submitted"
    expert.at("review-sheet-submitted")
    for other in others:
        scene.fill(other, score=scene.QUALITY[0])


def conclude(world: Any, officer: Any, round_: Round) -> None:
    """Sheets are opened when all are in; chairs write what the panels think; cases go on to the joint decision."""
    at = f"/review/rounds/{round_.pk}"
    officer.go("review-ranking-sealed", f"{at}/ranking/")
    officer.go("review-open-scores", f"{at}/open-scores/")
    submit(officer)
    officer.go("review-ranking", f"{at}/ranking/")
    for case in round_.cases.order_by("number"):
        scene.conclude(world, case)
    first = round_.cases.get(number=1)
    officer.go("review-panel", f"/review/cases/{first.pk}/panel/")
    assert set(round_.cases.values_list("stage", flat=True)) == {"decision"}


def decide(look: Any, officer: Any, round_: Round) -> None:
    """Drafted by the host, consented to by both departments, released at once."""
    at = f"/review/rounds/{round_.pk}"
    officer.go("review-decisions-none", f"{at}/decisions/")
    page = officer.go("review-draft", f"{at}/decide/final/")
    for case in round_.cases.order_by("number"):
        chosen = case.number <= MOST
        page.select_option(f"[name=outcome-{case.number}]", "recommended" if chosen else "not_selected")
        if chosen:
            page.fill(f"[name=place-{case.number}]", str(case.number))
        else:
            page.fill(f"[name=reason-{case.number}]", "演示：创新点与同类项目相近")
    officer.at("review-draft-filled")
    submit(officer)
    decision = Decision.objects.get()
    one = f"/review/decisions/{decision.pk}"
    officer.go("review-decision-draft", f"{one}/")
    page = officer.go("review-send", f"{one}/send/")
    page.locator("[name^=due_at]").first.fill("2022-07-12T18:00")
    submit(officer)
    sister = look("fagai-qianfa")
    sister.go("review-cosigner-home", "/")
    sister.go("review-decision-cosign", f"{one}/")
    sister.go("review-consent", f"{one}/consent/")
    submit(sister)
    signer = look("ting-qianfa")
    signer.go("review-consent-host", f"{one}/consent/")
    submit(signer)
    decision.refresh_from_db()
    assert decision.stage == "agreed"
    signer.go("review-release", f"{one}/release/")
    page = signer.visitor.page
    for case in round_.cases.all():
        expect(page.locator("main")).to_contain_text(case.title)
    if page.locator("[name=confirm]").count():
        page.locator("[name=confirm]").check()
    submit(signer)
    signer.go("review-decision-released", f"{one}/")
    officer.go("review-round-published", f"{at}/")
    officer.go("review-case-recommended", f"/review/cases/{round_.cases.get(number=1).pk}/")
