"""Anybody checks a receipt on the site: by paste or file, against a copied head or the platform's own."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from qingyuan.kernel import ledger
from qingyuan.kernel.models import LedgerEntry

CHINESE = {"accept-language": "zh-hans"}


@pytest.fixture(autouse=True)
def _fresh_count(db):
    cache.clear()


@pytest.fixture
def receipt(maker):
    submission = maker("park", stage="submitted").submissions.get()
    return ledger.receipt(LedgerEntry.objects.get(seq=submission.ledger_seq))


def post(client, **data):
    response = client.post("/ledger/check/", data, headers=CHINESE)
    return response, response.content.decode()


def test_a_true_receipt_holds_against_a_copied_head_and_says_what_it_proves(client, receipt):
    _response, text = post(client, receipt=json.dumps(receipt), head=receipt["head"]["hash"])
    assert "核验通过" in text
    assert "收件登记号" in text
    assert "提交申报材料" in text


def test_without_a_head_the_platforms_own_chain_is_asked(client, receipt):
    _response, text = post(client, receipt=json.dumps(receipt))
    assert "核验通过" in text
    assert receipt["head"]["hash"] in text


def test_a_receipt_as_a_file(client, receipt):
    file = SimpleUploadedFile("回执.json", b"\xef\xbb\xbf" + json.dumps(receipt).encode())
    _response, text = post(client, file=file)
    assert "核验通过" in text


def test_an_altered_receipt_fails_with_the_reason(client, receipt):
    forged = {**receipt, "body": receipt["body"].replace('"version":1', '"version":2')}
    assert forged != receipt
    _response, text = post(client, receipt=json.dumps(forged), head=receipt["head"]["hash"])
    assert "核验不通过" in text
    assert "回执被改动" in text
    assert "收件登记号" not in text


def test_a_self_made_chain_does_not_pass_for_the_platforms(client, receipt):
    """Consistent in itself, but not in this ledger."""
    body = receipt["body"].replace('"version":1', '"version":2')
    from qingyuan.papers.canonical import sha256_hex

    own = ledger.link_hash(seq=receipt["seq"], prev=receipt["prev"], body_sha256=sha256_hex(body.encode()))
    forged = {
        **receipt,
        "body": body,
        "hash": own,
        "following": [],
        "head": {"seq": receipt["seq"], "hash": own},
    }
    _response, text = post(client, receipt=json.dumps(forged))
    assert "核验不通过" in text


def test_a_receipt_of_another_ledger_is_told_apart(client, receipt):
    other = {**receipt, "head": {**receipt["head"], "seq": 10**6}}
    _response, text = post(client, receipt=json.dumps(other))
    assert "核验不通过" in text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "请粘贴回执内容"),
        ({"receipt": "{"}, "不是合格的 JSON"),
        ({"receipt": "[" * 50_000}, "嵌套过深"),
        ({"receipt": "{}", "head": "zz"}, "链头是 64 位十六进制数"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_the_field(client, data, words):
    response, text = post(client, **data)
    assert response.status_code == 422
    assert words in text


@pytest.mark.parametrize(
    "document",
    [
        "7",
        "null",
        '"text"',
        "[]",
        '{"head": {"seq": true}}',
        '{"head": {"seq": 99999999999999999999999}}',
        '{"seq": 1, "body": "\\ud800", "prev": "", "hash": "", "following": [], "head": {"seq": 1, "hash": ""}}',
        '{"seq": 1e400, "body": "{}", "prev": "", "hash": "", "following": 3, "head": {"seq": 1, "hash": ""}}',
    ],
)
@pytest.mark.parametrize("head", ["", "0" * 64])
def test_any_json_gets_an_answer(client, document, head):
    response, text = post(client, receipt=document, head=head)
    assert response.status_code == 200
    assert "核验不通过" in text


def test_a_file_that_is_no_text_or_too_large_is_refused(client):
    response, text = post(client, file=SimpleUploadedFile("a.json", b"\xff\xfe\x00"))
    assert response.status_code == 422
    assert "不是 UTF-8" in text
    response, text = post(client, file=SimpleUploadedFile("a.json", b" " * (2 * 1024 * 1024 + 1)))
    assert response.status_code == 422
    assert "超过 2 MB" in text


def test_one_address_cannot_keep_the_server_busy(client):
    codes = [post(client, receipt="{}")[0].status_code for _attempt in range(22)]
    assert codes[0] == 200
    assert codes[-1] == 429
    assert client.get("/ledger/check/").status_code == 200
