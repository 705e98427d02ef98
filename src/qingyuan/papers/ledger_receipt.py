"""A ledger receipt checked by anyone: no database, no Django, only SHA-256 over canonical JSON.

body_sha256 = SHA-256(body)                    body: canonical JSON of the act
hash        = SHA-256(canonical {seq, prev, body_sha256})
"""

from __future__ import annotations

import json
from typing import Any

from qingyuan.papers.canonical import canonical_bytes, sha256_hex

KIND = "qingyuan-receipt"


def link_hash(*, seq: int, prev: str, body_sha256: str) -> str:
    """The hash of one entry of the chain."""
    return sha256_hex(canonical_bytes({"seq": seq, "prev": prev, "body_sha256": body_sha256}))


def check_receipt(document: Any, *, head_hash: str | None = None) -> list[str]:
    """Recompute a receipt; returns what does not hold (empty: it holds).

    `head_hash` is the head that the reader took from a published place; without it the receipt's own is used,
    which proves only that the receipt agrees with itself.
    """
    try:
        seq, body, prev = int(document["seq"]), str(document["body"]), str(document["prev"])
        following = [str(digest) for digest in document["following"]]
        stated, stated_head = str(document["hash"]), document["head"]
        end_seq, end_hash = int(stated_head["seq"]), str(stated_head["hash"])
        json.loads(body)
        body_sha256 = sha256_hex(body.encode())
        current = link_hash(seq=seq, prev=prev, body_sha256=body_sha256)
        walked = [current]
        for number, digest in enumerate(following, start=seq + 1):
            walked.append(link_hash(seq=number, prev=walked[-1], body_sha256=digest))
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        return [f"这不是一份完整的回执：{type(error).__name__} {error}"[:200]]
    problems = []
    if current != stated:
        problems.append(f"第 {seq} 条的内容与其哈希不符：回执被改动")
    if seq + len(following) != end_seq:
        problems.append(f"回执到链头应有 {end_seq - seq} 个摘要，实有 {len(following)} 个")
    if walked[-1] != end_hash:
        problems.append("从本条推算不到回执所载的链头")
    if head_hash is not None and walked[-1] != head_hash.strip().lower():
        problems.append("从本条推算不到公布的链头：回执不属于这本台账，或链头取自另一时刻")
    return problems
