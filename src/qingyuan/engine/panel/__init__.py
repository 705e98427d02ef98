"""What several experts' scores of several projects say: order, spread, harshness, and how sure the order is.

Everything is shown beside the raw mean; nothing here replaces it.
"""

from qingyuan.engine.panel.describe import Summary, ranks, summarise
from qingyuan.engine.panel.flags import Hasty, disagreements, hasty, outlying
from qingyuan.engine.panel.harshness import Adjustment, adjust, panels
from qingyuan.engine.panel.intervals import RankIntervals, borderline, rank_intervals, tied_by_interval
from qingyuan.engine.panel.ratings import Ratings, RatingsError

__all__ = [
    "Adjustment",
    "Hasty",
    "RankIntervals",
    "Ratings",
    "RatingsError",
    "Summary",
    "adjust",
    "borderline",
    "disagreements",
    "hasty",
    "outlying",
    "panels",
    "rank_intervals",
    "ranks",
    "summarise",
    "tied_by_interval",
]
