"""Who of a pilot's enterprises has its audit record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import credit_code
from qingyuan.delivery import actions, crediting
from qingyuan.delivery import credits as reads
from qingyuan.delivery.actions.credit import ALL, UNENTITLED
from qingyuan.delivery.credits import Line
from qingyuan.delivery.forms.credit import STATES, CreditFilter, WhichForm
from qingyuan.delivery.models import Project
from qingyuan.delivery.queries.credit import TONES
from qingyuan.delivery.views.frame import ProjectVerbPage, show
from qingyuan.registry.models import AuditRecord
from qingyuan.ui.pagination import paginate

NAMES = dict(STATES)


def credits(request: HttpRequest, project: Project) -> HttpResponse:  # noqa: A001 (the page's own name)
    """Every enterprise that was ever in the scope: its record, or why it has none."""
    conclusion = reads.conclusion_of(project)
    found = reads.lines(project, conclusion)
    form = CreditFilter(request.GET)
    chosen = form.chosen()
    page = paginate(request, [line for line in found if _fits(line, **chosen)])
    benefit = reads.benefit_of(project.notice)
    counted = reads.counts(found)
    user = request.user
    return show(
        request,
        "delivery/credit/list.html",
        project,
        "credits",
        form=form,
        page=page,
        query=any(chosen.values()),
        rows=[(line, NAMES[line.state], TONES[line.state]) for line in page.object_list],
        stats=[(label, counted.get(state, 0)) for state, label in STATES if state and counted.get(state)],
        trigger=reads.trigger_of(project, conclusion),
        benefit=benefit,
        wrong=len(reads.wrongly_credited(found)),
        batches=project.credit_batches.select_related("by")[:20],
        may_credit=bool(reads.waiting(found)) and actions.credit.allowed(user, project).ok,
        may_revoke=any(_is_valid(line) for line in found) and actions.revoke_credit.allowed(user, project).ok,
        may_again=bool(reads.revoked(found)) and actions.credit_again.allowed(user, project).ok,
    )


def _fits(line: Line, *, text: str, state: str) -> bool:
    if state and line.state != state:
        return False
    wanted = text.strip()
    names = (line.row.name, line.target.name)
    codes = (line.row.enterprise.credit_code, line.target.credit_code)
    return (
        not wanted
        or any(wanted in name for name in names)
        or any(code.startswith(credit_code.normalise(wanted)) for code in codes)
    )


def _is_valid(line: Line) -> bool:
    return line.record is not None and line.record.stage == AuditRecord.Stage.VALID


class CreditVerbPage(ProjectVerbPage):
    part = "credits"
    check_revision = False

    def get_cancel_url(self) -> str:
        return reverse("delivery:credits", args=[self.object.pk])

    def lines(self) -> list[Line]:
        return reads.lines(self.object, reads.conclusion_of(self.object))


class CreditPage(CreditVerbPage):
    """The first portion by the button, the further ones behind it; what a crash leaves waits on the same page."""

    verb = actions.credit
    explain = gettext_lazy(
        "现行范围内的企业，除结论指明的和已移出的以外，各计入一次审核记录并生成证书。已有记录的不重复计入；撤销过的不会由此恢复。"
    )
    done = gettext_lazy("已计入。")

    def succeeded(self, result: Any) -> HttpResponse:
        if result.left:
            key = self.request.POST.get("key", "")[:60] or f"run-{result.pk}"
            crediting.credit_rest(self.object, by=self.request.user, key=key)
        return super().succeeded(result)


class RevokePage(CreditVerbPage):
    verb = actions.revoke_credit
    form_class = WhichForm
    danger = True
    explain = gettext_lazy("记录和证书留存并标明已撤销，公开核验写明理由，企业的审核期限按其余记录计算。")
    done = gettext_lazy("已撤销。")

    def get_form_kwargs(self) -> dict[str, Any]:
        found = self.lines()
        valid = [line for line in found if _is_valid(line)]
        choices = [(ALL, _("全部 %d 家") % len(valid))]
        if wrong := reads.wrongly_credited(found):
            choices.append((UNENTITLED, _("结论更正后不应计入的 %d 家") % len(wrong)))
        return {"choices": [*choices, *_named(valid)]}

    def get_initial(self) -> dict[str, Any]:
        return {"which": self.request.GET.get("enterprise", "")}


class AgainPage(CreditVerbPage):
    verb = actions.credit_again
    form_class = WhichForm
    explain = gettext_lazy("撤销有误的才重新计入：生成新的记录和新的证书，原来的仍标明已撤销。")
    done = gettext_lazy("已重新计入。")

    def get_form_kwargs(self) -> dict[str, Any]:
        found = reads.revoked(self.lines())
        return {"choices": [(ALL, _("全部 %d 家") % len(found)), *_named(found)]}

    def get_initial(self) -> dict[str, Any]:
        return {"which": self.request.GET.get("enterprise", "")}


def _named(found: list[Line]) -> list[tuple[str, str]]:
    return [(str(line.row.pk), f"{line.row.name}（{line.row.enterprise.credit_code}）") for line in found]
