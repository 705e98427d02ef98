"""Heat: targets by the pinch, utilities, the total site, and matching between enterprises."""

from qingyuan.engine.heat.batch import BatchTargets, target_batch
from qingyuan.engine.heat.carnot import PumpClaim, PumpVerdict, carnot_cop, judge_pump
from qingyuan.engine.heat.cascade import Pinch, Target, target, verify
from qingyuan.engine.heat.curves import composite
from qingyuan.engine.heat.fewest import FewestMatches, fewest_matches
from qingyuan.engine.heat.matching import Link, Match, Matching, match
from qingyuan.engine.heat.site import EnterpriseTarget, SiteNotEnough, SiteTarget, total_site
from qingyuan.engine.heat.streams import HeatError, Streams
from qingyuan.engine.heat.utilities import Duty, NotEnough, Placement, Utility, place

__all__ = [
    "BatchTargets",
    "Duty",
    "EnterpriseTarget",
    "FewestMatches",
    "HeatError",
    "Link",
    "Match",
    "Matching",
    "NotEnough",
    "Pinch",
    "Placement",
    "PumpClaim",
    "PumpVerdict",
    "SiteNotEnough",
    "SiteTarget",
    "Streams",
    "Target",
    "Utility",
    "carnot_cop",
    "composite",
    "fewest_matches",
    "judge_pump",
    "match",
    "place",
    "target",
    "target_batch",
    "total_site",
    "verify",
]
