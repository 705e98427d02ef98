"""The verb on the joint organisation of a pilot: who takes part, with which share, and when they met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.people.models import Organisation
from qingyuan.pilots import joint, returned, rules
from qingyuan.pilots.models import JointMeeting, JointParty, Pilot

MOST = 60


@dataclass(frozen=True)
class PartyRow:
    """A government, as a form states it."""

    name: str
    part: str
    duties: str


@dataclass(frozen=True)
class MeetingRow:
    held_on: date
    topic: str
    outcome: str = ""


def _check_parties(pilot: Pilot, rows: Sequence[PartyRow]) -> list[Problem]:
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        problems += misfits(JointParty, at=str(number), name=row.name, duties=row.duties)
        if not row.name:
            problems.append(Problem(_("第 %d 行没有写单位名称") % number, where=f"{number}.name"))
        elif row.name in seen:
            problems.append(
                Problem(
                    _("第 %(a)d 行与第 %(b)d 行是同一单位") % {"a": number, "b": seen[row.name]},
                    where=f"{number}.name",
                )
            )
        seen.setdefault(row.name, number)
        if row.part not in JointParty.Part.values:
            problems.append(Problem(_("第 %d 行没有选牵头或参与") % number, where=f"{number}.part"))
        if not row.duties.strip():
            problems.append(Problem(_("第 %d 行没有写分工") % number, where=f"{number}.duties"))
    leads = sum(row.part == JointParty.Part.LEAD for row in rows)
    if rows and leads != 1:
        problems.append(
            Problem(
                _("牵头单位须有且只有一个（现有 %d 个）") % leads,
                where="parties",
                clause=pilot.category.clause,
            )
        )
    if rows and pilot.applicant.name not in seen:
        problems.append(
            Problem(
                _("申报与实施主体“%s”须列为牵头或参与单位") % pilot.applicant.name,
                where="parties",
                clause="N4",
            )
        )
    if len(rows) > MOST:
        problems.append(Problem(_("最多 %d 个单位") % MOST, where="parties"))
    return problems


@action(
    "pilot.organise_jointly",
    title=gettext_lazy("填写协同组织"),
    on=Pilot,
    may=rules.can_write,
    stages=(Pilot.Stage.DRAFTING,),
    clauses=("N3c", "N4"),
)
def organise_jointly(
    pilot: Pilot, act: Act, *, parties: Sequence[PartyRow], meetings: Sequence[MeetingRow]
) -> Pilot:
    """填写牵头和参与的政府（单位）及其分工、已召开的联席会议；申报与实施主体仍是一个单位。协议文本在附件中上传。"""
    returned.require(pilot, now=act.now, part="joint")
    if not joint.is_joint(pilot):
        raise Invalid([Problem(_("本类别不是区域、流域协同审核，不填协同组织"), where="parties")])
    parties = [PartyRow(" ".join(row.name.split()), row.part, row.duties.strip()) for row in parties]
    problems = _check_parties(pilot, parties)
    today = clock.local(act.now).date()
    for number, row in enumerate(meetings, start=1):
        problems += misfits(JointMeeting, at=f"meeting-{number}", topic=row.topic, outcome=row.outcome)
        if not row.topic.strip():
            problems.append(Problem(_("第 %d 次会议没有写议题") % number, where=f"meeting-{number}.topic"))
        if row.held_on > today:
            problems.append(
                Problem(
                    _("第 %d 次会议的日期在今天之后，只登记已召开的会议") % number,
                    where=f"meeting-{number}.held_on",
                )
            )
    if len(meetings) > MOST:
        problems.append(Problem(_("最多 %d 次会议") % MOST, where="meetings"))
    if problems:
        raise Invalid(problems)
    known = {body.name: body for body in Organisation.objects.filter(name__in=[row.name for row in parties])}
    pilot.parties.all().delete()
    JointParty.objects.bulk_create(
        JointParty(
            pilot=pilot,
            position=number,
            part=row.part,
            organisation=known.get(row.name),
            name=row.name,
            duties=row.duties,
        )
        for number, row in enumerate(parties, start=1)
    )
    pilot.meetings.all().delete()
    JointMeeting.objects.bulk_create(
        JointMeeting(
            pilot=pilot,
            position=number,
            held_on=row.held_on,
            topic=row.topic.strip(),
            outcome=row.outcome.strip(),
        )
        for number, row in enumerate(meetings, start=1)
    )
    act.items(
        [[row.name, row.part, row.duties] for row in parties]
        + [[row.held_on.isoformat(), row.topic, row.outcome] for row in meetings]
    )
    return pilot
