"""What anybody may ask without a token: the clauses, the ledger's head, and whether a receipt holds."""

from __future__ import annotations

from typing import Annotated, Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from ninja import Router, Schema
from ninja.throttling import BaseThrottle
from pydantic import Field, StringConstraints

from qingyuan.api.limits import MINUTE, left_of, within
from qingyuan.api.problems import answers
from qingyuan.catalogue.clauses import clauses as known_clauses
from qingyuan.kernel import clause_places, ledger
from qingyuan.kernel.models import LedgerEntry, LedgerHead

router = Router(tags=["公开"], auth=None)
CHECKS_A_MINUTE = 60


class CheckRate(BaseThrottle):
    """A brake for the one public operation that computes: so many checks a minute from one address."""

    def allow_request(self, request: HttpRequest) -> bool:
        key = f"ledger-check:{get_adapter(request).get_client_ip(request)}"
        return within(key, limit=CHECKS_A_MINUTE, window=MINUTE)

    def wait(self) -> float:
        return left_of(MINUTE)


Digest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
HIGHEST = 2**63 - 1


class Where(Schema):
    """A page or a verb that carries a clause out."""

    title: str
    url: str
    verb: str


class ClauseOut(Schema):
    id: str
    title: str
    level: str
    wording: list[str]
    source: str
    note: str
    where: list[Where]


class Head(Schema):
    """Where the ledger's chain ends now."""

    seq: int
    hash: str


class ReceiptHead(Schema):
    seq: int = Field(ge=0, le=HIGHEST)
    hash: Digest


class Receipt(Schema):
    """A receipt as it was downloaded; `following` are the digests that lead from its entry to its head."""

    kind: str = "qingyuan-receipt"
    version: int = 1
    seq: int = Field(ge=1, le=HIGHEST)
    body: str = Field(max_length=200_000)
    prev: Digest
    hash: Digest
    following: list[Digest] = Field(max_length=100_000)
    head: ReceiptHead


class ReceiptCheck(Schema):
    receipt: Receipt
    head: Digest | None = Field(None, description="您从公布处取得的链头哈希；不填则用平台现在的台账核对")


class CheckResult(Schema):
    """`holds` when nothing is wrong; `known`: the entry stands in this platform's ledger with the same hash."""

    holds: bool
    known: bool
    problems: list[str]


@router.get(
    "/clauses", response=answers(list[ClauseOut], public=True), operation_id="clauses", summary="条款对照表"
)
def clauses(request: HttpRequest) -> Any:  # noqa: ARG001
    """通知的每一条，原文，以及平台在哪里落实。"""
    return [
        {
            "id": clause.id,
            "title": clause.title,
            "level": clause.level,
            "wording": list(clause.wording),
            "source": clause.source,
            "note": clause.note,
            "where": [
                {"title": at.title, "url": at.url, "verb": at.verb} for at in clause_places.of(clause.id)
            ],
        }
        for clause in known_clauses()
    ]


@router.get(
    "/ledger/head", response=answers(Head, public=True), operation_id="ledger_head", summary="台账链头"
)
def head(request: HttpRequest) -> Any:  # noqa: ARG001
    """台账现在的链头；抄录下来，以后可以用它核对任何回执。"""
    found: LedgerHead = ledger.head()
    return {"seq": found.seq, "hash": found.hash}


@router.post(
    "/ledger/check",
    response=answers(CheckResult, public=True, limited=True),
    operation_id="ledger_check",
    summary="核验回执",
    throttle=CheckRate(),
)
def check(request: HttpRequest, body: ReceiptCheck) -> Any:  # noqa: ARG001
    """重新推算回执中的哈希链；不登录也可以核验。"""
    document = body.receipt.dict()
    problems = ledger.check_receipt(document, head_hash=body.head)
    known = LedgerEntry.objects.filter(seq=body.receipt.seq, hash=body.receipt.hash).exists()
    if body.head is None and not known:
        problems.append("平台的台账中没有这一条，或者内容不同")
    return {"holds": not problems, "known": known, "problems": problems}
