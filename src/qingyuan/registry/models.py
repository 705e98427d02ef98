"""Enterprises by their 统一社会信用代码."""

from __future__ import annotations

from django.db import models

from qingyuan.kernel.models import Aggregate


class Enterprise(Aggregate):
    """An enterprise, known by its credit code (GB 32100, checked)."""

    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, unique=True)
    sector_code = models.CharField(max_length=8, blank=True)
    """GB/T 4754-2017, as far as stated."""
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["credit_code"]

    def __str__(self) -> str:
        return self.name
