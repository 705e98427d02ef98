"""Across projects: who has reported and who is late; and how often the pilots of a call report."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qingyuan.calls.models import Call
from qingyuan.delivery import actions
from qingyuan.delivery.forms.report import RhythmForm
from qingyuan.delivery.queries import report as queries
from qingyuan.delivery.queries.process import today
from qingyuan.delivery.views.process import workbook
from qingyuan.kernel.record_language import in_record_language
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage
from qingyuan.workbooks.progress import progress_table
from qingyuan.workbooks.write import write_sheets


def overview(request: HttpRequest) -> HttpResponse:
    """The pilots under way that this person sees, the most overdue first."""
    rows = queries.overview(list(queries.running(request.user)), today=today())
    page = paginate(request, rows)
    context = {
        "page": page,
        "rows": [(one, *queries.STATES[one.state]) for one in page],
        "stats": [
            (gettext_lazy("实施中的试点"), len(rows)),
            (gettext_lazy("逾期未报"), sum(one.late > 0 for one in rows)),
            (gettext_lazy("待审阅"), sum(one.state == "handed_in" for one in rows)),
            (gettext_lazy("退回补充"), sum(one.state == "returned" for one in rows)),
        ],
    }
    return TemplateResponse(request, "delivery/report/overview.html", context)


@in_record_language()
def overview_workbook(request: HttpRequest) -> FileResponse:
    """The same, all rows."""
    day = today()
    rows = [
        {
            "title": one.project.title,
            "body": one.project.applicant.name,
            "period": one.slot.period.title if one.slot else "",
            "due": one.slot.period.due if one.slot else None,
            "state": str(queries.STATES[one.state][0]),
            "handed_in": one.handed_in,
            "late": one.late,
            "days": one.days,
        }
        for one in queries.overview(list(queries.running(request.user)), today=day)
    ]
    target = io.BytesIO()
    write_sheets(target, [(progress_table(), rows, f"截至 {day.isoformat()}")])
    return workbook(target, f"定期调度情况_{day.isoformat()}.xlsx")


class RhythmPage(VerbPage):
    verb = actions.set_rhythm
    form_class = RhythmForm
    object_arg = "call"
    check_revision = False
    done = gettext_lazy("调度频次已设定。")
    explain = gettext_lazy("自所填之日起开始的各期适用；此前各期和已报送的报告不变。")
    object: Call

    def get_initial(self) -> dict[str, Any]:
        now = queries.rhythms(self.object, on=today())[-1].pace
        return {"rhythm": now.rhythm, "due_days": now.due_days, "from_on": today()}

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("delivery:progress")
