"""From a project to the audits of its enterprises and back, for who may open both."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.acceptance_maker import state_project
from tests.people.strict import strict
from tests.pilot_maker import credit_code
from tests.schemes_maker import propose

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def addresses(project):
    return [reverse(name, args=[project.pilot_id]) for name in ("audits:schemes", "audits:reviews")]


@pytest.mark.clause("N10")
@pytest.mark.parametrize("who", ["park_handler", "province_handler"])
def test_who_follows_the_work_goes_to_the_audits_and_back(delivery, client, who):
    project = delivery.project
    scheme = propose(delivery.maker, pilot=project.pilot)
    client.force_login(getattr(delivery, who), backend=BACKEND)
    page = client.get(project.get_absolute_url())
    strict(page)
    for url in addresses(project):
        assert f'href="{url}"' in page.content.decode()
        there = client.get(url)
        assert f'href="{project.get_absolute_url()}"' in there.content.decode()
        strict(there)
    assert f'href="{project.get_absolute_url()}"' in client.get(scheme.get_absolute_url()).content.decode()
    one = client.get(reverse("delivery:enterprise-process", args=[project.pk, credit_code(1)]))
    assert f'href="{addresses(project)[0]}?text={credit_code(1)}"' in one.content.decode()


def test_the_state_follows_the_project_and_not_the_audits(maker, client):
    project = state_project(maker)
    client.force_login(maker.world.state_handler, backend=BACKEND)
    page = client.get(project.get_absolute_url())
    assert page.status_code == 200
    for url in addresses(project):
        assert url not in page.content.decode()
        assert client.get(url).status_code == 404
    one = client.get(reverse("delivery:enterprise-process", args=[project.pk, credit_code(1)]))
    assert addresses(project)[0] not in one.content.decode()


def test_before_the_work_begins_the_audits_lead_nowhere(maker, client):
    pilot = maker("park", stage="submitted")
    client.force_login(maker.world.park_handler, backend=BACKEND)
    page = client.get(reverse("audits:schemes", args=[pilot.pk])).content.decode()
    assert "/projects/" not in page.split('class="q-tabs"')[1].split("</nav>")[0]
