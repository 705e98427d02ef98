"""The same rating as a plain row-wise loop over a pandas frame, the way it is usually written. A bench extra only."""

from __future__ import annotations

from math import isnan


def rate_rowwise(frame, groups):
    """`groups`: (weight, [(column, weight, restrictive, higher, (I, II, III))]). A level per row; nan drops out."""

    def level_of(row):
        index = {}
        for level in range(3):
            total = whole = 0.0
            for weight, indicators in groups:
                met = own = 0.0
                for column, share, _restrictive, higher, bounds in indicators:
                    value = row[column]
                    if isnan(value):
                        continue
                    own += share
                    if value >= bounds[level] if higher else value <= bounds[level]:
                        met += share
                if own:
                    total += weight * met / own
                    whole += weight
            index[level] = 100 * total / whole

        def least(level, wanted):
            return all(
                isnan(row[column])
                or (row[column] >= bounds[level] if higher else row[column] <= bounds[level])
                for _weight, indicators in groups
                for column, _share, restrictive, higher, bounds in indicators
                if restrictive == wanted
            )

        if index[0] >= 85 and least(0, True) and least(1, False):
            return 3
        if index[1] >= 85 and least(1, True) and least(2, False):
            return 2
        return 1 if index[2] > 100 - 1e-9 else 0

    return frame.apply(level_of, axis=1).to_numpy()
