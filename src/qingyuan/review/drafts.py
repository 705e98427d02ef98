"""Score sheets while they are filled in: guarded writes with their own revision, no ledger entry each."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.kernel import clock
from qingyuan.kernel.errors import Invalid, NotAllowed, Stale, WrongStage
from qingyuan.kernel.permission import judge
from qingyuan.review.models import Assessment, Case
from qingyuan.review.rules import assessment as rules
from qingyuan.review.scoring import Content, out_of_place, places_of


class SheetChanged(Stale):
    """The same expert saved the sheet elsewhere (another window); `theirs` is what stands, `yours` what was sent."""

    code = "sheet_changed"

    def __init__(self, *, yours: Content, theirs: Assessment) -> None:
        at = f"{clock.local(theirs.saved_at):%-m月%-d日 %H:%M}" if theirs.saved_at else ""
        super().__init__(
            _("这份评分表 %(at)s 在另一个窗口保存过，您这里的内容没有覆盖它，两份都列在下面，请核对后再存")
            % {"at": at}
        )
        self.yours, self.theirs = yours, theirs


def save_assessment(assessment: Assessment, *, content: Content, revision: int, by: Any) -> Assessment:
    """Save a draft. Raises NotAllowed, WrongStage, Invalid or SheetChanged (nothing is then written)."""
    verdict = judge(rules.owns_assessment, by, assessment)
    if not verdict:
        raise NotAllowed(verdict.reasons)
    if problems := out_of_place(assessment.sheet, content, places_of(assessment.case)):
        raise Invalid(problems)
    with transaction.atomic():
        row = (
            Assessment.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=assessment.pk)
        )
        if row.stage != Assessment.Stage.DRAFT:
            raise WrongStage(_("评分表已经提交封存，不能再改；如需修改，请联系主办单位重新开放"))
        if row.assignment.case.stage != Case.Stage.ASSESSMENT:
            raise WrongStage(_("本项目的专家评审已经结束，评分表不再改动"))
        if Content.of(row) == content:
            return row
        if row.draft_revision != revision:
            raise SheetChanged(yours=content, theirs=row)
        for name in Content.__dataclass_fields__:
            setattr(row, name, getattr(content, name))
        row.draft_revision += 1
        row.saved_at = clock.now()
        row.save(update_fields=[*Content.__dataclass_fields__, "draft_revision", "saved_at"])
    return row


RELATED = ("assignment__case__round__call__joint_body", "assignment__appointment__expert")
