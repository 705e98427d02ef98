"""Programs that run wild are told to wait, in the same shape as every refusal, and a refused try costs little."""

from __future__ import annotations

import pytest

from qingyuan.api import limits
from qingyuan.kernel import clock
from qingyuan.pilots import seal
from qingyuan.pilots.models import Submission


@pytest.fixture(autouse=True)
def _one_window(monkeypatch, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "brakes"}
    }
    monkeypatch.setattr(limits.time, "time", lambda: 1_650_000_010.0)


@pytest.fixture
def built(monkeypatch):
    """How often a package was begun."""
    from qingyuan.api import pilot_verbs

    begun = []
    monkeypatch.setattr(pilot_verbs, "seal", lambda pilot: begun.append(pilot.pk) or seal.seal(pilot))
    return begun


def test_changes_by_one_token_are_limited_and_reads_are_not(maker, world, api, monkeypatch):
    monkeypatch.setattr(limits, "VERBS_A_MINUTE", 2)
    pilot = maker("park", stage="drafting")
    one, other = api(world.park_handler), api(world.park_handler)
    path = f"/pilots/{pilot.pk}/chapters/{pilot.notice.leaves()[0].id}"
    for _time in range(2):
        assert one.post(f"/pilots/{pilot.pk}/reopen").status_code == 409
    for refused in (one.post(f"/pilots/{pilot.pk}/reopen"), one.put(path, {"html": "", "revision": 0})):
        assert refused.status_code == 429
        assert refused.json()["error"] == "too_many"
        assert refused.json()["reason"]
        assert 1 <= int(refused["Retry-After"]) <= limits.MINUTE
        assert refused["Retry-After"] in refused.json()["problems"][0]["mend"]
    assert one.get(f"/pilots/{pilot.pk}").status_code == 200
    assert other.put(path, {"html": "", "revision": 0}).status_code == 200
    monkeypatch.setattr(limits.time, "time", lambda: 1_650_000_010.0 + limits.MINUTE)
    assert one.put(path, {"html": "", "revision": 1}).status_code == 200


def test_packages_of_one_token_are_limited_by_the_hour(maker, world, api, built, monkeypatch):
    monkeypatch.setattr(limits, "PACKAGES_AN_HOUR", 1)
    pilot = maker("park", stage="sealed")
    other = maker("park", stage="sealed")
    client = api(world.park_handler)
    assert client.post(f"/pilots/{pilot.pk}/submit", key="submit-1").status_code == 201
    refused = client.post(f"/pilots/{other.pk}/submit", key="submit-2")
    assert (refused.status_code, refused.json()["error"]) == (429, "too_many")
    assert 1 <= int(refused["Retry-After"]) <= limits.HOUR
    # The first answer is still given again, and no package is made for it.
    assert client.post(f"/pilots/{pilot.pk}/submit", key="submit-1").status_code == 201
    reused = client.post(f"/pilots/{other.pk}/submit", key="submit-1")
    assert (reused.status_code, reused.json()["error"]) == (409, "key_reused")
    assert built == [pilot.pk]
    assert Submission.objects.count() == 1


def test_what_cannot_go_is_refused_before_its_package_is_built_and_is_not_counted(
    maker, world, api, built, monkeypatch
):
    monkeypatch.setattr(limits, "PACKAGES_AN_HOUR", 1)
    pilot = maker("park", stage="sealed")
    client = api(world.park_handler)
    with clock.at("2022-06-30T18:00:00+08:00"):
        late = client.post(f"/pilots/{pilot.pk}/submit")
    assert (late.status_code, late.json()["error"]) == (409, "closed")
    assert "截止" in late.json()["reason"]
    seals = pilot.attachments.filter(purpose="seal")
    kept = list(seals)
    seals.delete()
    missing = client.post(f"/pilots/{pilot.pk}/submit")
    assert (missing.status_code, missing.json()["error"]) == (422, "invalid")
    assert all(problem["url"] for problem in missing.json()["problems"])
    assert built == []
    type(kept[0]).objects.bulk_create(kept)
    assert client.post(f"/pilots/{pilot.pk}/submit").status_code == 201
