"""The papers of a joint decision, set from its rows: letter per project, list, consent sheet."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from qingyuan.calls.mails import shown
from qingyuan.kernel import clock
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers import official_docx
from qingyuan.review import decisions
from qingyuan.review.models import Decision, DecisionItem
from qingyuan.review.queries import decisions as queries
from qingyuan.review.queries.decisions import result_title


def signatures(decision: Decision) -> list[str]:
    """Host first, then the co-signers."""
    joint_body = decision.round.joint_body
    return [body.name for body in (joint_body.host, *joint_body.cosigners)]


@in_record_language()
def letter(decision: Decision, item: DecisionItem) -> bytes:
    """《…推荐函》 of one project; sender and recipients are those of the notice and its parent."""
    call = decision.round.call
    national = call.parent.notice if call.parent else None
    to = "、".join(body.name for body in national.issuers) if national else ""
    basis = national.title if national else call.title
    case, programme = item.case, (national or call.notice).programme
    paragraphs = [
        f"根据《{basis}》要求，{case.applicant_name}申报了“{case.title}”（{case.category.title}）。",
        f"经评审和会同审查，同意推荐该项目申报{programme}。",
    ]
    return official_docx.write_letter(
        title=result_title(decision),
        to=to,
        paragraphs=paragraphs,
        project=queries.project_of(item),
        signatures=signatures(decision),
        issue=queries.issue_of(decision),
        created_on=_day(decision),
    )


@in_record_language()
def result_list(decision: Decision, items: list[DecisionItem]) -> bytes:
    """The list of the projects that were selected, in the order of the decision."""
    wanted = decisions.positive(decision.round)
    chosen = [queries.project_of(item) for item in items if item.outcome == wanted]
    title = (
        result_title(decision)
        if decision.round.is_state
        else _("%s推荐项目汇总表") % decision.round.notice.programme
    )
    return official_docx.write_list(
        title=title,
        intro=f"依据《{decision.round.call.title}》，经评审和会同决定，" + _sentence(decision),
        projects=chosen,
        signatures=signatures(decision),
        issue=queries.issue_of(decision),
        created_on=_day(decision),
    )


def _sentence(decision: Decision) -> str:
    if decision.round.is_acceptance:
        return f"下列项目通过清洁生产审核创新试点{decision.round.get_sitting_display()}。"
    return "同意下列项目开展试点。" if decision.round.is_state else "统一推荐下列项目。"


@in_record_language()
def consent_sheet(decision: Decision, items: list[DecisionItem]) -> bytes:
    """呈批件（会签稿）."""
    host = decision.round.joint_body.host
    return official_docx.write_consent_sheet(
        title=str(decision),
        note=decision.note,
        projects=[queries.project_of(item) for item in items],
        words=queries.words(decision),
        content_sha256=decision.content_sha256,
        issue=queries.issue_of(decision),
        printed_at=shown(clock.now()),
        author=host.name,
        created_on=_day(decision),
    )


@in_record_language()
def extract(decision: Decision, item: DecisionItem) -> bytes:
    """What the departments decided on one project, with the word of each: names no other project of the round."""
    return official_docx.write_consent_sheet(
        title=_("%s（本项目摘录）") % decision,
        note=_("本表只摘录这一个项目；内容指纹是决定全文的指纹。"),
        projects=[queries.project_of(item)],
        words=queries.words(decision),
        content_sha256=decision.content_sha256,
        issue=queries.issue_of(decision),
        printed_at=shown(clock.now()),
        author=decision.round.joint_body.host.name,
        created_on=_day(decision),
    )


def _day(decision: Decision) -> date:
    return decision.dated_on or clock.local(decision.drafted_at).date()
