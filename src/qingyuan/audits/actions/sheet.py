"""A performance sheet, or a chosen portfolio, taken in at once: as many statements for 1,000 rows as for ten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits import sheet
from qingyuan.audits.figures import NUMBERS, problems_of, said
from qingyuan.audits.models.scheme import Scheme, SchemeEvent, SchemeFigures, SchemeImport
from qingyuan.audits.rules import scheme as rules
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.pilots.models import Pilot
from qingyuan.workbooks.performance import SchemeRow


@action(
    "scheme.take_in",
    title=gettext_lazy("导入方案"),
    on=Pilot,
    may=rules.writes_schemes,
    stages=rules.STAGES,
    creates=SchemeImport,
    clauses=("N10",),
    idempotent=True,
)
def take_in(
    pilot: Pilot,
    act: Act,
    *,
    rows: Sequence[SchemeRow],
    basis: str,
    origin: str = SchemeImport.Origin.SHEET,
    layout_id: str = "",
    upload: Upload | None = None,
) -> SchemeImport:
    """按企业和方案编号新增方案、更新名称、内容和预期（或实测）效果；表中没有的方案不受影响，同样的表再导入不改动什么。"""
    problems = []
    if basis not in SchemeFigures.Basis.values:
        problems.append(Problem(_("没有这种口径"), where="basis", expected="planned、measured"))
    if origin not in {SchemeImport.Origin.SHEET, SchemeImport.Origin.PORTFOLIO}:
        problems.append(Problem(_("没有这种来源"), where="origin", expected="sheet、portfolio"))
    problems += _content(rows)
    if problems:
        raise Invalid(problems)
    plan = sheet.plan(pilot, rows, basis=basis)
    if problems := list(_standing(plan, basis)):
        raise Invalid(problems)
    new, changed = plan.of("new"), plan.of("changed")
    for line in new:
        line.scheme.made_at, line.scheme.made_by = act.now, act.by
    Scheme.objects.bulk_create([line.scheme for line in new])
    for line in changed:
        line.scheme.revision += 1
    Scheme.objects.bulk_create(
        [line.scheme for line in changed],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["title", "content", "revision"],
    )
    SchemeFigures.objects.bulk_create(
        [
            SchemeFigures(scheme=line.scheme, basis=basis, **_stored(line.figures))
            for line in (*new, *changed)
        ],
        update_conflicts=True,
        unique_fields=["scheme", "basis"],
        update_fields=[*NUMBERS, "other", "na"],
    )
    SchemeEvent.objects.bulk_create(
        SchemeEvent(
            scheme=line.scheme,
            at=act.now,
            by=act.by,
            what=act.verb,
            stage=line.scheme.stage,
            changes=line.changes,
        )
        for line in (*new, *changed)
    )
    made = SchemeImport.objects.create(
        pilot=pilot,
        origin=origin,
        basis=basis,
        layout_id=layout_id[:60],
        upload=upload,
        at=act.now,
        by=act.by,
        rows=len(rows),
        added=len(new),
        changed=len(changed),
    )
    act.items([_fact(row) for row in rows])
    act.note(added=len(new), changed=len(changed), upload_sha256=upload.sha256 if upload else "")
    return made


def _stored(figures: SchemeFigures) -> dict[str, object]:
    return {name: getattr(figures, name) for name in (*NUMBERS, "other", "na")}


def _fact(row: SchemeRow) -> list[str]:
    return [
        row.enterprise_code,
        row.kind,
        str(row.number or ""),
        row.title,
        row.content,
        row.other,
        *(f"{name}={said(value)}" for name, value in sorted(row.figures.items())),
    ]


def _content(rows: Sequence[SchemeRow]) -> Iterator[Problem]:
    """What each row says wrongly by itself, and schemes that come twice."""
    first: dict[tuple[str, str], int] = {}
    if not rows:
        yield Problem(_("没有方案"), where="rows", expected=_("至少一个方案"))
    for number, row in enumerate(rows):
        at = f"rows.{number}"
        if not row.title.strip():
            yield Problem(_("没有填写"), where=f"{at}.title")
        if row.kind not in Scheme.Kind.values:
            yield Problem(_("没有这个类别"), where=f"{at}.kind", expected="low、high")
        if row.number is not None and not 1 <= row.number <= 99_999:
            yield Problem(_("编号不成立"), where=f"{at}.number", expected="1—99999")
        if len(row.title) > 120 or len(row.content) > 2000:
            yield from misfits(Scheme, at=at, title=row.title, content=row.content)
        yield from problems_of({**row.figures, "other": row.other}, at=at)
        key = (row.enterprise_code, row.code or row.title)
        if (seen := first.setdefault(key, number)) != number:
            yield Problem(
                _("与第 %d 个方案重复") % (seen + 1), where=f"{at}.{'number' if row.number else 'title'}"
            )


def _standing(plan: sheet.Plan, basis: str) -> Iterator[Problem]:
    """What the record does not let in."""
    for index, code in plan.unknown:
        yield Problem(
            _("不是试点范围内的企业"),
            where=f"rows.{index}.enterprise_code",
            expected=code and _("范围内企业的信用代码"),
        )
    for index, code, free in plan.gaps:
        yield Problem(
            _("新方案的编号 %s 不连续") % code,
            where=f"rows.{index}.number",
            expected=free,
            mend=_("改正编号，或不填编号由平台接续"),
        )
    for line in plan.lines:
        if line.what == "dropped":
            yield Problem(
                _("方案 %s 已不实施") % line.code,
                where=f"rows.{line.index}.number",
                mend=_("先恢复方案，或从表中删去"),
            )
        elif basis == SchemeFigures.Basis.MEASURED and line.what == "changed" and not _carried_out(line):
            yield Problem(
                _("方案 %s 还没有开始实施，不能有实测效果") % line.code,
                where=f"rows.{line.index}.number",
                mend=_("先登记开始实施"),
            )
        elif basis == SchemeFigures.Basis.MEASURED and line.what == "new":
            yield Problem(
                _("没有这个方案，不能直接导入实测效果"),
                where=f"rows.{line.index}.title",
                mend=_("先按预期效果导入并确定、实施"),
            )


def _carried_out(line: sheet.Line) -> bool:
    return line.scheme.stage in {Scheme.Stage.RUNNING, Scheme.Stage.DONE}
