"""Who must stay away from a case as a member of a visiting team (回避): the experts' gate, asked for a site visit."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from qingyuan.people.models import Expert
from qingyuan.review.conflicts import Pair, conflicts
from qingyuan.review.models import Appointment, Case, Round


def bars_of(case: Case, experts: Sequence[Expert]) -> dict[uuid.UUID, list[str]]:
    """Every reason why these experts may not go; an empty list: may (a fixed number of queries)."""
    return {expert_id: why for (_case, expert_id), why in bars_among(case.round, [case], experts).items()}


def bars_among(round_: Round, cases: Sequence[Case], experts: Sequence[Expert]) -> dict[Pair, list[str]]:
    """The same for many cases of one round: (case id, expert id) -> reasons (a fixed number of queries)."""
    ready = {
        appointment.expert_id
        for appointment in Appointment.objects.filter(round=round_, expert__in=experts)
        if appointment.is_ready
    }
    found = conflicts(round_, cases, experts)
    reasons: dict[Pair, list[str]] = {}
    for expert in experts:
        own = []
        if expert.pk not in ready:
            own.append(_("尚未接受本轮聘请、作出承诺并申报利益关系"))
        if expert.stage != Expert.Stage.ACTIVE:
            own.append(_("专家已暂停"))
        for case in cases:
            bound = [conflict.reason for conflict in found.get((case.pk, expert.pk), [])]
            reasons[case.pk, expert.pk] = bound + own
    return reasons


def bars(case: Case, expert: Expert) -> list[str]:
    """The same for one expert."""
    return bars_of(case, [expert])[expert.pk]
