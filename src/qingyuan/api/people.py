"""Who the token speaks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from qingyuan.api.problems import answers

router = Router(tags=["本人"])


class MyOrganisation(Schema):
    id: UUID
    name: str
    kind: str
    roles: list[str]
    may_apply: bool


class Me(Schema):
    """The token's owner with the bodies and roles; `authorised_by`: applicants that let the own service body work for them."""

    name: str
    organisations: list[MyOrganisation]
    authorised_by: dict[str, list[str]]
    token_name: str
    token_expires_at: datetime


@router.get("", response=answers(Me), operation_id="me", summary="令牌代表谁")
def me(request: HttpRequest) -> Any:
    """令牌所有人的单位和角色；新建申报时的 applicant 取自这里。"""
    user: Any = request.user
    token: Any = request.auth  # type: ignore[attr-defined]
    standing = user.standing
    return {
        "name": str(user),
        "organisations": [
            {
                "id": pk,
                "name": body.name,
                "kind": body.kind,
                "roles": sorted(standing.roles[pk]),
                "may_apply": body.may_apply,
            }
            for pk, body in standing.organisations.items()
        ],
        "authorised_by": {str(pk): sorted(scopes) for pk, scopes in standing.authorised.items()},
        "token_name": token.name,
        "token_expires_at": token.expires_at,
    }
