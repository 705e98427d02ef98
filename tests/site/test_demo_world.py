"""The demo: built by verbs, once, with everything a newcomer is promised."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import override_settings

from qingyuan.audits import charts
from qingyuan.audits import quoting as quoted
from qingyuan.audits.models import Dataset, Run
from qingyuan.audits.queries.run import RELATED
from qingyuan.audits.reports import compose, document
from qingyuan.audits.reports.compose import TITLES
from qingyuan.calls.models import Call
from qingyuan.demo import world as demo
from qingyuan.kernel import checks, clock, ledger, storage
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.people.models import Membership, Organisation, Role, User
from qingyuan.pilots.models import ChapterRemark, Pilot, Submission
from qingyuan.pilots.quotes import shown
from tests.papers.libreoffice import needs_libreoffice, soffice_all


@pytest.fixture(scope="module")
def one_demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One demo for all tests of this file; each works on it in a savepoint of its own."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.at("2022-06-20T09:00:00+08:00"), override_settings(PASSWORD_HASHERS=hashers):
            mail.outbox = []
            assert demo.build() is True
            assert mail.outbox == []
        yield
        transaction.set_rollback(True)


@pytest.fixture
def built(one_demo, db):
    """The demo stands."""


def test_people_who_join_a_demo_do_not_make_it_foreign(built):
    User.objects.create_user("guest", "guest@example.org", "a-real-pass-word", display_name="访客")
    assert demo.foreign() == []
    assert demo.build() is False


@pytest.mark.sqlite
def test_the_demo_is_built_once(built):
    models = (Organisation, User, Call, Pilot, Mail, LedgerEntry, Dataset, Run)
    rows = {model: model.objects.count() for model in models}
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
    assert list(checks.run("pilot.submit", ready)) == []
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


def test_the_rich_plan_shows_what_an_application_can_hold(built):
    """Long chapters with pictures and live figures, every table filled, letters out and back, a remark to be answered."""
    pilot = Pilot.objects.get(name__startswith="洛阳新材料产业园")
    chapters = {chapter.outline_id: chapter for chapter in pilot.chapters.all()}
    assert sum(chapter.words for chapter in chapters.values()) > 18_000
    whole = "".join(chapter.html for chapter in chapters.values())
    assert whole.count("data-upload=") == pilot.pictures.count() == 3
    assert "data-quote=" in whole
    assert "data-footnote=" in whole
    assert "".join(shown(pilot, chapter.html) for chapter in chapters.values()).count("〔") == 0
    assert not pilot.scope.filter(sector_code="").exists()
    assert pilot.outputs.exclude(target_key="").exists()
    assert sorted(pilot.certificates.values_list("stage", flat=True)) == ["received", "sent"]
    open_remarks = ChapterRemark.objects.filter(chapter__pilot=pilot, resolved_at=None)
    assert [remark.chapter.outline_id for remark in open_remarks] == ["innovation"]
    found = list(checks.run("pilot", pilot))
    assert [finding.message for finding in found if finding.level == "error"] == []
    assert any("1 条意见未处理" in finding.message for finding in found)


def test_a_region_is_organised_jointly_and_lacks_only_its_agreement(built):
    pilot = Pilot.objects.get(category_id="region")
    assert [party.part for party in pilot.parties.all()] == ["lead", "partner", "partner"]
    assert pilot.meetings.count() == 2
    assert any("协议" in finding.message for finding in checks.run("pilot", pilot))


def test_where_the_objects_lie_is_stated_and_agrees_with_the_rest(built):
    """Two parcels with a hole, reaches and sections, a self-chosen pollutant with its proof: no remark on any of them."""
    park = Pilot.objects.get(name__startswith="洛阳新材料产业园")
    assert [len(parcel["polygons"][0]) for parcel in park.boundary.parcels] == [2, 1]
    basin = Pilot.objects.get(category_id="region")
    assert (basin.reaches.count(), basin.sections.count(), basin.key_tasks.count()) == (3, 4, 1)
    for pilot in Pilot.objects.all():
        about = [finding.message for finding in checks.run("pilot", pilot) if "/object/" in finding.url]
        assert about == []


@pytest.mark.parametrize(
    ("category", "parts"),
    [
        pytest.param("sector", {"indicators", "effort", "flags"}, marks=pytest.mark.clause("N3a", "N1")),
        pytest.param("park", {"balance", "heat", "match", "water", "exchange", "select"}, marks=pytest.mark.clause("N3b")),
        pytest.param("region", {"river", "select"}, marks=pytest.mark.clause("N3c")),
    ],
)  # fmt: skip
def test_each_category_holds_data_a_computation_and_a_plan_that_quotes_it(built, category, parts):
    """Enter once, quote everywhere: nothing in the chain is made up, and nothing in it is old."""
    pilot = Pilot.objects.get(category_id=category, stage="drafting")
    version = pilot.datasets.get().versions.get()
    firms = version.tables.get(name="enterprises")
    assert firms.row_count == pilot.scope.count()
    assert pilot.datasets.get().rows.filter(enterprise__in=pilot.scope.values("enterprise")).exists()
    run = Run.objects.get(dataset__pilot=pilot)
    assert (run.version, run.stage, run.exit_code, run.repeatable) == (version, "done", 0, True)
    with storage.open_blob(run.files.get(name="result.json").sha256) as kept:
        result = json.load(kept)
    assert parts <= result.keys()
    assert {one["status"] for one in result.values() if isinstance(one, dict) and "status" in one} <= {"done"}
    pinned = quoted.pinned(pilot)
    assert len(pinned) >= 4
    assert all(
        one.said is not None and one.said.url == run.get_absolute_url() and not one.is_stale for one in pinned
    )
    text = "".join(shown(pilot, chapter.html) for chapter in pilot.chapters.all())
    assert all(f">{one.said.text}</data>" in text for one in pinned)
    assert not any("计算结果" in finding.message for finding in checks.run("pilot", pilot))


def test_a_plan_shows_a_chart_of_its_computation(built):
    (one,) = charts.shown(Pilot.objects.get(category_id="region"))
    assert one.said is not None
    assert not one.is_stale
    assert one.said.stem.startswith("river-sections")


def test_the_computed_pilots_open_their_results_to_who_is_named(built, client):
    run = Run.objects.get(dataset__pilot__category_id="park")
    for username, expected in (
        ("yuanqu-jingban", 200),
        ("zixun", 200),
        ("yuanqu-qianfa", 404),
        ("ting-jingban", 404),
    ):
        client.force_login(User.objects.get(username=username))
        assert client.get(run.get_absolute_url()).status_code == expected, username


@needs_libreoffice
@pytest.mark.clause("N3a", "N3b", "N3c")
def test_the_audit_reports_of_the_three_open_elsewhere(built, tmp_path):
    """Each with its chapters of the whole, filled by its own computation; the same bytes a second time."""
    paths = []
    for run in Run.objects.select_related(*RELATED):
        report = compose(run)
        assert report.title == TITLES[run.dataset.template]
        filled = {one.number for one in report.chapters if one.is_filled}
        assert {1, 2, 3, 4} <= filled
        assert sum(len(one.pictures) for one in report.chapters) >= 3
        path = tmp_path / f"{run.command}.docx"
        path.write_bytes(document(report))
        assert path.read_bytes() == document(compose(run))
        paths.append(path)
    made = soffice_all(paths, to="pdf", folder=tmp_path)
    assert all(one.read_bytes().startswith(b"%PDF-") for one in made)
