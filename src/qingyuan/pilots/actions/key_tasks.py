"""Verbs on the proof that a self-chosen pollutant is reduced under a local key task (N5.4)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.pilots import geometry, returned, rules
from qingyuan.pilots.models import Attachment, KeyTask, Pilot

DRAFTING = (Pilot.Stage.DRAFTING,)
MOST = 60


def own_pollutants(pilot: Pilot) -> list[str]:
    """The pollutants of a pilot that the notice does not name."""
    known = {pollutant.id for form in pilot.category.forms for pollutant in form.pollutants}
    return geometry.own_pollutants(pilot.form, list(pilot.pollutants), known)


@action(
    "pilot.prove_key_task",
    title=gettext_lazy("登记重点工作任务依据"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
    clauses=("N5.4",),
    idempotent=True,
)
def prove_key_task(
    pilot: Pilot,
    act: Act,
    *,
    pollutant: str,
    document: str,
    number: str,
    issuer: str,
    issued_on: date,
    page: str,
    upload: Upload,
) -> KeyTask:
    """为一项自行选取的特征污染物登记依据：载明其减排任务的文件、文号、发文机关、日期、页码条款，并附上文件。"""
    returned.require(pilot, now=act.now, part="eligibility")
    stated = {
        name: " ".join(value.split())
        for name, value in {
            "pollutant": pollutant,
            "document": document,
            "number": number,
            "issuer": issuer,
            "page": page,
        }.items()
    }
    problems = misfits(KeyTask, **stated)
    problems += [
        Problem(_("请填写%s") % KEY_TASK_LABELS[name], where=name, clause="N5.4")
        for name, value in stated.items()
        if not value
    ]
    if stated["pollutant"] and stated["pollutant"] not in own_pollutants(pilot):
        problems.append(
            Problem(
                _("“%s”不是自行选取的特征污染物") % stated["pollutant"][:30],
                where="pollutant",
                mend=_("先在“试点对象”的“自行选取的特征污染物”中写上"),
                clause="N5.4",
            )
        )
    if issued_on > clock.local(act.now).date():
        problems.append(Problem(_("印发日期在今天之后"), where="issued_on"))
    if pilot.key_tasks.filter(pollutant=stated["pollutant"], document=stated["document"]).exists():
        problems.append(Problem(_("这份文件已经登记过"), where="document"))
    if pilot.key_tasks.count() >= MOST:
        problems.append(Problem(_("最多登记 %d 份依据") % MOST, where="document"))
    if problems:
        raise Invalid(problems)
    place = pilot.form.own_pollutants if pilot.form else None
    attachment = Attachment.objects.create(
        pilot=pilot,
        purpose=Attachment.Purpose.EVIDENCE if place else Attachment.Purpose.OTHER,
        condition_id=place.condition if place else "",
        question_id=place.question if place else "",
        title=stated["document"][:120],
        upload=upload,
        added_at=act.now,
    )
    act.note(sha256=upload.sha256, issued_on=issued_on.isoformat(), **stated)
    return KeyTask.objects.create(pilot=pilot, issued_on=issued_on, attachment=attachment, **stated)


KEY_TASK_LABELS = {
    "pollutant": gettext_lazy("污染物"),
    "document": gettext_lazy("文件名称"),
    "number": gettext_lazy("文号"),
    "issuer": gettext_lazy("发文机关"),
    "page": gettext_lazy("页码、条款"),
}


@action(
    "pilot.remove_key_task",
    title=gettext_lazy("移除重点工作任务依据"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
)
def remove_key_task(pilot: Pilot, act: Act, *, key_task_id: int) -> Pilot:
    """移除一项依据和它的文件；已提交版本中的文件不受影响。"""
    returned.require(pilot, now=act.now, part="eligibility")
    task = pilot.key_tasks.select_related("attachment__upload").filter(pk=key_task_id).first()
    if task is None:
        raise Invalid([Problem(_("该依据已被移除"), where="key_task_id")])
    attachment = task.attachment
    act.note(
        pollutant=task.pollutant,
        document=task.document,
        **({"sha256": attachment.upload.sha256} if attachment else {}),
    )
    task.delete()
    if attachment is not None:
        attachment.delete()
    return pilot
