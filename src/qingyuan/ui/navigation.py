"""The menu: rooms register their entries when Django starts; the shell shows those that the reader may use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.urls import URLPattern, reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Text = str | Promise
Area = Literal["side", "public", "account", "footer"]
LISTS = pgettext_lazy("menu", "名单")
RESULTS = pgettext_lazy("menu", "成果")
VERIFICATION = pgettext_lazy("menu", "核验")
"""The menus that public pages fold into: the bar is too short for all of them."""


def everyone(_user: Any) -> bool:
    return True


@dataclass(frozen=True)
class Item:
    """One entry. `area`: the working menu at the side, the bar of public pages, the person's own menu, the foot.

    `url_name` takes no arguments. `visible` must not ask the database more than the request already did.
    """

    title: Text
    url_name: str
    icon: str = "circle"
    visible: Callable[[Any], bool] = everyone
    area: Area = "side"
    group: Text = ""
    order: int = 100


@dataclass(frozen=True)
class Entry:
    """An item as a page shows it."""

    title: Text
    url: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Group:
    title: Text
    entries: list[Entry] = field(default_factory=list)

    @property
    def current(self) -> bool:
        return any(entry.current for entry in self.entries)


@dataclass(frozen=True)
class Identity:
    """Who is signed in, as the shell says it."""

    name: str
    organisation: str = ""


_items: dict[tuple[str, str], Item] = {}
_identify: list[Callable[[Any], Identity]] = []
_stands_under: dict[str, str] = {}
"""By the full name of a route: the entry that its pages belong to, wherever their address lies."""


def register(*items: Item) -> None:
    """Add entries; an entry of the same area and address replaces the earlier one."""
    for item in items:
        _items[item.area, item.url_name] = item


def register_identity(identify: Callable[[Any], Identity]) -> None:
    """Say how a signed-in user is named (the last one registered counts; the room of people does this)."""
    _identify[:] = [identify]


def identity(user: Any) -> Identity:
    if _identify:
        return _identify[0](user)
    return Identity(name=user.get_full_name() or user.get_username())


def items(area: Area | None = None) -> list[Item]:
    """All registered entries in their order, for the shell and for tests."""
    return sorted(
        (item for item in _items.values() if area in {None, item.area}), key=lambda item: item.order
    )


def under(url_name: str, routes: Iterable[URLPattern]) -> None:
    """Say, where a room lists its routes, that their pages belong to the entry `url_name` of the same room."""
    room = url_name.partition(":")[0]
    _stands_under.update({f"{room}:{route.name}": url_name for route in routes})


def entries(area: Area, *, user: Any, path: str, route: str = "") -> list[Entry]:
    """The entries that `user` may see; the one that `route` or else `path` lies under is marked as current."""
    return [entry for group in groups(area, user=user, path=path, route=route) for entry in group.entries]


def groups(area: Area, *, user: Any, path: str, route: str = "") -> list[Group]:
    """Entries by group, groups in the order of their first entry."""
    visible = [(item, reverse(item.url_name)) for item in items(area) if item.visible(user)]
    belongs = _stands_under.get(route)
    current = next(
        (url for item, url in visible if item.url_name == belongs),
        _current(path, (url for _item, url in visible)),
    )
    found: dict[str, Group] = {}
    for item, url in visible:
        group = found.setdefault(str(item.group), Group(item.group))
        group.entries.append(Entry(title=item.title, url=url, icon=item.icon, current=url == current))
    return list(found.values())


def _current(path: str, urls: Iterable[str]) -> str:
    """The longest address that the path begins with; the root only for itself."""
    return max(
        (url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default=""
    )
