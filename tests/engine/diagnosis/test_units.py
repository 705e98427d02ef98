"""Units as people write them."""

from __future__ import annotations

import pytest

from qingyuan.engine.diagnosis.units import ratio_of, unit_of


@pytest.mark.parametrize(
    ("text", "dimension", "size"),
    [
        ("t", "mass", 1),
        ("kg", "mass", 1e-3),
        ("万t", "mass", 1e4),
        ("万吨", "mass", 1e4),
        ("t产品", "mass", 1),
        ("吨纸", "mass", 1),
        ("m³", "volume", 1),
        ("万m3", "volume", 1e4),
        ("m²", "area", 1),
        ("万m", "length", 1e4),
        ("kgce", "coal", 1e-3),
        ("吨标准煤", "coal", 1),
        ("kW·h", "electricity", 1),
        ("万kWh", "electricity", 1e4),
        ("GJ", "heat", 1e3),
        ("万元", "money", 1e4),
        ("千克", "mass", 1e-3),
        ("万件", "piece:件", 1e4),
        ("亿千瓦时", "electricity", 1e8),
    ],
)
def test_known_units(text, dimension, size):
    found = unit_of(text)
    assert found is not None
    assert found.dimension == dimension
    assert found.size == pytest.approx(size)


@pytest.mark.parametrize("text", ["", "%", "次", "t/d2x", "bbl", "无"])
def test_unknown_units(text):
    assert unit_of(text) is None


def test_ratios():
    over, under = ratio_of("kgce/t产品")
    assert (over.dimension, under.dimension) == ("coal", "mass")
    assert ratio_of("kWh")[1] is None
