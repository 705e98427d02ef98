"""Which enterprises of a pilot get an audit record, which have it, which do not and why. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.calls.notices import known_notices
from qingyuan.delivery.models import Conclusion, ConclusionExclusion, Project, ScopeEnterprise
from qingyuan.registry.models import AuditRecord, Enterprise

if TYPE_CHECKING:
    from qingyuan.catalogue.notices.model import Notice
    from qingyuan.catalogue.notices.parts import ReviewResult, Support

LIST_TITLE = "清洁生产审核创新试点项目名单"
PASSED_LIST = "passed-list"
"""The event in the notices' data on which this room can act: the list of the passed pilots was published."""
State = Literal["not_yet", "waiting", "credited", "revoked", "excluded", "dropped"]


def reference_of(project_id: UUID) -> str:
    """What the registry remembers of where a credit came from."""
    return f"project:{project_id}"


def _line_of(notice: Notice) -> list[Notice]:
    """The notice and those above it."""
    found = [notice]
    while found[-1].parent:
        found.append(known_notices()[found[-1].parent])
    return found


def benefit_of(notice: Notice) -> Support | None:
    """What the notice promises to single enterprises (H5, N13), by its own words or by those of the one above it."""
    return next(
        (one for level in _line_of(notice) for one in level.support if one.kind == "benefit" and one.trigger),
        None,
    )


def list_of(notice: Notice, result: str) -> ReviewResult | None:
    return next((one for level in _line_of(notice) for one in level.review.results if one.id == result), None)


@dataclass(frozen=True)
class Trigger:
    """The event that gives the credits: the list's title, number and day; `problem` says why there is none yet."""

    title: str = ""
    document_number: str = ""
    on: date | None = None
    problem: str = ""


def trigger_of(project: Project, conclusion: Conclusion | None) -> Trigger:
    """By the notice's data: on what the audit record hangs, and whether it has happened (no query)."""
    benefit = benefit_of(project.notice)
    if benefit is None:
        return Trigger(problem=_("通知没有规定范围内企业计入审核"))
    if benefit.trigger != PASSED_LIST:
        return Trigger(problem=_("通知规定的计入时点“%s”，本平台不能据以计入") % benefit.trigger)
    if conclusion is None:
        return Trigger(problem=_("还没有评估验收结论；通过名单公布之前不计入"))
    if not conclusion.passed:
        return Trigger(problem=_("试点未通过评估验收，范围内企业不计入"))
    result = list_of(project.notice, PASSED_LIST)
    return Trigger(result.title if result else LIST_TITLE, conclusion.document_number, conclusion.listed_on)


@dataclass(frozen=True)
class Line:
    """One enterprise of the scope. `target` is who stands for it now: the record goes there."""

    row: ScopeEnterprise
    target: Enterprise
    state: State
    reason: str = ""
    record: AuditRecord | None = None
    last_turn: int = 0
    """The highest turn on record for the target, 0 without any."""

    @property
    def is_entitled(self) -> bool:
        return self.state in {"waiting", "credited", "revoked"}

    @property
    def note(self) -> str:
        """What is said with the record where the enterprise is not simply itself."""
        own = self.row.enterprise
        if self.target.pk != own.pk:
            return _("%(name)s（%(code)s）已并入，记录计入并入后的企业") % {
                "name": own.name,
                "code": own.credit_code,
            }
        if self.target.stage == Enterprise.Stage.CLOSED:
            return _("企业已登记关停，记录留存，不再计算下一轮期限")
        return ""


def conclusion_of(project: Project) -> Conclusion | None:
    return Conclusion.objects.filter(project=project).first()


def lines(project: Project, conclusion: Conclusion | None) -> list[Line]:
    """Every enterprise that was ever in the scope, in the order of their codes (three queries)."""
    rows = project.scope.select_related("enterprise__merged_into")
    left_out: dict[int, str] = {}
    if conclusion is not None:
        found = ConclusionExclusion.objects.filter(conclusion=conclusion)
        left_out = dict(found.values_list("scope_enterprise_id", "reason"))
    records: dict[UUID, list[AuditRecord]] = {}
    on_record = AuditRecord.objects.filter(reference=reference_of(project.pk)).order_by("turn")
    for record in on_record.select_related("certificate", "enterprise"):
        records.setdefault(record.enterprise_id, []).append(record)
    passed = trigger_of(project, conclusion).on is not None
    return [_line(row, left_out, records, passed=passed) for row in rows]


def _line(
    row: ScopeEnterprise,
    left_out: dict[int, str],
    records: dict[UUID, list[AuditRecord]],
    *,
    passed: bool,
) -> Line:
    own = row.enterprise
    target = own.merged_into or own
    # Credited before it was merged: the record stands under the old entry, and is seen from the new one.
    mine = [*records.get(own.pk, []), *(records.get(target.pk, []) if target.pk != own.pk else [])]
    valid = next((one for one in mine if one.stage == AuditRecord.Stage.VALID), None)
    record = valid or (mine[-1] if mine else None)
    turn = max((one.turn for one in mine), default=0)
    state: State
    reason = ""
    if row.dropped_on is not None:
        state, reason = "dropped", _("经批准的变更于 %s 移出范围") % row.dropped_on.isoformat()
    elif row.pk in left_out:
        state, reason = "excluded", left_out[row.pk]
    elif valid is not None:
        state = "credited"
    elif record is not None:
        state, reason = "revoked", record.revoked_reason
    else:
        state = "waiting" if passed else "not_yet"
    return Line(row, target, state, reason, record, turn)


def waiting(found: Iterable[Line]) -> list[Line]:
    """Who still gets a record, each target once: of two entries that were merged, one."""
    return _once(line for line in found if line.state == "waiting")


def revoked(found: Iterable[Line]) -> list[Line]:
    return _once(line for line in found if line.state == "revoked")


def wrongly_credited(found: Iterable[Line]) -> list[Line]:
    """Valid records of enterprises that the conclusion leaves out, or that were dropped: after a correction."""
    return [
        line
        for line in found
        if not line.is_entitled and line.record is not None and line.record.stage == AuditRecord.Stage.VALID
    ]


def _once(found: Iterable[Line]) -> list[Line]:
    kept: dict[UUID, Line] = {}
    for line in found:
        kept.setdefault(line.target.pk, line)
    return list(kept.values())


def counts(found: Sequence[Line]) -> dict[str, int]:
    made: dict[str, int] = {}
    for line in found:
        made[line.state] = made.get(line.state, 0) + 1
    return made
