"""What a notice asks, in the words and order in which a call's page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.models import Call
from qingyuan.catalogue.notices.model import Notice
from qingyuan.catalogue.notices.parts import Category
from qingyuan.catalogue.regions import region_groups
from qingyuan.catalogue.sectors import sectors
from qingyuan.ui.templatetags.ui import local, until


@dataclass(frozen=True)
class Form:
    """One form that the object of a pilot may take, with what is meant for it."""

    title: str
    sectors: str
    places: str
    pollutants: str


@dataclass(frozen=True)
class CategoryDigest:
    """A category with the notice's wording, the forms of its object and its conditions by title."""

    category: Category
    forms: list[Form]
    conditions: list[str] = field(default_factory=list)


def categories(notice: Notice) -> list[CategoryDigest]:
    return [
        CategoryDigest(
            category,
            [
                Form(
                    title=form.title,
                    sectors=_joined(
                        [sectors()[one].title for one in form.sectors], open_list=form.sectors_open
                    ),
                    places=_joined(
                        [region_groups()[one].title for one in form.places], open_list=form.places_open
                    ),
                    pollutants=_joined([one.title for one in form.pollutants], open_list=False),
                )
                for form in category.forms
            ],
            [condition.title for condition in notice.conditions_for(category.id)],
        )
        for category in notice.categories
    ]


def _joined(titles: list[str], *, open_list: bool) -> str:
    return "、".join(titles) + (_("等") if titles and open_list else "")


@dataclass(frozen=True)
class Date:
    """A date of the notice; `now` is how it stands in the call, where that differs."""

    title: str
    shown: Any
    clause: str
    wording: str
    changed: Any = ""


def schedule(call: Call) -> list[Date]:
    """The notice's dates; the call's own closing stands beside the notice's where a supplement moved it."""
    notice = call.notice
    found = []
    for deadline in notice.schedule:
        shown = local(deadline.at) if deadline.kind == "open" else until(deadline.ends)
        changed: Any = ""
        if deadline == notice.closes and deadline.ends != call.closes_at:
            changed = until(call.closes_at)
        found.append(Date(deadline.title, shown, deadline.clause, deadline.wording or deadline.note, changed))
    return found


def package_name(notice: Notice) -> str:
    """The naming rule with the two names in words."""
    return notice.package.naming.render(project_title=_("项目名称"), applicant_name=_("申报单位名称"))


def mail_subject(notice: Notice) -> str:
    return notice.package.mail_subject.render(project_title=_("项目名称"), applicant_name=_("申报单位名称"))


@dataclass(frozen=True)
class Delivery:
    """One way of handing in, with the title of its date."""

    contents: str
    medium: str
    sender: str
    recipient: str
    copies: int
    by: str
    clause: str
    binding: str


def deliveries(notice: Notice) -> list[Delivery]:
    media = {"electronic": _("电子件"), "paper": _("纸质件")}
    return [
        Delivery(
            contents="、".join(one.contents),
            medium=media[one.medium],
            sender=one.sender,
            recipient=one.recipient,
            copies=one.copies,
            by=notice.deadline(one.by).title,
            clause=one.clause,
            binding=one.binding,
        )
        for one in notice.package.deliveries
    ]
