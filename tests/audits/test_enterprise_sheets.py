"""An enterprise fills in its own sheet by a link or an account, sees nothing else, signs; the applicant asks and reminds."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from qingyuan.audits import actions, aggregates, datasets, drafts, filling, links, reads
from qingyuan.audits.models import Dataset, EnterpriseSheet, FigureNote
from qingyuan.kernel import clock, outbox
from qingyuan.kernel.actions import Invalid, NotAllowed, WrongStage
from qingyuan.kernel.errors import NotFound
from qingyuan.kernel.models import Mail
from tests.dataset_maker import content_of, dataset_in, firm_of, fresh, sheet_in
from tests.house.test_route_matrix import body_of, client_of
from tests.pilot_maker import small_pdf


@pytest.fixture
def sheet(maker):
    return sheet_in(maker)


def entered(sheet):
    client = Client()
    response = client.get(reverse("audits:enter", args=[links.secret_of(sheet)]))
    assert response.status_code == 302
    assert response.url == reverse("audits:fill")
    return client


def own_row(sheet, table="emissions"):
    return next(row for row in filling.rows_of(sheet) if row.table == table)


def fields_of(page):
    """The form as a browser would send it back."""
    from html.parser import HTMLParser

    found = {}

    class Reader(HTMLParser):
        select = ""

        def handle_starttag(self, tag, attrs):
            said = dict(attrs)
            if tag == "input" and said.get("name") and said.get("type") != "checkbox":
                found[said["name"]] = said.get("value") or ""
            elif tag == "select":
                self.select = said.get("name", "")
                found.setdefault(self.select, "")
            elif tag == "option" and "selected" in said:
                found[self.select] = said.get("value", "")

    Reader().feed(page.content.decode())
    found.pop("csrfmiddlewaretoken", None)
    return found


@pytest.mark.clause("N3c")
def test_an_enterprise_without_an_account_fills_in_proves_and_signs(sheet, world):
    client = entered(sheet)
    home = client.get(reverse("audits:fill"))
    assert home.status_code == 200
    assert sheet.name in home.content.decode()
    row = own_row(sheet)
    url = reverse("audits:fill-row", args=[row.pk])
    form = fields_of(client.get(url))
    table = filling.table_of(sheet, "emissions")
    place = [column.name for column in table.columns].index("discharge_t")
    missing = client.post(url, {**form, f"c{place}": "14"})
    assert missing.status_code == 422
    assert "来源" in missing.content.decode()
    saved = client.post(url, {**form, f"c{place}": "14", "source": "measured", "method": "在线监测年均值"})
    assert saved.status_code == 302
    row.refresh_from_db()
    assert row.values["discharge_t"] == "14"
    note = FigureNote.objects.get(row=row, column="discharge_t")
    assert (note.source, note.method, note.stated_by_id) == ("measured", "在线监测年均值", sheet.guest_id)
    figure = reverse("audits:fill-figure", args=[row.pk, "discharge_t"])
    proof = small_pdf("proof")
    proof.name = "监测报告.pdf"
    said = {
        "source": "measured",
        "method": "在线",
        "is_secret": "on",
        "secret_reason": "工艺参数",
        "evidence": proof,
    }
    assert client.post(figure, said).status_code == 302
    note.refresh_from_db()
    assert note.evidence.name == "监测报告.pdf"
    assert note.is_secret
    assert body_of(client.get(reverse("audits:fill-proof", args=[row.pk, "discharge_t"])))[:4] == b"%PDF"
    sign = client.get(reverse("audits:fill-sign"))
    assert client.post(reverse("audits:fill-sign"), {**fields_of(sign), "declared": "on"}).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.stage, sheet.signed_via, sheet.signed_by_id) == ("signed", "link", sheet.guest_id)
    assert sheet.signed_sha256 == filling.digest_of(filling.rows_of(sheet))
    # Now it stands: neither the enterprise nor the applicant changes it.
    assert (
        client.post(url, {**fields_of(client.get(url)), f"c{place}": "1", "source": "estimate"}).status_code
        == 409
    )
    with pytest.raises(WrongStage):
        drafts.save_cells(
            fresh(sheet.dataset),
            table=table,
            changes=[drafts.Change(row.pk, "discharge_t", "1", row.revision + 1)],
            by=world.park_handler,
        )
    upload_refused(sheet, world)


def upload_refused(sheet, world):
    with pytest.raises(WrongStage, match="签署"):
        actions.import_workbook(
            fresh(sheet.dataset),
            by=world.park_handler,
            content=content_of(),
            upload=FigureNote.objects.exclude(evidence=None).first().evidence,
        )


def test_rows_of_another_enterprise_are_not_there(sheet, maker):
    other = sheet_in(maker, firm=1)
    foreign = own_row(other)
    client = entered(sheet)
    for name, rest in (("row", []), ("figure", ["discharge_t"]), ("proof", ["discharge_t"])):
        assert client.get(reverse(f"audits:fill-{name}", args=[foreign.pk, *rest])).status_code == 404
    river = sheet.dataset.rows.filter(table="reaches").first()
    assert client.get(reverse("audits:fill-row", args=[river.pk])).status_code == 404
    page = client.get(reverse("audits:fill")).content.decode()
    assert other.name not in page
    with pytest.raises(NotAllowed):
        filling.save_row(
            other, row=foreign, texts={"discharge_t": "1"}, revision=1, source="estimate", method="",
            by=links.filler_of(sheet),
        )  # fmt: skip
    with pytest.raises(NotFound):
        filling.row_of(sheet, foreign.pk)


def test_a_link_ends_when_it_is_revoked_renewed_or_too_old(sheet, world):
    client = entered(sheet)
    secret = links.secret_of(sheet)
    assert secret not in str(list(EnterpriseSheet.objects.values_list("link_digest", flat=True)))
    with clock.at((sheet.link_expires_at + timedelta(seconds=1)).isoformat()):
        assert client.get(reverse("audits:fill")).status_code == 404
    assert client.get(reverse("audits:fill")).status_code == 200
    actions.renew_link(sheet, by=world.park_handler, address="new@example.org")
    assert client.get(reverse("audits:fill")).status_code == 404
    assert Client().get(reverse("audits:enter", args=[secret])).status_code == 404
    again = entered(EnterpriseSheet.objects.get(pk=sheet.pk))
    actions.revoke_link(EnterpriseSheet.objects.get(pk=sheet.pk), by=world.park_handler)
    assert again.get(reverse("audits:fill")).status_code == 404
    assert again.post(reverse("audits:fill-sign"), {"declared": "on"}).status_code == 404


def test_guessing_links_is_slowed_down(db):
    from django.core.cache import cache

    cache.clear()
    client = Client()
    answers = [client.get(reverse("audits:enter", args=["0" * 64])).status_code for _try in range(25)]
    assert answers[0] == 404
    assert answers[-1] == 429
    cache.clear()


def test_the_link_is_in_the_mail_that_leaves_and_nowhere_in_the_database(maker):
    sheet = sheet_in(maker)
    secret = links.secret_of(sheet)
    waiting = Mail.objects.get(verb="dataset.invite", address=sheet.address)
    assert secret not in waiting.body
    assert str(sheet.pk) in waiting.body
    mail.outbox.clear()
    outbox.deliver()
    sent = next(one for one in mail.outbox if one.to == [sheet.address])
    assert secret in sent.body
    assert links.secret_of(sheet_in(maker, firm=1)) not in sent.body
    # The same mark in a mail to somebody else stays empty.
    assert secret not in outbox.late_filled(f"[[fill-link:{sheet.pk}]]", "thief@example.org")
    assert "[[" not in outbox.defuse(f"[[fill-link:{sheet.pk}]]")


def test_a_link_that_was_handed_over_is_said_in_the_signature(sheet, world):
    client = client_of(world.park_handler)
    answer = client.post(reverse("audits:hand-over-link", args=[sheet.pk]), {"revision": sheet.revision})
    link = re.search(r"/fill/enter/([0-9a-f]{64})/", answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]
    visitor = Client()
    assert visitor.get(f"/fill/enter/{link[1]}/").status_code == 302
    form = fields_of(visitor.get(reverse("audits:fill-sign")))
    assert visitor.post(reverse("audits:fill-sign"), {**form, "declared": "on"}).status_code == 302
    assert EnterpriseSheet.objects.get(pk=sheet.pk).signed_via == "handed"


def test_an_account_of_the_enterprise_needs_no_link(sheet, maker):
    user = firm_of(maker, sheet)
    client = client_of(user)
    assert sheet.name in client.get(reverse("audits:my-sheets")).content.decode()
    row = own_row(sheet)
    assert client.get(reverse("audits:firm-row", args=[sheet.pk, row.pk])).status_code == 200
    other = sheet_in(maker, firm=1)
    assert client.get(reverse("audits:firm", args=[other.pk])).status_code == 404
    assert client.get(reverse("audits:firm-row", args=[sheet.pk, own_row(other).pk])).status_code == 404
    actions.sign(sheet, by=user, declared=True)
    assert EnterpriseSheet.objects.get(pk=sheet.pk).signed_via == "account"


def test_the_applicant_sees_who_has_not_signed_reminds_and_gives_back(sheet, maker, world):
    done = sheet_in(maker, firm=1)
    actions.sign(done, by=links.filler_of(done), declared=True)
    client = client_of(world.park_handler)
    page = client.get(reverse("audits:sheets", args=[sheet.dataset_id]) + "?stage=invited").content.decode()
    assert sheet.name in page
    assert done.name not in page
    before = Mail.objects.filter(verb="dataset.remind").count()
    actions.remind(fresh(sheet.dataset), by=world.park_handler)
    assert (
        Mail.objects.filter(verb="dataset.remind").count() == before + 1
    )  # one signed, one without a mailbox
    actions.reopen(EnterpriseSheet.objects.get(pk=done.pk), by=world.park_handler, reason="演示：产量有误")
    assert EnterpriseSheet.objects.get(pk=done.pk).stage == "invited"
    assert (
        "演示：产量有误"
        in entered(EnterpriseSheet.objects.get(pk=done.pk)).get(reverse("audits:fill")).content.decode()
    )


def test_an_enterprise_reads_who_has_read_its_figures_and_only_that(sheet, maker, world):
    client_of(world.park_handler).get(reverse("audits:row", args=[sheet.dataset_id, own_row(sheet).pk]))
    other = sheet_in(maker, firm=1)
    client_of(world.park_handler).get(reverse("audits:row", args=[sheet.dataset_id, own_row(other).pk]))
    mine = reads.reads_of(sheet.dataset, enterprise=sheet.enterprise)
    assert [one.by for one in mine] == [world.park_handler]
    page = entered(sheet).get(reverse("audits:fill-log")).content.decode()
    assert page.count("演示园区经办") == 1


def test_the_preview_says_what_counts_and_shows_no_figure(sheet):
    row = own_row(sheet)
    by = links.filler_of(sheet)
    filling.say(
        sheet, row=row, column="delivery", said=filling.Said(is_secret=True, secret_reason="合同约定"), by=by
    )
    text = entered(sheet).get(reverse("audits:fill-preview")).content.decode()
    assert "排放量" in text
    assert "合同约定" in text
    assert "12.5" not in text


def test_aggregates_need_five_enterprises_none_that_dominates_and_no_secret(maker, world):
    names = tuple(f"演示企业{n}有限公司" for n in range(1, 8))
    content = content_of(names)
    shown = {one.column: one for one in aggregates.of_content(content, {}) if one.table == "污染排放"}
    assert shown["排放量（t/a）"].enterprises == 7
    assert shown["排放量（t/a）"].total == "87.5"
    secret = [{"row": n, "column": "discharge_t", "secret": True} for n in range(3)]
    fewer = {one.column: one for one in aggregates.of_content(content, {"emissions": secret})}
    assert fewer["排放量（t/a）"].hidden
    assert fewer["排放量（t/a）"].secret == 3
    few = aggregates.of_content(content_of(), {})
    assert all(one.hidden for one in few)


def test_what_was_said_of_figures_is_sealed_with_the_version(sheet, world):
    row = own_row(sheet)
    by = links.filler_of(sheet)
    filling.say(
        sheet, row=row, column="discharge_t", said=filling.Said(source="permit", method="执行报告"), by=by
    )
    version = actions.fix_version(fresh(sheet.dataset), by=world.park_handler)
    (note,) = version.tables.get(name="emissions").notes
    assert (note["column"], note["source"], note["row"]) == ("discharge_t", "permit", row.position)
    assert datasets.tables(version)


def test_inviting_says_all_problems_at_once(maker, world):
    from qingyuan.audits.actions.firm_sheet import Invitation

    dataset = dataset_in(maker)
    with pytest.raises(Invalid) as refused:
        actions.invite(
            dataset,
            by=world.park_handler,
            invitations=[Invitation("91410300000000000X"), Invitation("x", "not a mailbox")],
        )
    assert len(refused.value.problems) == 3


def test_before_anybody_is_invited_the_page_says_what_to_do(maker, world):
    dataset = dataset_in(maker)
    client, page = client_of(world.park_handler), reverse("audits:sheets", args=[dataset.pk])
    empty = client.get(page).content.decode()
    assert "还没有邀请企业填报" in empty
    assert (
        empty.count(reverse("audits:invite", args=[dataset.pk])) == 2
    )  # the head of the page and the middle
    assert "没有符合条件的企业" in client.get(f"{page}?q=没有这家").content.decode()
    actions.fix_version(dataset, by=world.park_handler)
    fixed = client.get(page).content.decode()
    assert "继续修改" in fixed
    assert reverse("audits:invite", args=[dataset.pk]) not in fixed


def test_reports_are_offered_only_where_a_report_fits_the_data_sheet(sheet, maker, world):
    offer = reverse("audits:staff-filing", args=[sheet.pk])
    client, page = client_of(world.park_handler), reverse("audits:sheets", args=[sheet.dataset_id])
    assert offer in client.get(page).content.decode()
    Dataset.objects.filter(pk=sheet.dataset_id).update(template="park")
    assert offer not in client.get(page).content.decode()
    assert "没有可以带入的报表" in client.get(offer).content.decode()
