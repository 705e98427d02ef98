"""Index systems (清洁生产评价指标体系): from an enterprise's values to its level, exact where it decides.

Y_k = 100 * sum_i w_i * sum_j w_ij * [x_ij meets k], after the general rules for compiling such systems (编制通则). A value
that meets I meets II and III. What a system says is data (`system`); what is doubtful in it is found by `doubts`.
"""

from qingyuan.engine.indices.doubts import Doubt, doubts_of
from qingyuan.engine.indices.exact import Explanation, explain
from qingyuan.engine.indices.one import rate_one
from qingyuan.engine.indices.rating import Data, Rating, rate
from qingyuan.engine.indices.system import IndexSystem, RatingError

__all__ = [
    "Data",
    "Doubt",
    "Explanation",
    "IndexSystem",
    "Rating",
    "RatingError",
    "doubts_of",
    "explain",
    "rate",
    "rate_one",
]
