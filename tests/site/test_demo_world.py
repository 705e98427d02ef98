"""The demo: built by verbs, once, with everything a newcomer is promised."""

from __future__ import annotations

import pytest

from qingyuan.calls.models import Call
from qingyuan.demo import world as demo
from qingyuan.kernel import checks, ledger
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.people.models import Membership, Organisation, Role, User
from qingyuan.pilots.models import Pilot, Submission


@pytest.fixture
def built(db, mailoutbox):
    assert demo.build() is True
    assert mailoutbox == []


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


def test_people_who_join_a_demo_do_not_make_it_foreign(built):
    User.objects.create_user("guest", "guest@example.org", "a-real-pass-word", display_name="访客")
    assert demo.foreign() == []
    assert demo.build() is False


@pytest.mark.sqlite
def test_the_demo_is_built_once(built):
    rows = {model: model.objects.count() for model in (Organisation, User, Call, Pilot, Mail, LedgerEntry)}
    assert demo.build() is False
    assert rows == {model: model.objects.count() for model in rows}
    assert ledger.verify()


def test_every_body_of_the_notices_and_every_role(built):
    names = set(Organisation.objects.values_list("name", flat=True))
    assert {"生态环境部办公厅", "国家发展改革委办公厅", "河南省生态环境厅", "河南省发展和改革委员会"} <= names
    assert {
        "洛阳市生态环境局",
        "济源示范区生态环境局",
        "济源示范区发改统计局",
        "新疆生产建设兵团生态环境局",
    } <= names
    assert Organisation.objects.filter(kind="prefecture_ecology").count() == 18
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)


def test_people_are_invented_and_say_so(built):
    for user in User.objects.all():
        assert user.is_demo
        assert user.display_name.startswith("演示")
        assert user.email.endswith("@demo.example.org")


def test_both_calls_are_open_and_one_hangs_below_the_other(built):
    henan = Call.objects.get(notice_id="henan-2022")
    assert henan.is_open
    assert henan.parent.notice_id == "national-2022"
    assert henan.addressees.count() == 36


def test_pilots_of_every_category_stand_on_their_way(built):
    drafting = Pilot.objects.filter(stage="drafting").values_list("category_id", flat=True)
    assert sorted(drafting) == ["park", "region", "sector"]
    assert Pilot.objects.filter(stage="reviewing").exists()
    assert Submission.objects.count() == 1
    ready = Pilot.objects.get(stage="signed")
    assert [finding for finding in checks.run("pilot.submit", ready) if finding.level == "error"] == []
    assert all("演示" in pilot.name and pilot.is_demo for pilot in Pilot.objects.all())


def test_the_demos_ledger_runs_with_the_calendar(built):
    instants = list(LedgerEntry.objects.order_by("seq").values_list("at", flat=True))
    assert instants == sorted(instants)


def test_a_demo_account_signs_in_with_the_printed_password(built, client, settings):
    from qingyuan.demo.cast import PASSWORD

    settings.QINGYUAN_DEMO = True
    response = client.post("/accounts/login/", {"login": "yuanqu-jingban", "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_a_build_that_fails_leaves_nothing(db, monkeypatch):
    from qingyuan.demo import pilots

    def fail(_world):
        raise RuntimeError("power cut")

    monkeypatch.setattr(pilots, "build", fail)
    with pytest.raises(RuntimeError):
        demo.build()
    assert not User.objects.exists()
    assert not LedgerEntry.objects.exists()
