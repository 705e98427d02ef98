"""The same targets by pina 0.1.1 (MIT), the lightest open package for pinch analysis. A bench extra only."""

from __future__ import annotations


def targets(supply, end, duty, *, dt_min: float) -> tuple[float, float]:
    """(hot, cold) utility in kW. Raises ModuleNotFoundError where pina is not installed."""
    from pina import PinchAnalyzer, make_stream

    analyzer = PinchAnalyzer(dt_min / 2)
    analyzer.add_streams(
        *(
            make_stream(float(q if first > last else -q), float(first), float(last))
            for first, last, q in zip(supply, end, duty, strict=True)
        )
    )
    return analyzer.hot_utility_target, analyzer.cold_utility_target
