"""A moved deadline reaches everybody, and whoever cannot be reached is named before the click."""

from __future__ import annotations

from datetime import datetime

from django.test import Client
from django.urls import reverse

from qingyuan.calls import actions as calls
from qingyuan.kernel.models import Mail
from qingyuan.people.models import Organisation

LATER = datetime.fromisoformat("2022-07-05T18:00:00+08:00")


def test_a_body_without_a_mailbox_hears_through_its_people(maker, world):
    maker("park", stage="drafting")
    Organisation.objects.filter(pk=world.park.pk).update(email="")
    Organisation.objects.filter(pk=world.luoyang_reform.pk).update(email="")
    supplement = calls.propose_supplement(
        world.call, by=world.province_handler, new_closes_at=LATER, reason="演示"
    )
    calls.consent_to_supplement(supplement, by=world.reform_signer)
    client = Client()
    client.force_login(world.province_signer, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("calls:issue-supplement", args=[supplement.pk])).content.decode()
    assert "以下单位收不到邮件" in page
    assert world.luoyang_reform.name in page
    calls.issue_supplement(supplement, by=world.province_signer)
    told = set(Mail.objects.filter(verb="supplement.issue").values_list("address", flat=True))
    assert {world.park_lead.email, world.park_handler.email, world.luoyang_ecology.email} <= told
