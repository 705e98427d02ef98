"""The ledger holds what was done, in one chain, and says where somebody touched it."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from qingyuan.kernel import clock, ledger, triggers
from qingyuan.kernel.models import LedgerEntry
from qingyuan.people import actions as people


def add(number: int) -> LedgerEntry:
    with transaction.atomic():
        return ledger.append(
            ledger.Act(
                at=clock.now(),
                verb="test.write",
                subject_type="test",
                subject_id=str(number),
                actor_ref="system",
                stage_from=None,
                stage_to="done",
                payload={"number": number},
            )
        )


@pytest.mark.sqlite
def test_entries_form_a_chain_that_verifies(db):
    first, second = add(1), add(2)
    assert (first.seq, second.seq) == (1, 2)
    assert second.prev_hash == first.hash
    result = ledger.verify()
    assert result
    assert result.entries == 2
    assert result.head == second.hash


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "statement",
    ["UPDATE kernel_ledgerentry SET verb = 'x'", "DELETE FROM kernel_ledgerentry"],
)
def test_the_database_itself_refuses_change_and_removal(db, statement):
    add(1)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert LedgerEntry.objects.get().verb == "test.write"


def test_postgresql_refuses_to_empty_the_ledger(db):
    add(1)
    if connection.vendor != "postgresql":
        pytest.fail("this run is meant for PostgreSQL")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE kernel_ledgerentry")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"body": '{"forged":true}'}, "内容被改动"),
        ({"verb": "other.verb"}, "列 verb 与内容不符"),
        ({"hash": "f" * 64}, "本条的哈希不符"),
        ({"prev_hash": "e" * 64}, "前一条的哈希对不上"),
    ],
)
def test_verify_names_the_first_broken_entry(db, change, reason):
    for number in range(5):
        add(number)
    triggers.remove(connection)
    LedgerEntry.objects.filter(seq=3).update(**change)
    LedgerEntry.objects.filter(seq=5).update(verb="also.forged")
    triggers.install(connection)
    broken = ledger.verify().broken
    assert broken.seq == 3
    assert reason in broken.reason


@pytest.mark.sqlite
@pytest.mark.parametrize("seq", [2, 5])
def test_a_missing_entry_is_noticed_also_at_the_end(db, seq):
    for number in range(5):
        add(number)
    triggers.remove(connection)
    LedgerEntry.objects.filter(seq=seq).delete()
    triggers.install(connection)
    assert ledger.verify().broken.seq == seq


@pytest.mark.sqlite
def test_a_receipt_is_checked_by_anyone_against_a_published_head(db):
    entry = add(1)
    for number in range(2, 6):
        add(number)
    document = json.loads(json.dumps(ledger.receipt(entry)))
    head = ledger.head()
    assert ledger.check_receipt(document, head_hash=head.hash) == []
    assert ledger.check_receipt(document, head_hash="0" * 64)
    forged = {**document, "body": document["body"].replace('"number":1', '"number":9')}
    assert ledger.check_receipt(forged, head_hash=head.hash)
    assert ledger.check_receipt({"seq": "x"})


def test_a_receipt_shows_nothing_of_what_others_did(db):
    entry = add(1)
    add(7777)
    assert "7777" not in json.dumps(ledger.receipt(entry))


@pytest.mark.django_db(transaction=True)
def test_twenty_writers_leave_one_unbroken_chain():
    barrier = threading.Barrier(20)

    def work(number: int) -> int:
        try:
            barrier.wait(timeout=20)
            return add(number).seq
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        seqs = list(pool.map(work, range(20)))
    assert sorted(seqs) == list(range(1, 21))
    assert ledger.verify()


def test_the_chain_holds_no_name_and_no_address(world):
    people.add_member(
        world.park, by=world.park_lead, email="zhang@example.org", name="张某某", role="reviewer"
    )
    text = "".join(LedgerEntry.objects.values_list("body", flat=True))
    for user in [world.park_lead, *world.people.values()]:
        assert user.display_name not in text
        assert user.email not in text
    assert "张某某" not in text
    assert "zhang@example.org" not in text
    assert str(world.park_lead.ref) in text


def test_a_receipt_ends_at_the_head_of_its_day_and_stays_small(db):
    with clock.at("2022-06-20T09:00:00+08:00"):
        entry, last = add(1), add(2)
    with clock.at("2022-06-21T09:00:00+08:00"):
        for number in range(3, 40):
            add(number)
    document = ledger.receipt(entry)
    assert document["head"] == {"seq": 2, "hash": last.hash}
    assert len(document["following"]) == 1
    assert ledger.check_receipt(document, head_hash=last.hash) == []
