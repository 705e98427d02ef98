"""提交前自查: the rule set of a notice, run over the plain data of an application."""

from qingyuan.pilots.selfcheck.hits import Found, Hit, Place
from qingyuan.pilots.selfcheck.material import PLAN_ALLOWANCE, File
from qingyuan.pilots.selfcheck.run import run_on_snapshot, summary

__all__ = ["PLAN_ALLOWANCE", "File", "Found", "Hit", "Place", "run_on_snapshot", "summary"]
