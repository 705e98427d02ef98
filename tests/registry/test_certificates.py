"""Certificates: codes that nobody guesses and that find slips, the page anybody reads, and the Word file."""

from __future__ import annotations

import io
import itertools
import struct
import zipfile
import zlib
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from qingyuan.catalogue.credit_code import ALPHABET
from qingyuan.kernel import clock
from qingyuan.papers import qr
from qingyuan.registry import actions, certificates, codes
from qingyuan.registry.models import AuditRecord, Certificate
from tests.people.strict import strict
from tests.pilot_maker import credit_code
from tests.registry_maker import credited, of_code, row, take_in


def test_a_code_holds_and_a_slip_of_the_pen_is_found():
    made = {codes.new_code() for _again in range(200)}
    assert len(made) == 200
    code = min(made)
    assert codes.read(codes.shown(code).lower()) == code
    for at, other in itertools.product(range(codes.LENGTH), ALPHABET):
        if other != code[at]:
            assert codes.read(code[:at] + other + code[at + 1 :]) == ""
    for one, other in itertools.combinations(range(codes.LENGTH), 2):
        if code[one] != code[other]:
            swapped = list(code)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            assert codes.read("".join(swapped)) == ""
    for wrong in ("", code[:-1], code + "0", "演示", "I" * 16, "<script>"):
        assert codes.read(wrong) == ""


def test_a_credit_comes_once_however_often_it_is_written(world):
    take_in(world, row(1), row(2))
    first = credited(world, of_code(1), of_code(2))
    assert len(first) == 2
    assert credited(world, of_code(1), of_code(2)) == []
    assert AuditRecord.objects.filter(kind="credit").count() == Certificate.objects.count() == 2
    actions.revoke_audit(first[0], by=world.province_handler, reason="演示：弄虚作假")
    assert credited(world, of_code(1), of_code(2)) == []
    again = credited(world, of_code(1), turn=2)
    assert [one.turn for one in again] == [2]
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditRecord.objects.filter(pk=first[0].pk).update(stage="valid", revoked_at=None, revoked_reason="")


def test_the_database_refuses_a_credit_of_nothing(world):
    take_in(world, row(1))
    for wrong in ({"kind": "credit"}, {"kind": "mandatory", "reference": "project:1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditRecord.objects.create(
                enterprise=of_code(1),
                completed_on=date(2024, 2, 29),
                source="演示",
                made_at=clock.now(),
                **wrong,
            )


def test_two_pilots_on_one_list_give_an_enterprise_two_records(world):
    take_in(world, row(1))
    assert credited(world, of_code(1), reference="project:a")
    assert credited(world, of_code(1), reference="project:b")
    assert of_code(1).audits.filter(stage="valid").count() == 2


def test_anybody_with_the_code_reads_whether_it_holds(world):
    take_in(world, row(1, name="演示电镀厂"))
    record = credited(world, of_code(1))[0]
    code = codes.shown(record.certificate.code)
    visitor = Client()
    found = visitor.get(reverse("registry:certificates"), {"code": code.lower().replace("-", " ")})
    assert found.status_code == 302
    response = visitor.get(found["Location"])
    strict(response)
    text = response.content.decode()
    for words in (
        "有效",
        "演示电镀厂",
        credit_code(1),
        "演示试点",
        "演示〔2024〕1号",
        "河南省生态环境厅",
        "2029年2月28日",
        code,
    ):
        assert words in text
    assert "<svg" in text
    actions.rename(of_code(1), by=world.province_handler, name="演示新名", on=date(2022, 6, 1))
    assert "演示新名" in visitor.get(found["Location"]).content.decode()
    actions.revoke_audit(record, by=world.province_handler, reason="演示：数据不实")
    revoked = visitor.get(found["Location"]).content.decode()
    assert "已撤销" in revoked
    assert "演示：数据不实" in revoked
    assert visitor.get(reverse("registry:certificate-docx", args=[code])).status_code == 404


def test_a_wrong_code_is_told_apart_from_an_unknown_one(world):
    visitor, url = Client(), reverse("registry:certificates")
    unknown = codes.new_code()
    assert "没有这个编码" in visitor.get(url, {"code": unknown}).content.decode()
    assert "校验不符" in visitor.get(url, {"code": unknown[:-1]}).content.decode()
    assert visitor.get(reverse("registry:certificate", args=[unknown])).status_code == 404
    assert certificates.checked("") is None


def test_who_tries_codes_is_stopped(world):
    take_in(world, row(1))
    address = reverse(
        "registry:certificate", args=[codes.shown(credited(world, of_code(1))[0].certificate.code)]
    )
    visitor = Client()
    for _again in range(31):
        last = visitor.get(address)
    assert last.status_code == 429
    assert credit_code(1) not in last.content.decode()
    assert visitor.get(address + "certificate.docx").status_code == 429
    assert visitor.get(reverse("registry:certificates"), {"code": "演示"}).status_code == 429


def test_the_page_speaks_english(world):
    take_in(world, row(1))
    record = credited(world, of_code(1))[0]
    visitor = Client()
    visitor.cookies["django_language"] = "en"
    text = visitor.get(reverse("registry:certificate", args=[record.certificate.code])).content.decode()
    for words in ("This audit record is valid", "Counts as completed on", "Next audit due", "28 Feb 2029"):
        assert words in text
    assert "Check a certificate" in visitor.get(reverse("registry:certificates")).content.decode()


def test_the_word_file_says_the_same_and_carries_its_address(world):
    take_in(world, row(1, name="演示甲"))
    record = credited(world, of_code(1))[0]
    address = reverse("registry:certificate-docx", args=[record.certificate.code])
    data = b"".join(Client().get(address).streaming_content)
    assert b"".join(Client().get(address).streaming_content) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = archive.read("word/document.xml").decode()
        assert "word/media/image1.png" in archive.namelist()
    for words in ("演示甲", "演示试点", "2029年2月28日", codes.shown(record.certificate.code)):
        assert words in body


def test_the_squares_of_the_code_are_those_of_the_picture():
    rows = qr.squares("http://testserver/audit-certificates/ABCD/")
    data = qr.png("http://testserver/audit-certificates/ABCD/", scale=1)
    assert struct.unpack_from(">II", data, 16) == (len(rows), len(rows))
    at = data.index(b"IDAT") + 4
    size = struct.unpack_from(">I", data, at - 8)[0]
    lines = zlib.decompress(data[at : at + size])
    width = -(-len(rows) // 8) + 1
    for number, row_ in enumerate(rows):
        line = lines[number * width + 1 : (number + 1) * width]
        bits = "".join(f"{byte:08b}" for byte in line)[: len(rows)]
        assert [bit == "0" for bit in bits] == row_
    assert qr.svg("x", alt='"<&').count("&quot;&lt;&amp;") == 1
