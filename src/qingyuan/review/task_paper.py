"""任务书 of an expert as plain data for the paper."""

from __future__ import annotations

from collections.abc import Sequence

from qingyuan.catalogue import promises
from qingyuan.kernel import clock
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.task_docx import Task, TaskPaper, write_task
from qingyuan.review.mails.experts import host_of
from qingyuan.review.models import Appointment, Assignment


@in_record_language()
def task_docx(appointment: Appointment, work: Sequence[Assignment]) -> bytes:
    """The brief: call, expert, tasks with their due dates, and what was promised with the hash of its text."""
    form = promises.forms().get(appointment.promises_id)
    return write_task(
        TaskPaper(
            host=host_of(appointment.round).name,
            call=appointment.round.call.title,
            expert=f"{appointment.expert.code} {appointment.expert.user}",
            employer=appointment.expert.employer_label,
            printed_at=clock.now(),
            tasks=tuple(
                Task(
                    label=one.case.label,
                    title=one.case.title,
                    applicant=one.case.applicant_name,
                    category=one.case.category.title,
                    due_at=one.due_at,
                )
                for one in work
            ),
            promises=tuple((one.title, one.text) for one in form.promises) if form else (),
            promised_at=appointment.replied_at if form else None,
            promises_sha256=appointment.promises_sha256,
        )
    )
