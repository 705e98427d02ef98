"""The demo's 公示: a province's agreed list lies open, one objection is settled, one waits."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

from qingyuan.demo import world as demo
from qingyuan.demo.scenes import SCENES
from qingyuan.kernel import clock, ledger, todos
from qingyuan.kernel.models import LedgerEntry
from qingyuan.people.models import User
from qingyuan.review.models import Decision, Objection, Publicity


@pytest.mark.clause("X1")
def test_the_list_lies_open_and_the_release_waits(db):
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with clock.at(SCENES["publicity"]), override_settings(PASSWORD_HASHERS=hashers):
        demo.build(scene="publicity")
        publicity = Publicity.objects.get()
        assert (publicity.stage, Decision.objects.get().stage) == ("open", "agreed")
        assert sorted(Objection.objects.values_list("stage", flat=True)) == ["registered", "settled"]
        page = Client().get(publicity.get_public_url()).content.decode()
        for item in publicity.decision.items.select_related("case"):
            assert (item.case.title in page) == (item.outcome == "recommended")
        for one in Objection.objects.all():
            assert one.objector not in page
        waits = [todo.title for todo in todos.of(User.objects.get(username="ting-jingban"))]
        assert any(title.startswith("办理异议（1 件）") for title in waits)
        instants = list(LedgerEntry.objects.order_by("seq").values_list("at", flat=True))
        assert instants == sorted(instants)
        assert instants[-1] < SCENES["publicity"]
        assert ledger.verify()
