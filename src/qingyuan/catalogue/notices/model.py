"""A whole notice."""

from __future__ import annotations

from typing import Any, Literal, Protocol, TypeVar

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from qingyuan.catalogue.model import Part, RegionCode, Slug, Text
from qingyuan.catalogue.notices.conditions import Condition
from qingyuan.catalogue.notices.parts import (
    Addressees,
    Aim,
    Applicants,
    BasisRef,
    Body,
    CallOptions,
    Category,
    Chapter,
    Deadline,
    FollowUp,
    Issued,
    Outline,
    Package,
    Quota,
    Reporting,
    Review,
    Section,
    SectorList,
    Support,
)
from qingyuan.catalogue.notices.selfcheck import SelfCheck, basic
from qingyuan.catalogue.notices.text import TextRef

# What a provincial notice may take over from its parent as a whole, instead of saying it again.
Inheritable = Literal[
    "sectors",
    "categories",
    "applicants",
    "eligibility",
    "outline",
    "aims",
    "quotas",
    "legal_bases",
    "follow_up",
    "reporting",
    "self_check",
]


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


Named = TypeVar("Named", bound=_HasId)


class Notice(Part):
    """A notice as data. `inherits` names the parts taken over from the parent; after loading they are filled in.

    `demo` marks an invented notice. `aims` are the targets that every pilot is asked for.
    """

    id: Slug
    demo: bool = False
    title: Text
    programme: Text
    batch: Text
    level: Literal["national", "provincial"]
    parent: Slug | None = None
    region: RegionCode | None = None
    document_numbers: tuple[Text, ...] = ()
    document_number_note: str = ""
    issued: Issued
    text: TextRef | None = None
    issuers: tuple[Body, ...] = Field(min_length=1)
    addressees: Addressees
    purpose: Text
    inherits: tuple[Inheritable, ...] = ()
    legal_bases: tuple[BasisRef, ...] = Field(min_length=1)
    sectors: SectorList
    categories: tuple[Category, ...] = Field(min_length=1)
    applicants: Applicants
    eligibility: tuple[Condition, ...] = Field(min_length=1)
    outline: Outline
    aims: tuple[Aim, ...] = Field(min_length=1)
    schedule: tuple[Deadline, ...] = Field(min_length=1)
    package: Package
    quotas: tuple[Quota, ...] = ()
    review: Review
    options: CallOptions
    support: tuple[Support, ...] = ()
    follow_up: tuple[FollowUp, ...] = ()
    reporting: Reporting | None = None
    """None: the notice does not ask for regular reports."""
    self_check: SelfCheck = Field(default_factory=basic)

    @model_serializer(mode="wrap")
    def _without_silence(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What a notice does not speak of is not in its dump: departments consented to the hash of that dump."""
        dumped: dict[str, Any] = handler(self)
        if self.reporting is None:
            dumped.pop("reporting", None)
        return dumped

    def category(self, category_id: str) -> Category:
        """Raises KeyError for an unknown id."""
        return _find(self.categories, category_id)

    def condition(self, condition_id: str) -> Condition:
        """Raises KeyError for an unknown id."""
        return _find(self.eligibility, condition_id)

    def conditions_for(self, category_id: str) -> tuple[Condition, ...]:
        """The eligibility conditions of a category, in the order of the notice."""
        wanted = self.category(category_id).conditions
        return tuple(condition for condition in self.eligibility if condition.id in wanted)

    def deadline(self, deadline_id: str) -> Deadline:
        """Raises KeyError for an unknown id."""
        return _find(self.schedule, deadline_id)

    @property
    def opens(self) -> Deadline | None:
        """The instant from which applications are taken, where the notice gives one."""
        return next((deadline for deadline in self.schedule if deadline.kind == "open"), None)

    @property
    def closes(self) -> Deadline:
        """The date at which applications close."""
        return next(deadline for deadline in self.schedule if deadline.kind == "close")

    def leaves(self) -> tuple[Chapter | Section, ...]:
        """The parts of the plan that are written: sections, and chapters without any."""
        chapters = self.outline.chapters
        return tuple(leaf for chapter in chapters for leaf in (chapter.sections or (chapter,)))


def _find(items: tuple[Named, ...], wanted: str) -> Named:
    for item in items:
        if item.id == wanted:
            return item
    raise KeyError(wanted)
