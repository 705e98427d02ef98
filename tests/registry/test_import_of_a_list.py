"""A province's list: matched by credit code, all or nothing, the same again changes nothing, 100,000 rows at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from qingyuan.kernel.actions import Invalid, NotAllowed
from qingyuan.kernel.models import LedgerEntry
from qingyuan.registry import actions
from qingyuan.registry.actions import StatedEnterprise, ensure_enterprises
from qingyuan.registry.models import AuditRecord, Enterprise, FormerName, ListImport
from tests.pilot_maker import credit_code
from tests.registry_maker import of_code, row, take_in

AUDITED = {
    "audit_on": date(2020, 2, 29),
    "audit_kind": "mandatory",
    "audit_level": "II",
    "audit_source": "演示〔2020〕1号",
}


@pytest.mark.sqlite
def test_new_ones_are_entered_with_their_audit(world):
    made = take_in(world, row(1, address="演示路1号", **AUDITED), row(2, listed_on=date(2022, 3, 31)))
    assert (made.rows, made.added, made.changed, made.renamed, made.records) == (2, 2, 0, 0, 1)
    one = of_code(1)
    assert (one.province, one.region_code, one.address, one.last_list) == ("41", "410300", "演示路1号", made)
    record = one.audits.get()
    assert (record.kind, record.completed_on, record.level) == ("mandatory", date(2020, 2, 29), "II")
    assert of_code(2).listed_on == date(2022, 3, 31)


@pytest.mark.sqlite
def test_the_same_list_again_changes_nothing(world):
    rows = [row(1, **AUDITED), row(2)]
    take_in(world, *rows)
    before = list(Enterprise.objects.values()), list(AuditRecord.objects.values())
    again = take_in(world, *rows)
    assert (again.added, again.changed, again.renamed, again.records) == (0, 0, 0, 0)
    assert (list(Enterprise.objects.values()), list(AuditRecord.objects.values())) == before


@pytest.mark.sqlite
def test_who_is_known_keeps_its_row_and_what_the_list_leaves_blank(world):
    """A pilot named it first; the list gives its place, then a new name; blank cells take nothing away."""
    code = credit_code(1)
    first = ensure_enterprises([StatedEnterprise("演示旧名", code, sector_code="2614")])[code]
    take_in(world, row(1, address="演示路1号"))
    take_in(world, row(1, name="演示再更名有限公司"))
    one = of_code(1)
    assert one.pk == first.pk
    assert (one.name, one.sector_code, one.address) == ("演示再更名有限公司", "2614", "演示路1号")
    assert [old.name for old in one.former_names.all()] == ["演示企业1有限公司", "演示旧名"]
    assert one.revision == first.revision + 2


def test_a_revoked_audit_does_not_come_back_with_the_next_list(world):
    take_in(world, row(1, **AUDITED))
    actions.revoke_audit(AuditRecord.objects.get(), by=world.province_handler, reason="演示：弄虚作假")
    assert take_in(world, row(1, **AUDITED)).records == 0
    assert AuditRecord.objects.get().stage == "revoked"


def test_everything_wrong_is_said_at_once_and_nothing_is_taken(world):
    take_in(world, row(3))
    actions.close(of_code(3), by=world.province_handler, on=date(2022, 6, 1), reason="演示")
    with pytest.raises(Invalid) as refusal:
        take_in(
            world,
            row(1),
            row(1),
            row(2, region_code="110000"),
            row(3),
            row(4, listed_on=date(2099, 1, 1)),
            row(5, audit_on=date(2020, 1, 1)),
            row(6, audit_source="演示"),
            replace(row(7), credit_code="123"),
            row(8, address="长" * 201),
        )
    assert {problem.where for problem in refusal.value.problems} == {
        "rows.1.credit_code",
        "rows.2.region_code",
        "rows.3.credit_code",
        "rows.4.listed_on",
        "rows.5.audit_kind",
        "rows.5.audit_source",
        "rows.6.audit_on",
        "rows.7.credit_code",
        "rows.8.address",
    }
    assert Enterprise.objects.count() == 1


def test_what_another_province_keeps_is_not_taken_over(world):
    take_in(world, row(1))
    Enterprise.objects.update(province="11")
    with pytest.raises(Invalid, match="1 处"):
        take_in(world, row(1))
    assert of_code(1).province == "11"


def test_only_the_department_of_the_province_keeps_it(world):
    for user in (world.reform_handler, world.province_signer, world.state_handler, world.operator):
        with pytest.raises(NotAllowed):
            actions.import_list(world.henan_ecology, by=user, rows=[row(1)])
    with pytest.raises(NotAllowed):
        actions.import_list(world.henan_reform, by=world.reform_handler, rows=[row(1)])


def test_the_ledger_holds_a_count_and_a_hash_and_no_name(world):
    take_in(world, row(1, name="演示个体工商户张某"))
    entry = LedgerEntry.objects.order_by("-seq")[0]
    assert entry.verb == "registry.import_list"
    assert '"items":1' in str(entry.body)
    assert "张某" not in str(entry.body)
    assert credit_code(1) not in str(entry.body)


def test_a_repeated_click_is_one_import(world):
    first = actions.import_list(world.henan_ecology, by=world.province_handler, rows=[row(1)], key="k" * 12)
    again = actions.import_list(world.henan_ecology, by=world.province_handler, rows=[row(1)], key="k" * 12)
    assert first == again
    assert ListImport.objects.count() == 1


def statements(world, rows):
    """How many were sent; without keeping their text, which is long here."""
    sent = []

    def count(execute, sql, params, many, context):
        sent.append(sql[:6])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        take_in(world, *rows)
    return len(sent)


def test_a_hundred_thousand_rows_take_as_many_statements_as_ten(world):
    """On PostgreSQL, once: entered, then every twentieth changed."""
    assert world.province_handler.standing.roles  # asked once for each person, not for each list
    few = statements(world, [row(number, **AUDITED) for number in range(1, 11)])
    rows = [row(number, **AUDITED) for number in range(1_001, 101_001)]
    assert statements(world, rows) == few
    assert Enterprise.objects.count() == AuditRecord.objects.count() == 100_010
    next_year = [*(replace(one, address="演示新址") for one in rows[::20]), *rows[1::20]]
    made = take_in(world, *next_year)
    assert (made.added, made.changed, made.renamed, made.records) == (0, 5_000, 0, 0)
    assert Enterprise.objects.filter(address="演示新址").count() == 5_000
    assert not FormerName.objects.exists()
