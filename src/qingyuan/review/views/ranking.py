"""The ranking page: all cases of a round with their figures, other weights by address, and the same as a workbook."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from qingyuan.catalogue import regions
from qingyuan.catalogue.scoresheets import ScoreSheet
from qingyuan.kernel import clock
from qingyuan.kernel.errors import NotAllowed
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.permission import judge
from qingyuan.review import actions
from qingyuan.review.models import Round
from qingyuan.review.queries import panel as queries
from qingyuan.review.queries.ranking import Line, Ranking, Wish, waiting_lines
from qingyuan.review.rules import assessment as rules
from qingyuan.ui.pagination import paginate
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_table


def ranking(request: HttpRequest, **kwargs: Round) -> HttpResponse:
    """Before the scores are opened: who has not submitted. Afterwards: the figures."""
    round_ = kwargs["round"]
    context: dict[str, Any] = {"round": round_}
    if not rules.scores_are_open(round_):
        context |= {
            "waiting": waiting_lines(round_),
            "waiting_count": queries.waiting_count(round_),
            "may_open": actions.open_scores.allowed(request.user, round_).ok,
        }
        return TemplateResponse(request, "review/assessment/waiting.html", context)
    sheet = queries.sheet_of(round_)
    wish = Wish.read(round_, sheet, request.GET.dict())
    found = Ranking(round_, wish, sheet=sheet)
    page = paginate(request, found.order())
    context |= {
        "sheet": sheet,
        "wish": wish,
        "ranking": found,
        "page": page,
        "lines": found.lines(list(page.object_list)),
        "heads": heads(wish, sheet),
        "weights": [
            (dimension.id, dimension.title, wish.weights[dimension.id], dimension.weight)
            for dimension in sheet.dimensions
        ],
        "balance": found.balance(),
        "choices": choices(found),
        "query": request.GET.urlencode(),
        "level": round(found.intervals.level * 100),
        "release": round_.score_release,  # type: ignore[attr-defined]
    }
    return TemplateResponse(request, "review/assessment/ranking.html", context)


def heads(wish: Wish, sheet: ScoreSheet) -> list[dict[str, Any]]:
    """The columns of screen and workbook: name, title, whether a number, by which key it sorts."""
    other = _("按调整分的名次") if wish.basis == "mean" else _("按平均分的名次")
    columns = [
        ("rank", _("名次"), True, "rank"),
        ("interval", _("名次区间"), True, ""),
        ("label", _("编号"), False, "number"),
        ("title", _("项目名称"), False, ""),
        ("applicant", _("申报单位"), False, ""),
        ("place", _("所在地"), False, ""),
        ("category", _("类别"), False, ""),
        ("counts", _("评分份数"), True, ""),
        ("mean", _("平均分"), True, ""),
        ("median", _("中位数"), True, "median"),
        ("trimmed", _("截尾平均"), True, "trimmed"),
        ("spread", _("离散（标准差）"), True, "spread"),
        ("adjusted", _("宽严调整分"), True, "adjusted"),
        ("other_rank", other, True, ""),
        *(
            [("criteria", _("评选条件（%s）") % sheet.criterion_levels[0].title, True, "")]
            if sheet.criteria
            else []
        ),
        ("hints", _("提示"), False, ""),
    ]
    return [{"name": name, "title": title, "num": num, "key": key} for name, title, num, key in columns]


def choices(found: Ranking) -> list[dict[str, Any]]:
    wish, known = found.wish, regions.regions()
    places = sorted({row[5] for row in found.cases if row[5] in known})
    lists = [
        (
            "basis",
            _("排名依据"),
            [("mean", _("平均分")), ("adjusted", _("宽严调整分"))],
            wish.basis,
        ),
        (
            "category",
            _("类别"),
            [(one.id, one.title) for one in found.round.notice.categories],
            wish.category,
        ),
        ("prefecture", _("所在地"), [(code, known[code].name) for code in places], wish.prefecture),
    ]
    return [
        {
            "name": name,
            "label": label,
            "all": name != "basis",
            "options": [(value, title, value == chosen) for value, title in options],
        }
        for name, label, options, chosen in lists
    ]


_NUMBERS = frozenset({"rank", "counts", "mean", "median", "trimmed", "spread", "adjusted", "other_rank"})


def workbook(request: HttpRequest, **kwargs: Round) -> HttpResponse:
    """What the screen shows under the same address, all pages of it: same filters, weights, columns and order."""
    round_ = kwargs["round"]
    verdict = judge(rules.reads_ranking, request.user, round_)
    if not verdict:
        raise NotAllowed(verdict.reasons)
    sheet = queries.sheet_of(round_)
    wish = Wish.read(round_, sheet, request.GET.dict())
    found = Ranking(round_, wish, sheet=sheet)
    columns = heads(wish, sheet)
    table = Table(
        name="ranking",
        title=_("评分汇总"),
        columns=tuple(
            Column(
                name=head["name"],
                title_zh=head["title"],
                kind="decimal" if head["name"] in _NUMBERS else "text",
            )
            for head in columns
        ),
        notes=tuple(notes(found)),
    )
    target = io.BytesIO()
    write_table(
        target,
        table,
        ({head["name"]: cell(line, head["name"]) for head in columns} for line in found.lines(found.order())),
        title=f"{round_.call.title} {_('评分汇总')}",
        subtitle="；".join(notes(found)),
    )
    response = HttpResponse(target.getvalue(), content_type=ACCEPTED["xlsx"].media_type)
    name = clean_name(f"{_('评分汇总')}_{clock.local(clock.now()):%Y%m%d-%H%M}.xlsx")
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def notes(found: Ranking) -> list[str]:
    """What must be known to read the figures, on the sheet as on the screen."""
    weights = _("、").join(
        f"{dimension.title} {found.wish.weights[dimension.id]}" for dimension in found.sheet.dimensions
    )
    return [
        _("按%(basis)s排名，权重：%(weights)s%(what_if)s")
        % {
            "basis": _("宽严调整分") if found.wish.basis == "adjusted" else _("平均分"),
            "weights": weights,
            "what_if": _("（试算，未保存，不是评分表的权重）") if found.wish.is_what_if else "",
        },
        _("%(title)s（自拟，未核对）") % {"title": found.sheet.title}
        if not found.sheet.verified
        else found.sheet.title,
    ]


def cell(line: Line, name: str) -> Any:
    """A cell of the workbook: the text of the screen, as a number where it is one."""
    value = getattr(line, name)
    if name == "hints":
        return _("、").join(text for text, _tone in value)
    if name in _NUMBERS:
        return Decimal(str(value)) if value != "—" else None
    return value
