"""One's own tokens: seen and revoked here, issued only on their page (`Exposed.pages_only` says why)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Schema

from qingyuan.api.people import router
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.verbs import Found, expose
from qingyuan.kernel.models import ApiToken
from qingyuan.people import actions, queries, rules

found = Found(ApiToken, rules.owns_token, "token")


class TokenLine(Schema):
    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_on: date | None
    revoked_at: datetime | None


def line(token: ApiToken) -> dict[str, Any]:
    return {name: getattr(token, name) for name in TokenLine.model_fields}


@router.get(
    "/tokens", response=answers(Page[TokenLine]), operation_id="tokens_list", summary="本人的接口令牌"
)
def tokens(request: HttpRequest, part: Query[Slice]) -> Any:
    """用途、有效期和最后使用的日期；令牌本身从不再显示。签发只在网页上。"""
    return page(queries.tokens(request.user), part, line)


expose(
    router,
    actions.revoke_token,
    "/tokens/{token}/revoke",
    found=found,
    shape=TokenLine,
    present=lambda token, _request: line(token),
)
