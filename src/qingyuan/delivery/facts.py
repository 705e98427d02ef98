"""Figures of a project that reports, cases and papers quote: nobody types a number a second time.

Every idea of the delivery registers the facts that it keeps (`register`). They are quotables of the kind `project`, with
the id PROJECT:NAME, and live: a report or a case that is handed in keeps what they said at that moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.delivery.models import Project, ScopeEnterprise
from qingyuan.delivery.models.change import ChangeRequest
from qingyuan.kernel import clock, quotables
from qingyuan.kernel.quotables import Key, Quote
from qingyuan.kernel.record_language import in_record_language

KIND = "project"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One figure. `name` is its key inside the project (letters, digits, `.`, `_`, `-`); an empty `value` is not stated.

    `source` says in words where the figure comes from and as of when: it stands beside the figure in public.
    """

    name: str
    group: str
    label: str
    value: str
    unit: str = ""
    source: str = ""
    url: str = ""

    @property
    def shown(self) -> str:
        """The figure with its unit, as a text says it."""
        if not self.value:
            return ""
        return f"{self.value}{self.unit}" if self.unit == "%" else f"{self.value} {self.unit}".rstrip()


Source = Callable[[Project], Iterable[Fact]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Let an idea tell its figures of a project; it must ask the database a constant number of times."""
    if source not in _sources:
        _sources.append(source)


def of(project: Project) -> dict[str, Fact]:
    """All facts of a project by name, in the order of their sources."""
    return {fact.name: fact for source in _sources for fact in source(project)}


@in_record_language()
def on_record(project: Project) -> dict[str, Fact]:
    """The same as texts and sealed papers say them, whatever language their author reads the pages in."""
    return of(project)


def grouped(project: Project) -> list[tuple[str, list[Fact]]]:
    """For the list beside an editor: facts that have a value, under their headings."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in of(project).values():
        if fact.value:
            found[fact.group].append(fact)
    return list(found.items())


@dataclass(frozen=True)
class Moved:
    """A figure that was sealed, and what it is now (empty: there is no such figure any more)."""

    label: str
    was: str
    now: str


def moved(project: Project, sealed: Sequence[Mapping[str, str]]) -> list[Moved]:
    """Which figures of a sealed report or case say something else today. What was sealed stays what it was."""
    if not sealed:
        return []
    known = on_record(project)
    found = []
    for line in sealed:
        fact = known.get(line["name"])
        if fact is None or (fact.value, fact.unit) != (line["value"], line["unit"]):
            was = Fact(name="", group="", label="", value=line["value"], unit=line["unit"])
            found.append(Moved(line["label"], was.shown, fact.shown if fact else ""))
    return found


def key(project: Project, name: str) -> Key:
    return Key(KIND, f"{project.pk}:{name}")


def resolve(keys: Sequence[Key]) -> Mapping[Key, Quote]:
    """Answer for keys of the form PROJECT:NAME, project by project."""
    wanted: dict[str, list[tuple[str, Key]]] = defaultdict(list)
    for one in keys:
        owner, _sep, name = one.id.partition(":")
        if _is_uuid(owner):
            wanted[owner].append((name, one))
    found: dict[Key, Quote] = {}
    for project in Project.objects.filter(pk__in=wanted).select_related("pilot__call"):
        known = on_record(project)
        for name, one in wanted[str(project.pk)]:
            if fact := known.get(name):
                found[one] = Quote(label=fact.label, value=fact.shown, unit=fact.unit, source_url=fact.url)
    return found


quotables.register(KIND, resolve)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def today() -> str:
    return clock.local(clock.now()).date().isoformat()


# --- what the ground itself knows


def of_ground(project: Project) -> Iterable[Fact]:
    """Term, enterprises, changes (two queries)."""
    scope = ScopeEnterprise.objects.filter(project=project).aggregate(
        now=Count("pk", filter=Q(dropped_on=None)),
        dropped=Count("pk", filter=~Q(dropped_on=None)),
        begun=Count("pk", filter=Q(dropped_on=None, phase__gt=0)),
        continuous=Count("pk", filter=Q(dropped_on=None, phase=ScopeEnterprise.Phase.CONTINUOUS)),
    )
    changes = project.changes.filter(stage=ChangeRequest.Stage.APPROVED).count()
    group, source = _("实施概况"), _("实施台账，%s") % today()
    scope_url, changes_url = (
        reverse(name, args=[project.pk]) for name in ("delivery:scope", "delivery:changes")
    )
    for name, label, value, unit, url in (
        ("enterprises", _("范围内企业数"), scope["now"], _("家"), scope_url),
        ("enterprises-begun", _("已开展审核的企业数"), scope["begun"], _("家"), scope_url),
        ("enterprises-done", _("进入持续清洁生产的企业数"), scope["continuous"], _("家"), scope_url),
        ("enterprises-dropped", _("移出范围的企业数"), scope["dropped"], _("家"), scope_url),
        ("changes", _("同意的变更"), changes, _("项"), changes_url),
    ):
        yield Fact(name=name, group=group, label=label, value=str(value), unit=unit, source=source, url=url)
    days = (project.term_end - project.started_on).days + 1
    yield Fact(
        name="days",
        group=group,
        label=_("实施期限"),
        value=str(days),
        unit=_("天"),
        source=source,
        url=project.get_absolute_url(),
    )


def of_baseline(project: Project) -> Iterable[Fact]:
    """Baseline and target values of the plan in force (one query)."""
    baseline = project.baseline
    source = _("获批实施方案（基线第 %d 版）") % baseline.number
    for line in baseline.content["targets"]:
        for field, word in (("baseline", _("基准值")), ("target", _("目标值"))):
            yield Fact(
                name=f"target.{line['key']}.{field}",
                group=_("工作目标：%s") % line["indicator"],
                label=f"{line['indicator']} {word}",
                value=str(line.get(field) or ""),
                unit=line.get("unit") or "",
                source=source,
                url=project.get_absolute_url(),
            )


register(of_ground)
register(of_baseline)
