"""What results and the account give to progress reports, to summaries and cases, and to the archive volume."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import innovation
from qingyuan.delivery import account_table, account_words, archive_parts, facts, progress_parts
from qingyuan.delivery.archive_parts import Part
from qingyuan.delivery.calendar import Period
from qingyuan.delivery.facts import Fact
from qingyuan.delivery.models import AccountStatement, EffortEntry, OutputFile, OutputVersion, Project
from qingyuan.delivery.output_table import rows_of
from qingyuan.delivery.queries import account as accounts
from qingyuan.delivery.queries import output as outputs
from qingyuan.delivery.queries import workbench
from qingyuan.kernel import clock
from qingyuan.review.archive import FOREVER, THIRTY, Paper
from qingyuan.workbooks.outputs import output_table
from qingyuan.workbooks.write import write_sheets, write_table

OUTPUTS, PROCESS = "05_成果", "02_过程"


def facts_of_outputs(project: Project) -> Iterator[Fact]:
    """How the results stand (one query)."""
    found = outputs.counts(project)
    source, url = _("产出成果台账，%s") % facts.today(), reverse("delivery:outputs", args=[project.pk])
    for name, label, value in (
        ("outputs", _("产出成果（承诺和增补）"), found.all),
        ("outputs-promised", _("承诺的产出成果"), found.promised),
        ("outputs-accepted", _("已认可的产出成果"), found.accepted),
        ("outputs-late", _("逾期未提交的产出成果"), found.late),
    ):
        group = _("产出成果")
        yield Fact(
            name=name, group=group, label=label, value=str(value), unit=_("项"), source=source, url=url
        )


def facts_of_account(project: Project) -> Iterator[Fact]:
    """What happened on the platform, the figures of the account and its sentences, each whole (twelve queries)."""
    book = accounts.book(project)
    yield from _happened(project, book)
    if not book.entries:
        return
    url = reverse("delivery:account", args=[project.pk])
    source = _("创新账，截至 %s") % book.last_day
    for name, measure in innovation.measures().items():
        for field, value in account_words.figures(book.results[name]).items():
            yield Fact(
                name=f"account.{name}.{field}",
                group=_("创新账：%s") % measure.title,
                label=f"{measure.title} {account_words.FIELDS[field]}",
                value=value,
                source=source,
                url=url,
            )
    for number, sentence in enumerate(book.sentences):
        yield Fact(
            name=f"account.sentence.{number}",
            group=_("创新账：句子"),
            label=_("创新账的句子"),
            value=sentence.text,
            source=source,
            url=url,
        )


def _happened(project: Project, book: accounts.Book) -> Iterator[Fact]:
    """What did not happen is no fact."""
    url = reverse("delivery:account", args=[project.pk])
    for line in workbench.happened(project, book):
        if line.actual is None:
            continue
        for field, label, value in (
            ("actual", line.title, line.shown),
            ("difference", _("%s：比估算") % line.title, line.differs if line.difference is not None else ""),
        ):
            yield Fact(
                name=f"workbench.{line.id}.{field}",
                group=_("创新账：平台上实际发生的"),
                label=label,
                value=value,
                source=_("平台记录，%s") % facts.today(),
                url=url,
            )


def papers_of_outputs(project: Project) -> Iterator[Part]:
    """The list of results, and the files of every version that was handed in."""
    if not project.outputs.exists():
        return
    author, today = project.applicant.name, clock.local(clock.now()).date()
    yield (
        OUTPUTS,
        Paper(
            name="产出成果清单.xlsx",
            title=f"{project.title} 产出成果清单",
            author=author,
            on=today,
            retention=FOREVER,
            make=partial(_list_of_outputs, project),
        ),
    )
    found = OutputFile.objects.filter(
        version__output__project=project, version__handed_in_at__isnull=False
    ).select_related("upload", "version__output")
    for one in found.order_by("version__output__position", "version__number", "position"):
        version = one.version
        verdict = version.get_verdict_display() if version.verdict else "未审"
        title = f"{version.output.title} 第 {version.number} 版 {version.title}"
        yield OUTPUTS, archive_parts.stored(one.upload, title=title, author=author, note=str(verdict))


def _list_of_outputs(project: Project) -> bytes:
    target = io.BytesIO()
    lines = outputs.lines(project, outputs.handed_in(project))
    write_table(target, output_table(), rows_of(lines), title=f"{project.title} 产出成果清单")
    return target.getvalue()


def papers_of_account(project: Project) -> Iterator[Part]:
    """The account as a workbook, and every statement as it was made."""
    if not project.efforts.exists():
        return
    author, today = project.applicant.name, clock.local(clock.now()).date()
    yield (
        PROCESS,
        Paper(
            name="创新账.xlsx",
            title=f"{project.title} 创新账",
            author=author,
            on=today,
            retention=THIRTY,
            make=partial(_account, project),
        ),
    )
    for one in project.account_statements.order_by("number"):
        yield (
            PROCESS,
            Paper(
                name=f"创新账报数_第{one.number}次.json",
                title=f"{project.title} 创新账第 {one.number} 次报数",
                author=author,
                on=clock.local(one.made_at).date(),
                retention=THIRTY,
                make=partial(_statement, one),
                note=f"SHA-256 {one.content_sha256[:16]}",
            ),
        )


def _account(project: Project) -> bytes:
    target = io.BytesIO()
    sheets = account_table.sheets(accounts.book(project), accounts.efforts(project), subtitle=project.title)
    write_sheets(target, sheets)
    return target.getvalue()


def _statement(statement: AccountStatement) -> bytes:
    return archive_parts.as_json(statement.content)


facts.register(facts_of_outputs)
facts.register(facts_of_account)
archive_parts.register(papers_of_outputs)
archive_parts.register(papers_of_account)


# --- what a progress report says of both


def outputs_in_period(project: Project, period: Period) -> Iterator[tuple[str, str]]:
    """How the results stand, and which were handed in or judged in the period (two queries)."""
    found = outputs.counts(project)
    if not found.all:
        return
    yield _("产出成果"), _("%d 项") % found.all
    yield _("已认可"), _("%d 项") % found.accepted
    if found.late:
        yield _("逾期未提交"), _("%d 项") % found.late
    versions = OutputVersion.objects.filter(output__project=project, handed_in_at__isnull=False)
    for one in versions.select_related("output").order_by("output__position", "number"):
        assert one.handed_in_at is not None
        judged = clock.local(one.judged_at).date() if one.judged_at else None
        name = _("%(title)s 第 %(number)d 版") % {"title": one.output.title, "number": one.number}
        if judged and period.starts <= judged <= period.ends:
            yield name, str(one.get_verdict_display())
        elif judged is None and period.starts <= clock.local(one.handed_in_at).date() <= period.ends:
            yield name, _("已提交")


def account_in_period(project: Project, period: Period) -> Iterator[tuple[str, str]]:
    """What was logged in the period, and the account so far in its own sentences (seven queries)."""
    book = accounts.book(project)
    if not book.entries:
        return
    rows = project.efforts.filter(stage=EffortEntry.Stage.VALID, day__gte=period.starts, day__lte=period.ends)
    logged = list(rows.values("person_days", "money"))
    yield _("本期工作量记录"), _("%d 笔") % len(logged)
    for name in ("person_days", "money"):
        stated = [amount for row in logged if (amount := row[name]) is not None]
        if stated:
            measure = innovation.measures()[name]
            total = sum((Fraction(one) for one in stated), Fraction())
            yield measure.title, account_words.amount(total, measure.unit)
    for sentence in book.sentences[1:]:
        if sentence.quotes:
            yield _("截至最近一笔"), sentence.text


progress_parts.register("outputs", gettext_lazy("产出成果"), outputs_in_period, order=50)
progress_parts.register("account", gettext_lazy("创新账"), account_in_period, order=60)
