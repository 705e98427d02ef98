"""What a computation chose becomes the pilot's schemes: once, with owners and days, remembered where it came from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.audits import portfolio
from qingyuan.audits.actions import run as runs
from qingyuan.audits.actions import scheme as schemes
from qingyuan.audits.actions.adoption import Adopted, adopt
from qingyuan.audits.models import Scheme, SchemeImport
from qingyuan.audits.running.worker import Worker, work
from qingyuan.kernel.actions import Invalid, NotAllowed
from qingyuan.kernel.models import LedgerEntry
from tests.dataset_maker import ENTERPRISES
from tests.pilots.workspace import parsed, signed_in
from tests.run_maker import asked, chosen_run, computed, dataset_with, figures, fresh, kept, take

OWNER, DAY = "演示设备部", date(2022, 12, 31)


@pytest.fixture
def run(maker, world):
    return chosen_run(maker)


def all_of(places, **more):
    return [Adopted(place=place, owner=OWNER, due_on=DAY, **more) for place in places]


@pytest.mark.clause("N3a")
@pytest.mark.clause("N10")
def test_chosen_measures_become_schemes_that_remember_their_run(run, world):
    found = portfolio.read(run)
    assert [(one.enterprise, one.kind, one.why) for one in found.offers] == [
        (ENTERPRISES[0], "low", ""),
        (ENTERPRISES[1], "high", ""),
        (ENTERPRISES[2], "", ""),
        ("", "", "不是试点范围内的企业"),
    ]
    made = adopt(run, by=world.park_handler, portfolio=found, taken=all_of([0, 1, 2], kind="low"))
    assert (made.origin, made.rows, made.added, made.run) == ("run", 3, 3, run)
    said = {
        one.title: (one.code, one.owner, one.due_on, one.run, one.finding.key, one.stage)
        for one in Scheme.objects.all()
    }
    origin = (OWNER, DAY, run, "select:chosen", "proposed")
    assert said == {
        "演示换泵": ("WD1", *origin),
        "演示膜回收": ("ZG1", *origin),
        "演示巡检": ("WD1", *origin),
    }
    membrane = Scheme.objects.get(title="演示膜回收").figures.get()
    assert (membrane.invest_wan_cny, membrane.benefit_wan_cny, membrane.nh3n_t) == (150, 25, 6)
    assert "演示" not in str(LedgerEntry.objects.latest("seq").content)
    page = signed_in(world.park_handler).get(Scheme.objects.get(title="演示膜回收").get_absolute_url())
    parsed(page)
    text = page.content.decode()
    assert run.get_absolute_url() in text
    assert run.findings.get(key="select:chosen").code in text


def test_taking_over_twice_doubles_nothing_even_under_another_title(maker, run, world):
    found = portfolio.read(run)
    adopt(run, by=world.park_handler, portfolio=found, taken=all_of([0, 1]))
    pump = Scheme.objects.get(title="演示换泵")
    schemes.revise(pump, by=world.park_handler, title="演示：全部换泵", owner="演示动力部", due_on=DAY)
    again = adopt(run, by=world.park_handler, portfolio=found, taken=all_of([0, 1, 2], kind="low"))
    assert (again.rows, again.added) == (3, 1)
    assert Scheme.objects.count() == 3
    assert Scheme.objects.get(pk=pump.pk).owner == "演示动力部"
    newer = runs.repeat(run, by=world.park_handler)
    worker = Worker()
    taken = take(newer, worker)
    with_same = [{"measure": "演示换泵", "enterprise": ENTERPRISES[0], "fraction": 1}]
    runs.finish(
        taken, by=worker, files=kept({"select": {"chosen": with_same}}), exit_code=0, cpu_ms=1, repeatable=True,
        figures=figures(),
    )  # fmt: skip
    newer = fresh(newer)
    assert adopt(newer, by=world.park_handler, portfolio=portfolio.read(newer), taken=all_of([0])).added == 0


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_taken(run, world):
    taken = [
        Adopted(place=0, owner=" ", due_on=None),
        Adopted(place=2, owner="长" * 81, due_on=DAY),
        Adopted(place=3, owner=OWNER, due_on=DAY, kind="low"),
        Adopted(place=9, owner=OWNER, due_on=DAY),
        *all_of([1, 1]),
    ]
    with pytest.raises(Invalid) as refusal:
        adopt(run, by=world.park_handler, portfolio=portfolio.read(run), taken=taken)
    assert {one.where for one in refusal.value.problems} == {
        "taken.0.owner", "taken.0.due_on", "taken.2.kind", "taken.2.owner", "taken.3.enterprise", "taken.3.place",
        "taken.1.place",
    }  # fmt: skip
    assert not Scheme.objects.exists()
    assert not SchemeImport.objects.exists()


def test_a_portfolio_of_another_run_is_refused(maker, run, world):
    other = computed(
        maker,
        dataset_with(maker, title="演示另一", rows=(("演示甲", ENTERPRISES[0], "1", "5", "0", "1", "3"),)),
        [{"measure": "演示甲", "enterprise": ENTERPRISES[0], "fraction": 1}],
    )
    with pytest.raises(Invalid):
        adopt(run, by=world.park_handler, portfolio=portfolio.read(other), taken=all_of([0]))


def test_only_who_reads_the_data_and_keeps_the_schemes_takes_over(run, world):
    found = portfolio.read(run)
    for who in ("province_handler", "park_signer", "consultant"):
        with pytest.raises(NotAllowed):
            adopt(run, by=world.people[who], portfolio=found, taken=all_of([0]))


def test_the_page_previews_before_it_does_anything(run, world):
    client, address = signed_in(world.park_handler), reverse("audits:adopt-run", args=[run.pk])
    page = client.get(address)
    parsed(page)
    assert "演示不在范围有限公司" in page.content.decode()
    given = {"key": page.context["key"], "owner": OWNER, "taken.0.place": "on", "taken.2.place": "on"}
    wrong = client.post(address, given)
    assert wrong.status_code == 422
    parsed(wrong)
    assert {name for name, found in wrong.context["form"].errors.items() if found} == {
        "taken.0.due_on", "taken.2.due_on", "taken.2.kind",
    }  # fmt: skip
    given |= {"due_on": "2022-12-31", "taken.2.kind": "low", "taken.2.owner": "演示环保部"}
    shown = client.post(address, given)
    assert shown.status_code == 200
    parsed(shown)
    assert [(one["code"], one["owner"]) for one in shown.context["preview"]] == [
        ("WD1", OWNER),
        ("WD1", "演示环保部"),
    ]
    assert not Scheme.objects.exists()
    done = client.post(address, {**given, "confirm": "1"})
    assert done.status_code == 302
    assert client.post(address, {**given, "confirm": "1"}).status_code == 302
    assert Scheme.objects.count() == 2
    after = client.get(address)
    assert len(after.context["present"]) == 2
    assert "列为试点的方案" in client.get(run.get_absolute_url()).content.decode()


def test_units_are_turned_and_classes_follow(run):
    cheap = portfolio.read(run, money=Decimal("0.0001"), mass=Decimal("0.001"))
    assert [one.kind for one in cheap.offers[:2]] == ["low", "low"]
    assert cheap.offers[1].figures["nh3n_t"] == Decimal("0.006")


def test_a_thousand_measures_cost_as_many_statements_as_one(maker, world):
    def taking(count):
        names = [f"演示{count}·{place}" for place in range(count)]
        rows = [(name, ENTERPRISES[0], "1", "5", "0", "1", "3") for name in names]
        made = computed(
            maker,
            dataset_with(maker, title=f"演示{count}项", rows=rows),
            [{"measure": name, "enterprise": ENTERPRISES[0], "fraction": 1} for name in names],
        )
        with CaptureQueriesContext(connection) as seen:
            adopt(made, by=world.park_handler, portfolio=portfolio.read(made), taken=all_of(range(count)))
        return len(seen)

    assert taking(1) == taking(300)


@pytest.mark.clause("N3c")
def test_from_a_real_computation(maker, world):
    asked(maker)
    assert work(Worker()) == 1
    from qingyuan.audits.models import Run

    run = fresh(Run.objects.get(stage="done"))
    found = portfolio.read(run)
    assert len(found.offers) == int(run.findings.get(key="select:chosen").value) > 0
    places = range(len(found.offers))
    made = adopt(run, by=world.park_handler, portfolio=found, taken=all_of(places, kind="low"))
    assert made.added == len(found.offers)


def test_sums_that_look_like_yuan_are_doubted_and_listed_again_by_yuan(maker, world):
    dataset = dataset_with(
        maker,
        title="演示按元填写",
        rows=(("演示余热回收", ENTERPRISES[0], "121091000", "10", "1", "50", "12"),),
    )
    found = computed(
        maker,
        dataset,
        [{"measure": "演示余热回收", "enterprise": ENTERPRISES[0], "fraction": 1, "period": None}],
    )
    client, url = signed_in(world.park_handler), reverse("audits:adopt-run", args=[found.pk])
    page = client.get(url)
    parsed(page)
    assert "投资最大的一项达 12,109.1 亿元" in page.content.decode()
    by_yuan = client.get(url, {"money": "0.0001"}).content.decode()
    assert "亿元" not in by_yuan
    assert ">12109.1<" in by_yuan
