"""Verbs of the review; one module per idea."""

from qingyuan.review.actions.round import configure, note_withdrawal, open_round, start

__all__ = ["configure", "note_withdrawal", "open_round", "start"]
