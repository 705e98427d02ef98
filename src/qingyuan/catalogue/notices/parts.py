"""The pieces of a notice that are not about eligibility: who, what, when, how it is handed in and reviewed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from string import Formatter
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from qingyuan.catalogue.model import Part, RegionCode, Slug, Text

SHANGHAI = ZoneInfo("Asia/Shanghai")
NAME_FIELDS = frozenset({"project_title", "applicant_name"})
ObjectKind = Literal["sector_in_area", "park", "cluster", "region", "basin"]


class Item(Part):
    """What a notice says at one place: the clause, its exact words, and ours (`note`) where it is our reading."""

    clause: Slug
    wording: Text | None = None
    note: str = ""


class Body(Part):
    """A department as the notice signs or receives it, with the desks that do the work."""

    name: Text
    role: Literal["lead", "cosign"]
    desks: tuple[Text, ...] = ()


class Addressees(Item):
    """Who receives the notice: the bodies of a level below a region (null: the whole country)."""

    level: Literal["province", "prefecture"]
    within: RegionCode | None = None
    bodies: tuple[Text, ...] = Field(min_length=1)


class BasisRef(Item):
    """A legal basis that the notice cites, by its id in law.yaml."""

    law: Slug


class SectorList(Item):
    """The key sectors by id. `open_list`: the notice says 等, so others are possible."""

    ids: tuple[Slug, ...] = Field(min_length=1)
    open_list: bool


class Pollutant(Part):
    """A characteristic pollutant."""

    id: Slug
    title: Text


class EvidencePlace(Part):
    """Where files of a kind are attached: a question of an eligibility condition."""

    condition: Slug
    question: Slug


class ObjectForm(Item):
    """One form that the object of a pilot can take, with the sectors, places and pollutants meant for it.

    `own_pollutants`: where the proof is attached that a self-chosen pollutant stands in a local key task; null where
    the notice asks for none.
    """

    kind: ObjectKind
    title: Text
    sectors: tuple[Slug, ...] = ()
    sectors_open: bool = True
    places: tuple[Slug, ...] = ()
    places_open: bool = True
    pollutants: tuple[Pollutant, ...] = ()
    own_pollutants: EvidencePlace | None = None


class Scope(Item):
    """What stands in the scope list of a pilot."""

    subject: Text
    single_sector: bool = False


class Category(Item):
    """A kind of pilot. `conditions` are ids of the notice's eligibility conditions that apply to it."""

    id: Slug
    number: int = Field(gt=0)
    title: Text
    forms: tuple[ObjectForm, ...] = Field(min_length=1)
    scope: Scope
    conditions: tuple[Slug, ...] = Field(min_length=1)

    @property
    def sectors(self) -> frozenset[str]:
        return frozenset(sector for form in self.forms for sector in form.sectors)

    @property
    def regions(self) -> frozenset[str]:
        return frozenset(place for form in self.forms if form.kind == "region" for place in form.places)

    @property
    def basins(self) -> frozenset[str]:
        return frozenset(place for form in self.forms if form.kind == "basin" for place in form.places)

    @property
    def pollutants(self) -> frozenset[str]:
        return frozenset(pollutant.id for form in self.forms for pollutant in form.pollutants)

    def form(self, kind: str) -> ObjectForm | None:
        return next((form for form in self.forms if form.kind == kind), None)


class ApplicantKind(Part):
    """A kind of body that may apply. `needs_look`: covered only by the notice's 等, so an officer decides."""

    id: Slug
    title: Text
    needs_look: bool = False


class Applicants(Item):
    """Who may apply; `same_body`: the applicant itself implements."""

    kinds: tuple[ApplicantKind, ...] = Field(min_length=1)
    open_list: bool
    same_body: bool


class Quote(Item):
    """Words of the notice that guide a chapter; for some categories only where `categories` says so."""

    wording: Text
    categories: tuple[Slug, ...] = ()


class Section(Part):
    """A sub-chapter of the plan."""

    id: Slug
    number: Text
    title: Text
    guidance: tuple[Text, ...] = ()
    quotes: tuple[Quote, ...] = ()


class Chapter(Part):
    """A chapter of the plan; one without sections is written as a whole."""

    id: Slug
    number: Text
    title: Text
    guidance: tuple[Text, ...] = ()
    quotes: tuple[Quote, ...] = ()
    sections: tuple[Section, ...] = ()


class Outline(Item):
    """The outline that every plan follows."""

    title: Text
    chapters: tuple[Chapter, ...] = Field(min_length=1)


class Measure(Part):
    """One number asked for an aim: before (the traditional audit, enterprise by enterprise) and in the pilot."""

    id: Slug
    title: Text
    unit: Text
    better: Literal["lower", "higher"]
    help: str = ""


class Aim(Item):
    """An aim that every pilot measures against the traditional audit."""

    id: Slug
    title: Text
    measures: tuple[Measure, ...] = Field(min_length=1)


class Deadline(Item):
    """A date of the notice as an instant.

    `stated_as: date` means that the notice names a day only; `at` is then 23:59:59 of that day in Asia/Shanghai
    (00:00:00 for the day on which something opens).
    """

    id: Slug
    title: Text
    kind: Literal["open", "close", "send"]
    at: AwareDatetime
    stated_as: Literal["instant", "date"]

    @property
    def ends(self) -> datetime:
        """The first instant that is too late: 18:00 itself for “18:00 前”, the next midnight for a day."""
        if self.stated_as == "instant":
            return self.at
        following = self.at.astimezone(SHANGHAI).date() + timedelta(days=1)
        return datetime.combine(following, time(), tzinfo=SHANGHAI)

    def passed(self, now: datetime) -> bool:
        """Whether an aware instant is too late."""
        return now >= self.ends


class Naming(Item):
    """How a package and its mail are named; `pattern` has the fields of NAME_FIELDS in braces."""

    pattern: Text

    def fields(self) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(self.pattern) if name is not None}

    def render(self, *, project_title: str, applicant_name: str) -> str:
        """The name as the notice wants it. Not a file name yet: characters such as / may be in a title."""
        return self.pattern.format_map({"project_title": project_title, "applicant_name": applicant_name})


class SizeLimit(Item):
    """The largest electronic package: in bytes as we count, as the notice states it, and why the two agree."""

    max_bytes: int = Field(gt=0)
    stated: Text
    reading: Text


class Delivery(Item):
    """One way in which something is handed in. `by` is the id of a date in the schedule."""

    id: Slug
    medium: Literal["electronic", "paper"]
    contents: tuple[Text, ...] = Field(min_length=1)
    sender: Text
    recipient: Text
    copies: int = Field(gt=0)
    binding: str = ""
    by: Slug


class Package(Part):
    """What is handed in, and how it is named and measured. `mail_subject` follows the same kind of pattern."""

    size: SizeLimit
    naming: Naming
    mail_subject: Naming
    deliveries: tuple[Delivery, ...] = Field(min_length=1)

    def delivery(self, delivery_id: str) -> Delivery | None:
        return next((delivery for delivery in self.deliveries if delivery.id == delivery_id), None)


class Quota(Item):
    """The most projects per region. `in_principle`: the notice says 原则上."""

    per: Literal["province", "prefecture"]
    maximum: int = Field(gt=0)
    in_principle: bool


class Dimension(Part):
    """What a review step looks at."""

    id: Slug
    title: Text


class ReviewStep(Item):
    """One step of the review, in the order of the notice."""

    id: Slug
    title: Text
    dimensions: tuple[Dimension, ...] = ()


class ReviewResult(Item):
    """What comes of a review: a list or a letter, and whether it gives the benefits."""

    id: Slug
    title: Text
    gives_benefits: bool = False


class Review(Part):
    """The review of one level."""

    conducted_by: tuple[Text, ...] = Field(min_length=1)
    steps: tuple[ReviewStep, ...] = Field(min_length=1)
    results: tuple[ReviewResult, ...] = ()


class CallOption(Part):
    """A switch of the call. `why` says where the value comes from."""

    on: bool
    why: Text


class Forwarding(CallOption):
    """经所在市转报: `on` makes applicants hand in through their prefecture's ecology bureau, else straight to the receiver.

    `days` after the closing the bureau must have forwarded; `jointly`: with the prefecture's reform commission.
    """

    days: int = Field(0, ge=0, le=60)
    jointly: bool = False


class PublicityOption(CallOption):
    """公示: `days` is the least length of its period, in days; None: the notice names none."""

    days: int | None = Field(None, ge=1, le=60)

    @model_serializer(mode="wrap")
    def _without_silence(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        dumped: dict[str, Any] = handler(self)
        if self.days is None:
            dumped.pop("days", None)
        return dumped


class CallOptions(Part):
    """The options of a call that notices decide differently."""

    prefecture_comment: CallOption
    return_for_supplement: CallOption
    publicity: PublicityOption
    forwarding: Forwarding | None = None
    """None: the notice does not speak of it; applicants hand in straight to the receiver."""

    @model_serializer(mode="wrap")
    def _without_silence(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What a notice does not speak of is not in its dump: departments consented to the hash of that dump."""
        dumped: dict[str, Any] = handler(self)
        if self.forwarding is None:
            dumped.pop("forwarding", None)
        return dumped


class Support(Item):
    """A promise of the notice: support, benefit, commendation. `trigger` is the event that it hangs on."""

    id: Slug
    title: Text
    kind: Literal["benefit", "support"]
    trigger: str = ""
    trigger_confirmed: bool = True


class FollowUp(Item):
    """What happens after a pilot is approved, in the order of the notice."""

    id: Slug
    title: Text
    by: Text


class Reporting(Item):
    """定期调度: how often approved pilots report their progress, and how many days after a period its report is due.

    What the notice leaves open (None) comes from `catalogue.supervision`.
    """

    rhythm: Literal["monthly", "quarterly"] | None = None
    due_days: int | None = Field(None, ge=0, le=120)


class Issued(Part):
    """When the notice was issued. Unknown (`on` null) is said, with the latest day that it can have been."""

    on: date | None = None
    not_after: date | None = None
    note: str = ""

    @model_validator(mode="after")
    def _some_day(self) -> Self:
        if not (self.on or self.not_after):
            raise ValueError("成文日期未知时，写明不晚于哪一天（not_after）")
        return self

    @property
    def day(self) -> date:
        """The day on which cited law is looked up."""
        day = self.on or self.not_after
        assert day is not None
        return day
