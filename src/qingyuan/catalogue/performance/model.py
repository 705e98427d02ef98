"""A performance sheet's layout: columns in their order, each meaning one quantity of a scheme."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, Literal

from pydantic import Field

from qingyuan.catalogue.model import Part, Slug, Text

QUANTITIES: Final = {
    "invest_wan_cny": "万元",
    "benefit_wan_cny": "万元",
    "electricity_wan_kwh": "万kWh",
    "coal_tce": "t",
    "co2_t": "t",
    "materials_t": "t",
    "water_t": "t",
    "cod_t": "t",
    "nh3n_t": "t",
    "smoke_t": "t",
    "dust_t": "t",
    "so2_t": "t",
    "nox_t": "t",
    "voc_t": "t",
    "solid_waste_t": "t",
    "liquid_waste_t": "t",
    "heavy_metals_t": "t",
}
"""What a scheme is counted by, with the unit in which the record keeps it; benefits and effects are those of a year."""
TEXTS: Final = ("code", "title", "content", "other")
COST_CLASSES: Final = {"none": "无费", "low": "低费", "medium": "中费", "high": "高费"}
Origin = Literal["official", "self-made", "seen"]


class SheetColumn(Part):
    """One column. `means` is a quantity or one of code, title, content, other; a value of the sheet times `factor` is the record's."""

    means: Slug
    title: Text
    unit: str = ""
    factor: Decimal = Field(default=Decimal(1), gt=0)
    aliases: tuple[Text, ...] = ()


class CostClasses(Part):
    """无费 is 0; 低费 and 中费 up to their bounds (万元, inclusive); 高费 above."""

    low_up_to_wan_cny: Decimal = Field(gt=0)
    medium_up_to_wan_cny: Decimal = Field(gt=0)
    origin: Origin
    source: Text
    verified: bool

    def of(self, invest_wan_cny: Decimal) -> str:
        """none, low, medium or high."""
        if invest_wan_cny <= 0:
            return "none"
        if invest_wan_cny <= self.low_up_to_wan_cny:
            return "low"
        return "medium" if invest_wan_cny <= self.medium_up_to_wan_cny else "high"

    def kind_of(self, invest_wan_cny: Decimal) -> str:
        """`low` for 无/低费, `high` for 中/高费."""
        return "low" if self.of(invest_wan_cny) in {"none", "low"} else "high"


class Plausibility(Part):
    """From where on a figure is doubted. Doubts are asked, never refused."""

    electricity_factor: Slug
    """Id of the energy factor by which 折标煤 is compared with 节电."""
    tolerance_pct: Decimal = Field(gt=0)
    """How far two figures of one scheme may differ from their factor before they are doubted."""
    co2_t_per_tce_low: Decimal = Field(gt=0)
    co2_t_per_tce_high: Decimal = Field(gt=0)
    """Between these lies carbon dioxide per tonne of coal equivalent for the usual carriers."""
    payback_years_low: Decimal = Field(gt=0)
    payback_years_high: Decimal = Field(gt=0)
    """Investment over yearly benefit outside of these is doubted; the lower bound counts for 中/高费 only."""
    origin: Origin
    source: Text
    verified: bool


class Layout(Part):
    """The sheet of a province (`province` 00: wherever there is no own one), from a day on."""

    id: Slug
    title: Text
    province: str = Field(pattern=r"^[0-9]{2}$")
    origin: Origin
    source: Text
    verified: bool
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    columns: tuple[SheetColumn, ...] = Field(min_length=3)
    cost_classes: CostClasses
    plausibility: Plausibility

    def holds(self, *, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def column(self, means: str) -> SheetColumn | None:
        return next((column for column in self.columns if column.means == means), None)
