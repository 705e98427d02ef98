"""The targets table."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from qingyuan.pilots import actions, derived
from qingyuan.pilots.forms.targets import TargetsForm
from qingyuan.pilots.snapshot import target_line
from qingyuan.pilots.views.frame import PartPage


class TargetsPage(PartPage):
    verb = actions.set_targets
    template_name = "pilots/targets.html"
    part = "targets"
    button = gettext_lazy("保存目标表")
    done = gettext_lazy("目标表已保存")

    def get_state(self) -> Any:
        return [target_line(target) for target in self.object.targets.all()]

    def get_form(self) -> Any:
        data = self.request.POST if self.request.method == "POST" else None
        return TargetsForm(data, pilot=self.object)

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"rows": form.targets()}

    def get_context(self) -> dict[str, Any]:
        measures = {m.id: m for aim in self.object.notice.aims for m in aim.measures}
        stored = [
            {
                **target_line(target),
                "measure_of": measures.get(target.measure_id),
                "derived": derived.of(target),
            }
            for target in self.object.targets.all()
        ]
        return {**super().get_context(), "stored": stored}
