"""The financing reserve: from a scheme to the bank, admitted only when nothing is missing."""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.audits.actions import reserve as schemes
from qingyuan.audits.models import Scheme
from qingyuan.engine.economics import Scheme as Priced
from qingyuan.engine.economics import appraise
from qingyuan.kernel import todos
from qingyuan.kernel.actions import Invalid, NotAllowed
from qingyuan.registry import reserve
from qingyuan.registry.actions import reserve as actions
from qingyuan.registry.models import ReserveProject
from qingyuan.registry.queries_reserve import projects
from tests.house.test_route_matrix import client_of
from tests.reserve_maker import COMPLETE, FINANCED, nominated, project_in
from tests.schemes_maker import bring, propose


@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("2017-410300-26-03-001234", True),
        ("2021-000000-26-01-000001", True),
        ("2017-410300-26-03-00123", False),
        ("2017410300260300123456789", False),
        ("1999-410300-26-03-001234", False),
        ("2017-990300-26-03-001234", False),
        ("2017-410300-26-00-001234", False),
        ("２017-410300-26-03-001234", False),
        ("2017-410300-26-03-00123a", False),
    ],
)
def test_the_investment_code_has_its_published_form(code, good):
    assert (reserve.code_faults(code) == []) == good


@pytest.mark.clause("H4")
def test_from_a_scheme_to_the_bank(maker, world):
    made = nominated(maker)
    assert (made.stage, made.nominated_by, made.title) == ("nominated", world.park, "演示：膜回收废水")
    assert (made.total_invest_wan_cny, made.benefit_wan_cny) == (120, 40)
    assert "COD 3.25 t" in made.environmental_benefit
    assert {gap.field for gap in reserve.gaps(made)} == {
        "investment_code",
        "own_funds_wan_cny",
        "eia",
        "land",
        "permit",
    }
    with pytest.raises(Invalid) as refusal:
        actions.admit(made, by=world.province_handler, admitted_on=date(2022, 6, 21))
    assert {one.where for one in refusal.value.problems} == {
        "admitted_on", "investment_code", "own_funds_wan_cny", "eia", "land", "permit",
    }  # fmt: skip
    actions.revise(made, by=world.consultant, **COMPLETE)
    with pytest.raises(NotAllowed):
        actions.admit(made, by=world.park_handler, admitted_on=date(2022, 6, 18))
    admitted = actions.admit(made, by=world.province_handler, admitted_on=date(2022, 6, 18))
    financed = actions.finance(admitted, by=world.province_handler, **FINANCED)
    assert (financed.stage, financed.financed_by, financed.financed_wan_cny) == ("financed", "演示银行", 150)


def test_a_scheme_is_nominated_once_and_again_after_it_was_withdrawn(maker, world):
    made = nominated(maker)
    scheme = Scheme.objects.get(pk=made.source_scheme)
    with pytest.raises(Invalid) as refusal:
        schemes.nominate(scheme, by=world.park_handler)
    assert "已经推荐" in refusal.value.problems[0].message
    actions.withdraw(made, by=world.province_handler, reason="演示")
    assert schemes.nominate(scheme, by=world.park_handler).pk != made.pk


def test_low_cost_is_no_project_of_a_bank(maker, world):
    low = bring(maker, propose(maker), "feasible")
    with pytest.raises(Invalid):
        schemes.nominate(low, by=world.park_handler)


def test_the_economics_are_the_engines(maker):
    project = project_in(maker, "admitted")
    (figures,) = reserve.economics([project])
    (own,) = appraise(
        [Priced(measure="x", invest=300.0, saving=50.0, om=10.0, life=10.0)], rate=0.06, tax_rate=0.25
    )
    assert figures.gap_wan_cny == 200
    assert figures.payback_years == Decimal(str(round(own.N, 2))) == 8
    assert figures.npv_wan_cny == Decimal(str(round(own.NPV, 2)))
    assert figures.irr_pct == Decimal(str(round(own.IRR_pct, 2)))
    bare = ReserveProject(total_invest_wan_cny=Decimal(5))
    assert reserve.economics([bare])[0].payback_years is None
    assert reserve.economics([]) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"own_funds_wan_cny": Decimal(300)}, "own_funds_wan_cny"),
        ({"eia": "pending"}, "eia"),
        ({"land": ""}, "land"),
        ({"benefit_wan_cny": None}, "benefit_wan_cny"),
        ({"total_invest_wan_cny": None}, "total_invest_wan_cny"),
        ({"environmental_benefit": ""}, "environmental_benefit"),
        ({"contact_body": ""}, "contact_body"),
        ({"investment_code": ""}, "investment_code"),
        ({}, ""),
    ],
)
def test_what_is_missing_is_said_with_its_field(changes, field):
    project = ReserveProject(**{**COMPLETE, **changes})
    assert [gap.field for gap in reserve.gaps(project)] == ([field] if field else [])


def test_a_wrong_entry_is_refused_all_at_once(maker, world):
    made = nominated(maker)
    with pytest.raises(Invalid) as refusal:
        actions.revise(
            made,
            by=world.park_handler,
            title=" ",
            investment_code="2017",
            total_invest_wan_cny=Decimal(-1),
            eia="yes",
        )
    assert {one.where for one in refusal.value.problems} == {
        "title",
        "investment_code",
        "total_invest_wan_cny",
        "eia",
    }


def test_who_sees_what(maker, world):
    project_in(maker, "nominated")
    for who, count in (
        ("park_handler", 1), ("consultant", 1), ("province_handler", 1), ("reform_handler", 1), ("state_handler", 1),
        ("city_handler", 0), ("prefecture_handler", 0), ("stranger", 0), ("expert", 0),
    ):  # fmt: skip
        assert projects(world.people[who]).count() == count, who


def test_both_sides_learn_what_waits_for_them(maker, world):
    def reserve(who):
        return [todo.title for todo in todos.of(who) if todo.kind == "储备库"]

    made = nominated(maker)
    assert reserve(world.park_handler) == ["补齐入库资料：演示：膜回收废水"]
    assert reserve(world.province_handler) == []
    actions.revise(made, by=world.park_handler, **COMPLETE)
    assert reserve(world.park_handler) == []
    assert reserve(world.province_handler) == ["办理入库：演示：膜回收废水"]


def test_the_list_costs_the_same_however_many_and_goes_out_as_text(maker, world):
    project_in(maker, "admitted")
    client = client_of(world.province_handler)

    def statements():
        client.get(reverse("registry:reserve"))
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("registry:reserve")).status_code == 200
        return len(found)

    few = statements()
    row = ReserveProject.objects.get()
    for number in range(20):
        row.pk, row.source_scheme, row.title = uuid.uuid4(), None, f"=演示{number}"
        row.save(force_insert=True)
    assert statements() == few
    out = b"".join(client.get(reverse("registry:reserve-xlsx") + "?stage=admitted").streaming_content)
    with zipfile.ZipFile(io.BytesIO(out)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        words = archive.read("xl/sharedStrings.xml").decode()
    assert b"<f>" not in sheet
    assert "=演示0" in words
    assert "自拟假设" in words


def test_the_pages_from_the_scheme_to_the_admission(maker, world):
    scheme = bring(maker, propose(maker, kind="high"), "feasible")
    client = client_of(world.park_handler)
    assert (
        reverse("audits:scheme-nominate", args=[scheme.pk])
        in client.get(scheme.get_absolute_url()).content.decode()
    )
    done = client.post(reverse("audits:scheme-nominate", args=[scheme.pk]), {"key": "n1"})
    project = ReserveProject.objects.get()
    assert (done.status_code, done["Location"]) == (302, project.get_absolute_url())
    text = client.get(project.get_absolute_url()).content.decode()
    assert "没有投资项目代码" in text
    form = {name: str(value) for name, value in COMPLETE.items()}
    saved = client.post(
        reverse("registry:reserve-revise", args=[project.pk]), {**form, "revision": project.revision}
    )
    assert saved.status_code == 302, saved.content.decode()
    province = client_of(world.province_handler)
    done = province.post(reverse("registry:reserve-admit", args=[project.pk]), {"admitted_on": "2022-06-18"})
    assert done.status_code == 302
    assert "已入库" in client.get(project.get_absolute_url()).content.decode()
