"""Enterprises' sheets as lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from qingyuan.audits import extent
from qingyuan.audits.extent import Covered
from qingyuan.audits.models import Dataset, EnterpriseSheet
from qingyuan.audits.rules import sheet as rules
from qingyuan.people.models import Organisation

TONES: Mapping[str, str] = {
    EnterpriseSheet.Stage.INVITED: "warn",
    EnterpriseSheet.Stage.SIGNED: "good",
}


def own(user: Any) -> QuerySet[EnterpriseSheet]:
    """What this person's enterprises are asked to fill in, the unsigned first."""
    found = EnterpriseSheet.objects.filter(rules.own_sheets(user))
    return found.select_related("dataset__pilot__applicant").order_by("stage", "due_on", "-invited_at")


def of_dataset(dataset: Dataset, *, stage: str = "", text: str = "") -> QuerySet[EnterpriseSheet]:
    """Who was asked, the unsigned first."""
    found = dataset.sheets.select_related("enterprise")
    if stage:
        found = found.filter(stage=stage)
    if text := text.strip():
        found = found.filter(name__icontains=text)
    return found.order_by("stage", "name")


def to_invite(dataset: Dataset) -> list[Covered]:
    """Enterprises of the scope that were not asked yet (three queries)."""
    asked = set(dataset.sheets.values_list("enterprise_id", flat=True))
    return [one for one in extent.stated(dataset.pilot) if one.id not in asked]


def mailboxes(entries: list[Covered]) -> dict[str, str]:
    """The official mailboxes of those that have an account, by credit code (one query)."""
    codes = [entry.credit_code for entry in entries]
    found = Organisation.objects.filter(credit_code__in=codes).exclude(email="")
    return dict(found.values_list("credit_code", "email"))
