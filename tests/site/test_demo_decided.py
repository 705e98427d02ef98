"""The demo's finished round: five recommended by both departments, reasons for the others."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import override_settings

from qingyuan.demo import world as demo
from qingyuan.demo.scenes import SCENES
from qingyuan.kernel import clock
from qingyuan.kernel.models import LedgerEntry
from qingyuan.review.models import Case, Decision, Round


@pytest.fixture
def decided(db):
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with clock.at(SCENES["decided"]), override_settings(PASSWORD_HASHERS=hashers):
        demo.build(scene="decided")
        yield


@pytest.mark.clause("N8")
def test_a_finished_round_has_five_recommended_and_reasons_for_the_others(decided):
    assert Round.objects.get().stage == "published"
    assert Counter(Case.objects.values_list("stage", flat=True)) == {"recommended": 5, "not_selected": 7}
    decision = Decision.objects.get()
    assert (decision.stage, decision.consents.count()) == ("released", 2)
    assert all(item.reason for item in decision.items.filter(outcome="not_selected"))
    instants = list(LedgerEntry.objects.order_by("seq").values_list("at", flat=True))
    assert instants == sorted(instants)
