"""What a run found, as figures that others may quote: of the whole, never of one enterprise."""

from __future__ import annotations

from qingyuan.audits.findings.extract import extract
from qingyuan.audits.findings.model import Figure, code_of

__all__ = ["Figure", "code_of", "extract"]
