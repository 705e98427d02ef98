"""A demo is never built beside somebody else's data, and never by halves."""

from __future__ import annotations

import pytest

from qingyuan.demo import world as demo
from qingyuan.kernel.models import LedgerEntry
from qingyuan.people.models import Organisation, User


@pytest.mark.parametrize("kind", ["user", "organisation"])
def test_a_demo_is_never_built_beside_anybody_elses_data(db, kind):
    if kind == "user":
        User.objects.create_superuser(
            "admin", "admin@example.org", "a-real-pass-word", display_name="真管理员"
        )
    else:
        Organisation.objects.create(kind="park", name="真园区", region_code="410300")
    with pytest.raises(demo.NotOurs, match="不是演示的数据"):
        demo.build()
    assert not User.objects.filter(is_demo=True).exists()
    assert not LedgerEntry.objects.exists()


def test_a_build_that_fails_leaves_nothing(db, monkeypatch):
    from qingyuan.demo import pilots

    def fail(_world, **_more):
        raise RuntimeError("power cut")

    monkeypatch.setattr(pilots, "build", fail)
    with pytest.raises(RuntimeError):
        demo.build()
    assert not User.objects.exists()
    assert not LedgerEntry.objects.exists()
