"""The schedule with its bars, and the expected outputs."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.papers.gantt import Bar, draw
from qingyuan.pilots import actions
from qingyuan.pilots.forms.schedule import OutputsForm, ScheduleForm
from qingyuan.pilots.snapshot import outputs_of, schedule_of
from qingyuan.pilots.views.frame import PartPage


class SchedulePage(PartPage):
    verb = actions.set_schedule
    template_name = "pilots/schedule.html"
    part = "schedule"
    button = gettext_lazy("保存实施计划")
    done = gettext_lazy("实施计划已保存")

    def get_state(self) -> Any:
        return schedule_of(self.object)

    def get_form(self) -> Any:
        return ScheduleForm(self.request.POST if self.request.method == "POST" else None, pilot=self.object)

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {**form.head.cleaned_data, "rows": form.milestones()}

    def get_context(self) -> dict[str, Any]:
        stored = list(self.object.milestones.all())
        bars = [Bar(title=one.title, starts=one.starts, ends=one.ends) for one in stored]
        drawn = ""
        if bars and self.object.term_start and self.object.term_end:
            drawn = draw(bars, self.object.term_start, self.object.term_end, title=_("实施计划甘特图"))
        # What `draw` gives is built by ElementTree from escaped text.
        return {**super().get_context(), "stored": stored, "gantt": mark_safe(drawn)}  # noqa: S308


class OutputsPage(PartPage):
    verb = actions.set_outputs
    template_name = "pilots/outputs.html"
    part = "schedule"
    button = gettext_lazy("保存产出及效益")
    done = gettext_lazy("产出及效益已保存")

    def get_state(self) -> Any:
        return outputs_of(self.object)

    def get_form(self) -> Any:
        return OutputsForm(self.request.POST if self.request.method == "POST" else None, pilot=self.object)

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"rows": form.outputs()}

    def get_context(self) -> dict[str, Any]:
        titles = {target.key: target.indicator for target in self.object.targets.all()}
        stored: list[Any] = list(self.object.outputs.all())
        for output in stored:
            output.target_title = titles.get(output.target_key, "")
        return {**super().get_context(), "stored": stored}
