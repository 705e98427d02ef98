"""A visit as the plain data that its papers are set from."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qingyuan.kernel import clock
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.receipt_docx import shanghai_time
from qingyuan.papers.visit_docx import Line, Paper, Photo, Stop
from qingyuan.review.models import Visit


def basis_of(visit: Visit) -> str:
    """Why this site: drawn, or chosen for a reason."""
    return _("随机抽查") if visit.draw_id else _("因故调查：%s") % visit.reason


def stop_of(visit: Visit) -> Stop:
    return Stop(
        day=visit.day,
        position=visit.position,
        number=visit.case.label,
        project=visit.case.title,
        applicant=visit.case.applicant_name,
        address=visit.address,
        team="、".join(str(one.user) for one in visit.team.all()),
    )


def _team_signer(visit: Visit) -> str:
    """Experts sign by their codes: the report goes to the applicant."""
    signer = visit.team_signed_by
    if signer is None:
        return ""
    seat = visit.team.filter(user=signer).select_related("expert").first()
    return _("专家 %s") % seat.expert.code if seat and seat.expert else str(signer)


def _applicant_signer(visit: Visit) -> str:
    signer = visit.applicant_signed_by
    if signer is None:
        return ""
    return _("纸质原件，由%s登记") % signer if visit.case.is_imported else str(signer)


@in_record_language()
def paper_of(visit: Visit) -> Paper:
    """Everything that notice and report say (five queries). Experts stand in it by their codes."""
    case = visit.case
    items = list(visit.items.prefetch_related("photos__upload"))
    return Paper(
        organiser=case.round.joint_body.name,
        project=case.title,
        number=case.label,
        applicant=case.applicant_name,
        day=visit.day,
        address=visit.address,
        basis=_("随机抽查") if visit.draw_id else _("因故调查"),
        team=[
            (_("专家 %s") % one.expert.code if one.expert else str(one.user))
            + (_("（组长）") if one.is_lead else "")
            for one in visit.team.select_related("user", "expert")
        ],
        printed_at=clock.now(),
        lines=[
            Line(
                group=item.group,
                claim=item.claim,
                answer=str(item.get_answer_display()) if item.answer else _("未核对"),
                note=item.note,
                photos=len(item.photos.all()),
            )
            for item in items
        ],
        photos=[
            Photo(
                position=item.position,
                name=photo.upload.name,
                taken_at=photo.taken_at,
                place=f"{photo.latitude}, {photo.longitude}" if photo.latitude is not None else "",
                sha256=photo.upload.sha256,
            )
            for item in items
            for photo in item.photos.all()
        ],
        conclusion=visit.conclusion,
        other_matters=visit.other_matters,
        reply=visit.reply,
        signatures=[
            (
                title,
                _("%(who)s，%(at)s") % {"who": by, "at": shanghai_time(at)} if by and at else _("（未签字）"),
            )
            for title, by, at in (
                (_("调查组组长"), _team_signer(visit), visit.team_signed_at),
                (_("申报单位"), _applicant_signer(visit), visit.applicant_signed_at),
            )
        ],
        content_sha256=visit.content_sha256,
    )
