"""Which enterprises the audits of a pilot cover: the application's before the work begins, then the final scope."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingyuan.audits import actions as datasets
from qingyuan.audits import extent
from qingyuan.audits.actions import audit_review as audit_reviews
from qingyuan.audits.actions import scheme as schemes
from qingyuan.audits.actions.firm_sheet import Invitation
from qingyuan.audits.drafts import names_in_scope
from qingyuan.audits.queries import audit_review as lines
from qingyuan.audits.queries.sheet import to_invite
from qingyuan.delivery import actions
from qingyuan.kernel.actions import Invalid
from tests.pilot_maker import credit_code
from tests.schemes_maker import FIGURES

NEW, NEW_NAME = credit_code(77), "演示后来者有限公司"


@pytest.fixture
def pilot(delivery):
    return delivery.project.pilot


def codes(pilot):
    return [one.credit_code for one in extent.of(pilot)]


def change(delivery, kind, item, becomes=""):
    delivery.project.__dict__.pop("baseline", None)
    asked = actions.ask_change(
        delivery.project,
        by=delivery.park_handler,
        kind=kind,
        item=item,
        becomes=becomes,
        reason="演示：范围调整",
    )
    actions.approve(asked, by=delivery.province_signer)


def add(delivery):
    change(delivery, "scope_add", NEW, NEW_NAME)


def drop(delivery, number=1):
    change(delivery, "scope_drop", credit_code(number))


def propose(delivery, pilot, code):
    return schemes.propose(
        pilot, by=delivery.park_handler, credit_code=code, title="演示：余热利用", kind="low", figures=FIGURES
    )


def begun(delivery, pilot):
    return datasets.begin_dataset(
        pilot, by=delivery.park_handler, template="region", title="演示数据", year=2022
    )


def test_before_the_work_begins_the_application_says_it(maker):
    pilot = maker("park", stage="submitted")
    stated = list(pilot.scope.order_by("enterprise__credit_code").values_list("stated_name", flat=True))
    assert [one.name for one in extent.of(pilot)] == stated
    assert len(stated) > 0


@pytest.mark.clause("N10")
def test_under_way_the_changes_decide(delivery, pilot):
    before = codes(pilot)
    add(delivery)
    drop(delivery)
    assert set(codes(pilot)) == {*before, NEW} - {credit_code(1)}
    assert codes(pilot) == sorted(codes(pilot))


def test_a_pilot_that_everybody_left_covers_nobody(delivery, pilot):
    delivery.project.scope.update(dropped_on=delivery.project.started_on)
    assert extent.of(pilot) == []


@pytest.mark.clause("N11")
def test_schemes_and_sittings_follow_the_final_scope(delivery, pilot):
    add(delivery)
    drop(delivery)
    assert propose(delivery, pilot, NEW).enterprise.credit_code == NEW
    for refused in (
        lambda: propose(delivery, pilot, credit_code(1)),
        lambda: audit_reviews.ask(
            pilot, by=delivery.park_handler, credit_code=credit_code(1), kind="evaluate"
        ),
    ):
        with pytest.raises(Invalid) as refusal:
            refused()
        assert "credit_code" in {problem.where for problem in refusal.value.problems}
    assert [line.enterprise.credit_code for line in lines.lines(pilot)] == codes(pilot)


def test_datasets_take_in_and_invite_the_final_scope(delivery, pilot):
    first = pilot.scope.get(enterprise__credit_code=credit_code(1))
    pilot.scope.update(county="演示县")
    add(delivery)
    drop(delivery)
    dataset = begun(delivery, pilot)
    datasets.take_scope(dataset, by=delivery.park_handler)
    taken = dataset.rows.filter(table="enterprises").order_by("position")
    assert {row.enterprise.credit_code for row in taken} == set(codes(pilot))
    assert taken.last().values == {"enterprise": NEW_NAME}  # who came later, last; nothing of it is invented
    assert taken.first().values["county"] == "演示县"
    assert {one.credit_code for one in to_invite(dataset)} == set(codes(pilot))
    with pytest.raises(Invalid):
        datasets.invite(dataset, by=delivery.park_handler, invitations=[Invitation(credit_code(1))])
    datasets.invite(dataset, by=delivery.park_handler, invitations=[Invitation(NEW)])
    assert dataset.sheets.get().name == NEW_NAME
    assert NEW not in {one.credit_code for one in to_invite(dataset)}
    # Whose a row is does not depend on whether it still counts.
    known = names_in_scope(dataset)
    assert known[NEW_NAME] == dataset.sheets.get().enterprise_id
    assert known[first.stated_name] == first.enterprise_id


def test_it_costs_one_query_however_many(delivery, pilot):
    add(delivery)
    with CaptureQueriesContext(connection) as found:
        assert len(extent.of(pilot)) > 1
    assert len(found) == 1
