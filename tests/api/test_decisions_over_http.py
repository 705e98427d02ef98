"""Rounds, cases and joint decisions by programs: the same verbs, the same refusals."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from qingyuan.kernel import clock
from qingyuan.people import actions as people
from tests.review.test_decisions import to_decide

ROOT = "/api/v1"


@pytest.fixture
def ask(review: Any) -> Any:
    """`ask(user, "POST", path, body)` with a token of that user."""
    tokens: dict[Any, str] = {}

    def send(user: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
        if user.pk not in tokens:
            secret = f"qy_{user.username}_{'x' * 40}"
            people.issue_token(by=user, name="演示", secret=secret)
            tokens[user.pk] = secret
        return Client().generic(
            method,
            ROOT + path,
            data=json.dumps(body or {}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {tokens[user.pk]}", **headers},
        )

    return send


def test_from_the_round_to_the_released_decision(review, ask):
    cases = to_decide(review)
    officer = review.province_handler
    listed = ask(officer, "GET", "/rounds").json()
    assert [one["id"] for one in listed] == [str(review.round.pk)]
    page = ask(officer, "GET", f"/rounds/{review.round.pk}/cases?q=流域").json()
    assert [one["title"] for one in page["items"]] == ["演示流域试点"]
    items = [
        {"case": str(case.pk), "outcome": "recommended"}
        if case.number < 3
        else {"case": str(case.pk), "outcome": "not_selected", "reason": "演示理由"}
        for case in cases
    ]
    made = ask(
        officer,
        "POST",
        f"/rounds/{review.round.pk}/decisions",
        {"kind": "final", "items": items},
        **{"Idempotency-Key": "draft-0001"},
    )
    assert made.status_code == 201, made.content
    decision = made.json()["id"]
    due = (clock.now() + timedelta(days=2)).isoformat()
    sent = ask(officer, "POST", f"/decisions/{decision}/send", {"due_at": due}).json()
    body = {"content_sha256": sent["content_sha256"]}
    for number, signer in enumerate((review.province_signer, review.reform_signer)):
        said = ask(
            signer,
            "POST",
            f"/decisions/{decision}/consent",
            body,
            **{"Idempotency-Key": f"consent-{number}"},
        )
        assert said.status_code == 200, said.content
    assert said.json()["stage"] == "agreed"
    released = ask(
        review.province_signer,
        "POST",
        f"/decisions/{decision}/release",
        None,
        **{"Idempotency-Key": "release-01"},
    )
    assert released.json()["stage"] == "released"
    again = ask(
        review.province_signer,
        "POST",
        f"/decisions/{decision}/release",
        None,
        **{"Idempotency-Key": "release-01"},
    )
    assert again.status_code == 200


def test_refusals_name_everything_and_strangers_find_nothing(review, ask):
    cases = to_decide(review)
    path = f"/rounds/{review.round.pk}/decisions"
    short = {"kind": "final", "items": [{"case": str(cases[0].pk), "outcome": "not_selected"}]}
    refused = ask(review.province_handler, "POST", path, short, **{"Idempotency-Key": "draft-0002"})
    assert refused.status_code == 422
    assert sum("没有列入" in problem["message"] for problem in refused.json()["problems"]) == 3
    for user in (review.park_handler, review.state_handler):
        assert ask(user, "POST", path, short, **{"Idempotency-Key": "draft-0003"}).status_code == 404
        assert ask(user, "GET", f"/rounds/{review.round.pk}/cases").status_code == 404
        assert ask(user, "GET", "/rounds").json() == []
    cosigner = ask(review.reform_handler, "POST", path, short, **{"Idempotency-Key": "draft-0004"})
    assert cosigner.status_code == 403
