"""A second implementation of docs/draws.md, written from that document and from nothing else.

It uses no code of the product, and other means where Python offers them: one long integer walked by `divmod` instead
of a byte buffer, a generator instead of a class, selection by removal points instead of a scan.
"""

import hashlib
import itertools
import json


def pressed(value):
    encoder = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return "".join(encoder.iterencode(value)).encode("utf-8")


def digest(value):
    return hashlib.sha256(pressed(value)).hexdigest()


def keyed(key, message):
    """HMAC as RFC 2104 has it, from plain SHA-256 (keys here are 32 bytes)."""
    padded = key + bytes(64 - len(key))
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in padded) + inner).digest()


def words(seed):
    for block in itertools.count():
        number = int(keyed(seed, block.to_bytes(8, "big")).hex(), 16)
        parts = []
        for _ in range(4):
            number, low = divmod(number, 1 << 64)
            parts.append(low)
        yield from reversed(parts)


def below(source, n):
    limit = (1 << 64) // n * n
    return next(word for word in source if word < limit) % n


def shuffled(source, items, count=None):
    items = list(items)
    count = len(items) if count is None else count
    for p in range(count):
        q = p + below(source, len(items) - p)
        items[p], items[q] = items[q], items[p]
    return items[:count]


def recompute(record):
    """(organiser's commitment, second's commitment or None, seed, outcome, blinded hash) of a record."""
    terms, revealed = record["terms"], record["revealed"]

    def promise(role, secret):
        return digest(
            {
                "secret": secret,
                "role": role,
                "draw": terms["draw"],
                "domain": "qingyuan-draw/1/commitment",
            }
        )

    seed_input = {
        "domain": "qingyuan-draw/1/seed",
        "terms": digest(terms),
        "secret": revealed["organiser"],
        "public_value": revealed["public_value"],
    }
    seed = hashlib.sha256(pressed(seed_input)).digest()
    outcome = drawn(terms, words(seed))
    blinded = digest({"domain": "qingyuan-draw/1/outcome", "seed": seed.hex(), "outcome": outcome})
    second = terms["public_value"]["kind"] == "second_body"
    return (
        promise("organiser", revealed["organiser"]),
        promise("second", revealed["public_value"]) if second else None,
        seed.hex(),
        outcome,
        blinded,
    )


def drawn(terms, source):
    stratum_of = {row["code"]: row["stratum"] for row in terms["candidates"]}
    codes, take, reserves = sorted(stratum_of), terms["take"], terms["reserves"]
    if terms["stratified"]:
        names = shuffled(source, sorted(set(stratum_of.values())))
        line = []
        for name in names:
            line += shuffled(source, [code for code in codes if stratum_of[code] == name])
        start = below(source, len(line))
        # The j-th crossing lies in the last place i with i * take + start < j * N.
        selected = [line[(j * len(line) - start - 1) // take] for j in range(1, take + 1)]
        spare = shuffled(source, [code for code in codes if code not in selected], reserves)
    else:
        order = shuffled(source, codes, take + reserves)
        selected, spare = order[:take], order[take:]
    return {
        "selected": selected,
        "reserves": spare,
        "strata": [
            {
                "stratum": name,
                "candidates": sum(stratum_of[code] == name for code in codes),
                "drawn": sum(stratum_of[code] == name for code in selected),
            }
            for name in sorted(set(stratum_of.values()))
        ],
    }
