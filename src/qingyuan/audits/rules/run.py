"""Who may compute, and who ends what was computed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.audits.models import Dataset, Run
from qingyuan.audits.rules import dataset as rules
from qingyuan.audits.rules.scheme import STAGES, writes_schemes
from qingyuan.kernel.permission import predicate


@predicate(_("须为申报单位为本数据集指定、并参加编写的人员"))
def computes(user: Any, dataset: Dataset) -> bool:
    return rules.writes_raw.test(user, dataset)


@predicate(_("须为申报单位为本数据集指定、并参加编写的人员"))
def computes_run(user: Any, run: Run) -> bool:
    return computes.test(user, run.dataset)


@predicate(_("须为申报单位为本数据集指定的人员，或指定的、授权在有效期内的技术支撑单位人员"))
def sees_run(user: Any, run: Run) -> bool:
    """A result says how single enterprises stand: it is read by whoever reads the raw data."""
    return rules.reads_raw.test(user, run.dataset)


@predicate(_("须为平台的计算进程"))
def is_worker(user: Any, _run: Run) -> bool:
    return getattr(user, "is_worker", False) is True


@predicate(_("须为正持有这项计算的计算进程"))
def holds_run(user: Any, run: Run) -> bool:
    """The lease by its token: who held it before was overtaken, and ends nothing any more."""
    return is_worker.test(user, run) and user.tokens.get(run.pk) == run.token


@predicate(_("须为申报单位的经办人或牵头负责人，或其授权编写的咨询服务机构人员"))
def keeps_schemes(user: Any, run: Run) -> bool:
    return writes_schemes.test(user, run.dataset.pilot)


@predicate(_("试点已撤回"))
def pilot_stands(_user: Any, run: Run) -> bool:
    return run.dataset.pilot.stage in STAGES


adopts_run = computes_run & keeps_schemes & pilot_stands
