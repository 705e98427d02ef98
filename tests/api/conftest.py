"""Clients of the API: one token a person, JSON in and out."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qingyuan.kernel.models import ApiToken
from qingyuan.people import actions

ROOT = "/api/v1"


class ApiClient:
    """`api(world.park_handler).post("/pilots/…/sign", {...})`; every call of a verb carries a key unless told otherwise."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.client = Client(raise_request_exception=True)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = "",
        expect: int | None = None,
        **headers: str,
    ) -> Any:
        sent = {"Authorization": f"Bearer {self.secret}", **headers}
        if key is not None and method != "GET":
            sent["Idempotency-Key"] = key or uuid.uuid4().hex
        if expect is not None:
            sent["If-Match"] = f'"{expect}"'
        data = "" if body is None else json.dumps(body, ensure_ascii=False)
        return self.client.generic(method, ROOT + path, data, content_type="application/json", headers=sent)

    def get(self, path: str, **more: Any) -> Any:
        return self.send("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.send("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.send("PUT", path, body, **more)

    def delete(self, path: str, **more: Any) -> Any:
        return self.send("DELETE", path, **more)

    def upload(
        self, path: str, content: bytes, *, name: str = "盖章页.pdf", key: str = "", **fields: str
    ) -> Any:
        headers = {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": key or uuid.uuid4().hex}
        return self.client.post(
            ROOT + path, {"file": SimpleUploadedFile(name, content), **fields}, headers=headers
        )


def token_of(user: Any, *, days: int = 90) -> str:
    secret = ApiToken.new_secret()
    actions.issue_token(by=user, name="演示令牌", secret=secret, days=days)
    return secret


@pytest.fixture
def api() -> Any:
    return lambda user: ApiClient(token_of(user))
