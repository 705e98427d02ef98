"""Bearer tokens. A token does what its owner may do, and no session ever opens the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from qingyuan.kernel.models import ApiToken

LONGEST = 200


class TokenAuth(HttpBearer):
    """`Authorization: Bearer qy_…`, looked up by its digest. Sets `request.user`.

    Tokens live by the machine's time: a demo's shifted clock must not extend them.
    """

    openapi_name = "token"

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        if not token or len(token) > LONGEST:
            return None
        now = datetime.now(UTC)
        found = (
            ApiToken.objects.select_related("user")
            .filter(
                digest=ApiToken.digest_of(token),
                revoked_at__isnull=True,
                expires_at__gt=now,
                user__is_active=True,
            )
            .first()
        )
        if found is None:
            return None
        if found.last_used_on != now.date():
            ApiToken.objects.filter(pk=found.pk).update(last_used_on=now.date())
        request.user = found.user
        return found
