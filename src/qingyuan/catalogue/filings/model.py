"""A mapping of a report filed elsewhere: items with their units, and the figure of our tables that each is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from qingyuan.catalogue.model import Part, Slug, Text

Shape = Literal["items", "columns"]
Kind = Literal["permit", "statistics", "energy"]
Factor = Annotated[Decimal, Field(gt=0)]


class Target(Part):
    """A cell of the enterprise's own row in `table`; `where` picks the row by its other cells (medium, pollutant)."""

    table: Slug
    column: Text
    where: dict[str, str] = Field(default_factory=dict)


class Item(Part):
    """One figure of the report. `units`: what a number in each unit is multiplied by to be in the unit of our column.

    `targets` by template of the data sheet; a template that has no such figure is left out.
    """

    title: Text
    aliases: tuple[Text, ...] = ()
    units: dict[str, Factor] = Field(min_length=1)
    targets: dict[Literal["industry", "park", "region"], Target] = Field(min_length=1)


class Filing(Part):
    """One report. `shape`: an item a row (item, value, unit), or a column an item (one row an enterprise).

    `origin` is "official" only where the official form itself was read.
    """

    id: Slug
    title: Text
    kind: Kind
    shape: Shape
    origin: Literal["official", "self-made"]
    source: Text
    verified: bool
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    item_headings: tuple[Text, ...] = ()
    value_headings: tuple[Text, ...] = ()
    unit_headings: tuple[Text, ...] = ()
    enterprise_headings: tuple[Text, ...] = ()
    """By any of these headings the column is known; in the shape `columns` the row of the enterprise is found by it."""
    items: tuple[Item, ...] = Field(min_length=1)

    def holds(self, *, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
