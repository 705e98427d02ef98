"""Who must stay away from a case as a member of a visiting team (回避): the experts' gate, asked for a site visit."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from qingyuan.people.models import Expert
from qingyuan.review.conflicts import conflicts
from qingyuan.review.models import Appointment, Case


def bars_of(case: Case, experts: Sequence[Expert]) -> dict[uuid.UUID, list[str]]:
    """Every reason why these experts may not go; an empty list: may (a fixed number of queries)."""
    ready = {
        appointment.expert_id
        for appointment in Appointment.objects.filter(round=case.round_id, expert__in=experts)
        if appointment.is_ready
    }
    found = conflicts(case.round, [case], experts)
    reasons: dict[uuid.UUID, list[str]] = {}
    for expert in experts:
        reasons[expert.pk] = [conflict.reason for conflict in found.get((case.pk, expert.pk), [])]
        if expert.pk not in ready:
            reasons[expert.pk].append(_("尚未接受本轮聘请、作出承诺并申报利益关系"))
        if expert.stage != Expert.Stage.ACTIVE:
            reasons[expert.pk].append(_("专家已暂停"))
    return reasons


def bars(case: Case, expert: Expert) -> list[str]:
    """The same for one expert."""
    return bars_of(case, [expert])[expert.pk]
