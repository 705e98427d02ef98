"""Complete draw records with a small ledger of their own, made from secrets that the test names."""

import hashlib
import json

from qingyuan.kernel.draws import (
    KIND,
    ORGANISER,
    SECOND,
    VERSION,
    Candidate,
    Exclusion,
    PublicValue,
    Terms,
    commitment,
    draw,
    outcome_sha256,
    seed_of,
    supervisor_sha256,
)
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.papers.ledger_receipt import link_hash

DRAW = "7f0c2f0e-6f0a-4c58-9c58-0c1f3a1f7b11"
NOT_BEFORE = "2022-07-04T02:00:00Z"


def secret(name):
    return hashlib.sha256(name.encode()).hexdigest()


def terms(count=12, *, take=3, reserves=2, strata=0, kind="second_body", exclusions=(), candidates=None):
    return Terms(
        draw=DRAW,
        purpose="sites",
        candidates=tuple(
            candidates
            or (Candidate(f"P-{n:03d}", f"41{n % strata:02d}" if strata else "") for n in range(count))
        ),
        exclusions=tuple(Exclusion(code, reason) for code, reason in exclusions),
        take=take,
        reserves=reserves,
        stratified=bool(strata),
        salt=secret("salt"),
        public_value=PublicValue(kind, "演示：会签单位的密钥", NOT_BEFORE),
        more={"attempt": 1},
    )


def chain(acts):
    """Receipts of a ledger that holds just these acts."""
    rows, previous = [], "0" * 64
    for seq, (name, at, payload) in enumerate(acts, start=1):
        body = {
            "actor": "演示",
            "at": at,
            "payload": payload,
            "stage_from": None,
            "stage_to": None,
            "subject": {"id": DRAW, "type": "review.draw"},
            "verb": name,
        }
        text = canonical_bytes(body).decode()
        digest = sha256_hex(text.encode())
        hashed = link_hash(seq=seq, prev=previous, body_sha256=digest)
        rows.append({"seq": seq, "body": text, "prev": previous, "hash": hashed, "digest": digest})
        previous = hashed
    head = {"seq": len(rows), "hash": previous}
    return [
        {
            "kind": "qingyuan-receipt",
            "version": 1,
            **{key: row[key] for key in ("seq", "body", "prev", "hash")},
            "following": [later["digest"] for later in rows[place + 1 :]],
            "head": head,
        }
        for place, row in enumerate(rows)
    ]


def record(of=None, *, organiser="one", second="two", swap_at=None):
    of = of or terms()
    mine, public = secret(organiser), secret(second)
    seed = seed_of(terms_sha256=of.sha256, secret=mine, public_value=public)
    outcome = draw(of, seed=seed)
    promises = {
        role: commitment(draw=DRAW, role=role, secret=text)
        for role, text in ((ORGANISER, mine), (SECOND, public))
    }
    supervisor = {"body": "演示：监督处", "role": "监督人员"}
    watched = supervisor_sha256(of, **supervisor)
    at = {
        "announced": "2022-07-01T02:00:00.000000Z",
        "committed": "2022-07-02T02:00:00.000000Z",
        "supervised": "2022-07-04T01:50:00.000000Z",
        "public_value": "2022-07-04T02:00:00.000000Z",
        "drawn": "2022-07-04T02:05:00.000000Z",
        **(swap_at or {}),
    }
    second_body = of.public_value.kind == "second_body"
    acts = {
        "announced": (
            "draw.announce",
            {"terms_sha256": of.sha256, "commitment": promises[ORGANISER]},
        ),
        "committed": ("draw.commit_second", {"commitment": promises[SECOND]}),
        "supervised": ("draw.supervise", {"terms_sha256": of.sha256, "supervisor_sha256": watched}),
        "public_value": ("draw.reveal_public", {}),
        "drawn": ("draw.reveal", {"outcome_sha256": outcome_sha256(outcome, seed=seed)}),
    }
    names = [name for name in acts if second_body or name != "committed"]
    receipts = chain([(acts[name][0], at[name], acts[name][1]) for name in names])
    made = {
        "kind": KIND,
        "version": VERSION,
        "terms": of.as_json(),
        "terms_sha256": of.sha256,
        "commitments": promises if second_body else {ORGANISER: promises[ORGANISER]},
        "revealed": {"organiser": mine, "public_value": public},
        "seed": seed.hex(),
        "outcome": outcome.as_json(),
        "ledger": dict(zip(names, receipts, strict=True)),
        "supervisor": supervisor,
    }
    return json.loads(json.dumps(made))
