"""Verbs of the register of paper: an envelope arrives, is held against the electronic version, or was a mistake."""

from __future__ import annotations

from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.models import Call
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.papers.canonical import sha256_hex
from qingyuan.pilots.models import Submission
from qingyuan.review.models import PaperArrival
from qingyuan.review.rules import consultation as rules
from qingyuan.review.rules import ground

Stage = PaperArrival.Stage
MOST_COPIES = 100


@action(
    "arrival.register",
    title=gettext_lazy("登记纸质收件"),
    on=Call,
    may=ground.handles_call,
    stages=("open",),
    creates=PaperArrival,
    creates_in=(Stage.REGISTERED,),
    clauses=("H2", "N7"),
    idempotent=True,
)
def register(
    call: Call,
    act: Act,
    *,
    delivery_id: str,
    arrived_on: date,
    copies: int,
    title: str = "",
    submission: Submission | None = None,
    courier: str = "",
    courier_number: str = "",
    note: str = "",
) -> PaperArrival:
    """登记寄达的纸质材料：日期、快递单号、份数；登记号连续，登错的作废重登，不删除。"""
    name = " ".join(title.split()) or (submission.snapshot["name"] if submission else "")
    values = {
        "title": name,
        "courier": courier.strip(),
        "courier_number": courier_number.strip(),
        "note": note.strip(),
    }
    problems = misfits(PaperArrival, **values)
    delivery = call.notice.package.delivery(delivery_id)
    if delivery is None or delivery.medium != "paper":
        problems.append(Problem(_("通知没有要求这种纸质材料"), where="delivery_id"))
    if submission is not None and submission.call_id != call.pk:
        problems.append(Problem(_("这份电子申报不属于本通知"), where="submission"))
    if not name:
        problems.append(Problem(_("请选择对应的电子申报，或写明封面上的项目名称和申报单位"), where="title"))
    today = clock.local(act.now).date()
    if arrived_on > today:
        problems.append(Problem(_("寄达日期不能晚于今天"), where="arrived_on", expected=f"≤ {today}"))
    if not 1 <= copies <= MOST_COPIES:
        problems.append(
            Problem(_("份数须为 1 至 %d") % MOST_COPIES, where="copies", expected=f"1–{MOST_COPIES}")
        )
    if problems:
        raise Invalid(problems)
    last = PaperArrival.objects.filter(call=call).aggregate(last=Max("number"))["last"] or 0
    one = PaperArrival.objects.create(
        call=call,
        submission=submission,
        delivery_id=delivery_id,
        number=last + 1,
        arrived_on=arrived_on,
        copies=copies,
        registered_at=act.now,
        registered_by=act.by,
        **values,
    )
    act.note(
        number=one.number,
        delivery=delivery_id,
        submission=str(submission.pk) if submission else "",
        arrived_on=arrived_on.isoformat(),
        copies=copies,
    )
    return one


@action(
    "arrival.compare",
    title=gettext_lazy("核对纸质与电子件"),
    on=PaperArrival,
    may=rules.handles_arrival,
    stages=(Stage.REGISTERED, Stage.DIFFERS),
    to=(Stage.SAME, Stage.DIFFERS),
    clauses=("H2", "N7"),
)
def compare(
    one: PaperArrival, act: Act, *, same: bool, note: str = "", submission: Submission | None = None
) -> PaperArrival:
    """逐页核对纸质材料与登记的电子版本是否一致，不一致的写明何处不同。"""
    found = submission or one.submission
    problems = misfits(PaperArrival, note=note.strip())
    if found is None:
        problems.append(Problem(_("还没有指明对应的电子申报"), where="submission"))
    elif found.call_id != one.call_id:
        problems.append(Problem(_("这份电子申报不属于本通知"), where="submission"))
    if not same and not note.strip():
        problems.append(Problem(_("请写明何处不一致"), where="note"))
    if problems or found is None:
        raise Invalid(problems)
    one.submission, one.note = found, note.strip() or one.note
    one.checked_at, one.checked_by = act.now, act.by
    act.move(one, Stage.SAME if same else Stage.DIFFERS)
    one.save(update_fields=["submission", "note", "checked_at", "checked_by", "stage"])
    act.note(sealed_sha256=found.snapshot_sha256, same=same)
    return one


@action(
    "arrival.void",
    title=gettext_lazy("作废纸质收件登记"),
    on=PaperArrival,
    may=rules.handles_arrival,
    stages=(Stage.REGISTERED, Stage.SAME, Stage.DIFFERS),
    to=(Stage.VOID,),
)
def void(one: PaperArrival, act: Act, *, reason: str) -> PaperArrival:
    """登错的写明原因作废；登记号保留，不再使用。"""
    problems = misfits(PaperArrival, note=reason.strip())
    if not reason.strip():
        problems.append(Problem(_("请写明作废的原因"), where="reason"))
    if problems:
        raise Invalid(problems)
    one.note = reason.strip()
    act.move(one, Stage.VOID)
    one.save(update_fields=["note", "stage"])
    act.note(reason_sha256=sha256_hex(one.note.encode()))
    return one
