"""The report of a whole audit in the chapters that auditors know, filled from findings, schemes and the application."""

from __future__ import annotations

from qingyuan.audits.reports.compose import Composed, compose, document

__all__ = ["Composed", "compose", "document"]
