"""The State's review in a real browser: Henan's five recommended, take-in, form check, consultation, experts, the draw of
sites, a visit, the joint decision, and the approved list that everybody reads."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from qingyuan.calls.models import Call
from qingyuan.demo import state as scene
from qingyuan.demo import world as demo
from qingyuan.kernel import clock
from qingyuan.kernel.models import Mail
from qingyuan.people.models import Organisation, User
from qingyuan.review.models import Decision, Draw, Round, Visit
from tests.browser.test_review_way import submit

CHECKING = "2022-07-18T09:00:00+08:00"
SCORES_IN = "2022-07-28T09:30:00+08:00"
REVEALING = "2022-07-28T15:05:00+08:00"
DECIDING = "2022-08-08T09:00:00+08:00"
BODIES = {"mee": "生态环境部办公厅", "mee-desk": "生态环境部科技与财务司"}
BODIES |= {"ndrc-desk": "国家发展改革委资源节约和环境保护司"}
APPROVED = 3
REASON = "演示：目标缺少可核查的基准"


@pytest.fixture
def world(transactional_db: None) -> Any:
    """The demo after Henan has released its five; the State has not begun."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with clock.at(CHECKING), override_settings(PASSWORD_HASHERS=hashers):
        demo.build(scene="decided")
    return SimpleNamespace(
        operator=User.objects.get(is_superuser=True),
        people={user.username: user for user in User.objects.all()},
        bodies={key: Organisation.objects.get(name=name) for key, name in BODIES.items()},
    )


@pytest.fixture
def at_work(world: Any) -> Iterator[Any]:
    with clock.at(CHECKING):
        yield world


@pytest.mark.clause("N9")
@pytest.mark.clause("X1")
def test_five_recommended_to_the_approved_list(at_work, look):
    officer, second, signer = look("bu-jingban"), look("wei-qianfa"), look("bu-qianfa")
    round_ = open_and_take_in(officer)
    check_forms(at_work, officer, round_)
    ask_a_desk(officer, second, round_)
    assess(at_work, officer, round_)
    with clock.at(SCORES_IN):
        draw = announce(officer, second, signer, round_)
    with clock.at(REVEALING):
        reveal(officer, second, draw)
    visit(officer, draw)
    with clock.at(DECIDING):
        decide(officer, second, signer, round_)
        read_by_everybody(look, round_, draw)
    for case in round_.cases.filter(stage="not_selected"):
        assert Mail.objects.filter(subject=f"评审结果：{case.title}", body__contains=REASON).exists()


def open_and_take_in(officer: Any) -> Round:
    call = Call.objects.get(notice_id="national-2022")
    officer.go("state-home", "/")
    officer.go("state-open", f"/calls/{call.pk}/review/")
    submit(officer)
    round_ = Round.objects.get(call=call)
    at = f"/review/rounds/{round_.pk}"
    officer.go("state-round-new", f"{at}/")
    officer.go("state-configure", f"{at}/configure/")
    submit(officer)
    officer.go("state-start", f"{at}/start/")
    submit(officer)
    page = officer.go("state-provinces-waiting", f"{at}/provinces/")
    expect(page.locator("main")).to_contain_text("已公布推荐、尚未接收")
    officer.go("state-import", f"{at}/import/")
    officer.go("state-take-in", f"{at}/take-in/")
    submit(officer)
    officer.go("state-provinces", f"{at}/provinces/")
    assert round_.cases.count() == 5
    officer.go("state-round", f"{at}/")
    first = round_.cases.get(number=1)
    page = officer.go("state-materials", f"/review/cases/{first.pk}/materials/")
    page.get_by_role("link", name=str(first.origin.label)).click()
    page.wait_for_load_state()
    officer.at("state-origin")  # the province's records, read-only
    expect(page.locator("main")).to_contain_text(first.title)
    return round_


def check_forms(world: Any, officer: Any, round_: Round) -> None:
    """The first by hand: the State's own dimensions; the others by the verbs."""
    case = round_.cases.get(number=1)
    at = f"/review/cases/{case.pk}"
    officer.go("state-case", f"{at}/")
    officer.go("state-form-begin", f"{at}/form-check/begin/")
    submit(officer)
    check = case.form_checks.get()
    page = officer.go("state-form-begun", f"{at}/form-check/")
    expect(page.locator("main")).to_contain_text("推荐单位意见")
    page.get_by_role("link", name="填写校核意见").click()
    page.wait_for_load_state()
    for one in check.dimensions:
        page.select_option(f"[name='d-{one.id}']", "meets")
    for one in check.findings:
        page.select_option(f"[name='f-{one['id']}']", "overridden")
        page.fill(f"[name='f-{one['id']}-note']", "演示：已核对")
    page.fill("[name=opinion]", "演示：方案完整，推荐意见齐备")
    officer.at("state-form-judge")
    submit(officer)
    page = officer.go("state-form-judged", f"{at}/form-check/")
    page.get_by_role("link", name="通过形式校核").click()
    page.wait_for_load_state()
    submit(officer)
    for other in scene.cases(round_, stage="form_check"):
        scene.check_form(world, other)
    officer.go("state-form-checks", f"/review/rounds/{round_.pk}/form-checks/")
    assert set(round_.cases.values_list("stage", flat=True)) == {"assessment"}


def ask_a_desk(officer: Any, second: Any, round_: Round) -> None:
    case = round_.cases.get(number=1)
    page = officer.go("state-ask", f"/review/cases/{case.pk}/consultations/ask/")
    page.select_option("[name=organisation]", label=BODIES["ndrc-desk"])
    page.fill("[name=question]", "演示：请就节能审查和产业政策提出意见。")
    page.fill("[name=due_on]", "2022-07-22")
    submit(officer)
    officer.go("state-consultations", f"/review/cases/{case.pk}/consultations/")
    asked = case.consultations.get()
    second.go("state-desk", "/consultations/")
    page = second.go("state-answer", f"/consultations/{asked.pk}/answer/")
    page.locator("[name=word]").first.check()
    page.fill("[name=answer]", "演示：无不同意见")
    submit(second)
    asked.refresh_from_db()
    assert asked.stage == "answered"
    officer.go("state-answered", f"/consultations/{asked.pk}/")


def assess(world: Any, officer: Any, round_: Round) -> None:
    """Experts are invited, declare, are assigned and score by the verbs: the expert's own pages are the province's walk."""
    seats = scene.appoint(world, round_)
    officer.go("state-experts", f"/review/rounds/{round_.pk}/experts/")
    scene.assign(world, round_, seats)
    officer.go("state-case-experts", f"/review/cases/{round_.cases.get(number=1).pk}/experts/")
    then = clock.now()
    for place, case in enumerate(scene.cases(round_, stage="assessment")):
        then = scene.assess(case, begins=then, score=scene.QUALITY[place])
    with clock.at(SCORES_IN):
        scene.conclude(world, round_)
        officer.go("state-ranking", f"/review/rounds/{round_.pk}/ranking/")
        officer.go("state-panel", f"/review/cases/{round_.cases.get(number=1).pk}/panel/")
    assert set(round_.cases.values_list("stage", flat=True)) == {"decision"}


def announce(officer: Any, second: Any, signer: Any, round_: Round) -> Draw:
    """随机抽查: the terms with the host's commitment, the co-signer's, and the person who watches."""
    officer.go("state-draws-none", f"/review/rounds/{round_.pk}/draws/")
    page = officer.go("state-draw-announce", f"/review/rounds/{round_.pk}/draws/sites/announce/")
    officer.secret = page.input_value("[name=secret]")
    page.fill("[name=take]", "2")
    page.fill("[name=reserves]", "1")
    page.fill("[name=public_at]", "2022-07-28T15:00")
    page.fill("[name=reveal_by]", "2022-07-28T18:00")
    page.select_option("[name=supervisor]", label=str(signer_of()))
    page.fill("[name=supervisor_role]", "监督人员（演示）")
    page.check("[name=kept]")
    submit(officer)
    draw = Draw.objects.get(round=round_)
    page = second.go("state-draw-commit", f"/review/draws/{draw.pk}/commit/")
    second.secret = page.input_value("[name=secret]")
    page.check("[name=kept]")
    submit(second)
    signer.go("state-draw-supervise", f"/review/draws/{draw.pk}/supervise/")
    submit(signer)
    officer.go("state-draw-committed", f"/review/draws/{draw.pk}/")
    return draw


def signer_of() -> User:
    return User.objects.get(username="bu-qianfa")


def reveal(officer: Any, second: Any, draw: Draw) -> None:
    page = second.go("state-draw-public-value", f"/review/draws/{draw.pk}/public-value/")
    page.fill("[name=value]", second.secret)
    submit(second)
    page = officer.go("state-draw-reveal", f"/review/draws/{draw.pk}/reveal/")
    page.fill("[name=secret]", officer.secret)
    submit(officer)
    draw.refresh_from_db()
    assert draw.stage == "drawn"
    officer.go("state-draw-drawn", f"/review/draws/{draw.pk}/")
    officer.go("state-plan-drawn", f"/review/draws/{draw.pk}/visits/")
    submit(officer)
    officer.go("state-visits", f"/review/rounds/{draw.round_id}/visits/")


def visit(officer: Any, draw: Draw) -> None:
    """The drawn sites are visited by the verbs (on the spot: test_offline_visit); their pages are looked at."""
    from types import SimpleNamespace as Plain

    people = {user.username: user for user in User.objects.all()}
    scene.visit_sites(Plain(people=people), draw)
    assert Visit.objects.filter(draw=draw).exclude(stage="planned").count() == 2
    with clock.at(DECIDING):
        one = Visit.objects.filter(draw=draw).first()
        officer.go("state-visit", f"/review/visits/{one.pk}/")


def decide(officer: Any, second: Any, signer: Any, round_: Round) -> None:
    at = f"/review/rounds/{round_.pk}"
    page = officer.go("state-draft", f"{at}/decide/final/")
    for case in round_.cases.order_by("number"):
        chosen = case.number <= APPROVED
        page.select_option(f"[name=outcome-{case.number}]", "approved" if chosen else "not_selected")
        if chosen:
            page.fill(f"[name=place-{case.number}]", str(case.number))
        else:
            page.fill(f"[name=reason-{case.number}]", REASON)
    officer.at("state-draft-filled")
    submit(officer)
    decision = Decision.objects.get(round=round_)
    one = f"/review/decisions/{decision.pk}"
    page = officer.go("state-send", f"{one}/send/")
    page.locator("[name^=due_at]").first.fill("2022-08-10T18:00")
    submit(officer)
    second.go("state-cosigner-home", "/")
    for who in (second, signer):
        who.go("state-consent", f"{one}/consent/")
        submit(who)
    officer.go("state-agreed", f"{one}/")
    page = signer.go("state-release", f"{one}/release/")
    for case in round_.cases.all():
        expect(page.locator("main")).to_contain_text(case.title)
    submit(signer)
    officer.go("state-released", f"{one}/")
    officer.go("state-round-published", f"{at}/")
    officer.go("state-archive", f"{at}/archive/")
    stages = list(round_.cases.values_list("stage", flat=True))
    assert (stages.count("approved"), stages.count("not_selected")) == (APPROVED, 5 - APPROVED)


def read_by_everybody(look: Any, round_: Round, draw: Draw) -> None:
    """Without an account: the register, the list that its notice names, and the record of the draw."""
    stranger = look("")
    stranger.go("public-lists", "/lists/")
    page = stranger.go("public-list", f"/lists/{round_.call_id}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("同意开展清洁生产审核创新试点项目名单")
    for case in round_.cases.all():
        shown = page.locator("main").get_by_text(case.title)
        expect(shown).to_have_count(1 if case.stage == "approved" else 0)
    expect(page.locator("main")).not_to_contain_text(REASON)
    page = stranger.go("public-draw", f"/draws/{draw.pk}/")
    expect(page.locator("main")).to_contain_text("抽取结果")
    applicant = look(round_.cases.get(number=4).applicant.memberships.get(role="handler").user.username)
    applicant.go("applicant-after-state", "/")
