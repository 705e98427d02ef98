"""Refusals: named, with a sentence for the person and, where there are several problems, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: `where` names the field or place, `expected` and `mend` say how to put it right."""

    message: str
    where: str = ""
    expected: str = ""
    mend: str = ""
    url: str = ""
    clause: str = ""


class Refused(Exception):  # noqa: N818 (a refusal is an answer, not a malfunction)
    """Base of every refusal of a verb. `code` is stable for programs, `status` is its HTTP status."""

    code = "refused"
    status = 409

    def __init__(self, reason: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.problems: Sequence[Problem] = tuple(problems)

    def as_json(self) -> dict[str, Any]:
        return {
            "error": self.code,
            "reason": self.reason,
            "problems": [asdict(problem) for problem in self.problems],
        }


class NotAllowed(Refused):
    """The user has no right to this verb on this object; the reasons say which condition is missing."""

    code = "not_allowed"
    status = 403

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("；".join(reasons) or _("没有权限"), [Problem(reason) for reason in reasons])


class NotFound(Refused):
    """What a stranger hears: that an object exists is itself not told."""

    code = "not_found"
    status = 404


class WrongStage(Refused):
    """The verb does not run from the stage in which the object stands now."""

    code = "wrong_stage"


class Stale(Refused):
    """Somebody changed the object after the user had read it; both texts are kept."""

    code = "stale"


class Closed(Refused):
    """The instant until which this was possible has passed."""

    code = "closed"


class KeyReused(Refused):
    """An idempotency key came again with other content."""

    code = "key_reused"


class Invalid(Refused):
    """What was handed in does not hold; nothing was changed and all problems are listed."""

    code = "invalid"
    status = 422

    def __init__(self, problems: Iterable[Problem], reason: str = "") -> None:
        found = tuple(problems)
        super().__init__(reason or _("有 %(count)d 处需要改正") % {"count": len(found)}, found)
