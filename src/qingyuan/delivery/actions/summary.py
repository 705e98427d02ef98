"""The summary report of a project: begun, handed in, sent back, accepted."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import experience
from qingyuan.delivery import facts, summary_text
from qingyuan.delivery.mails import summary as mails
from qingyuan.delivery.models import Project, Summary, SummaryChapter
from qingyuan.delivery.rules import project as projects
from qingyuan.delivery.rules import summary as rules
from qingyuan.delivery.summary_text import SealedSummary
from qingyuan.kernel.actions import Act, Invalid, Problem, Stale, action
from qingyuan.kernel.fields import misfits
from qingyuan.papers import richtext

SUMMED_UP = tuple(stage for stage in Project.Stage.values if stage not in {"stopped", "archived"})


@action(
    "summary.begin",
    title=gettext_lazy("编写经验总结报告"),
    on=Project,
    may=projects.handles_project,
    stages=SUMMED_UP,
    creates=Summary,
    creates_in=("writing",),
    clauses=("N10", "N12"),
    idempotent=True,
)
def begin(project: Project, act: Act) -> Summary:
    """按大纲（自拟）建立经验总结报告；试点概况和成效先列出从台账引用的数据。"""
    if Summary.objects.filter(project=project).exists():
        raise Invalid([Problem(_("该试点已有经验总结报告"), where="project")])
    summary = Summary.objects.create(project=project, begun_at=act.now)
    texts = summary_text.begin(project, facts.on_record(project))
    SummaryChapter.objects.bulk_create(
        SummaryChapter(
            summary=summary,
            outline_id=heading.id,
            html=texts.get(heading.id, ""),
            words=richtext.word_count(texts.get(heading.id, "")),
            updated_at=act.now,
            updated_by=act.by,
        )
        for heading in experience.outline()
    )
    return summary


@action(
    "summary.hand_in",
    title=gettext_lazy("提交经验总结报告"),
    on=Summary,
    may=rules.writes_summary,
    stages=("writing",),
    to=("handed_in",),
    clauses=("N12",),
    idempotent=True,
    mails=mails.handed_in,
)
def hand_in(summary: Summary, act: Act, *, sealed: SealedSummary) -> Summary:
    """封存全部章节、所引数据和 Word 文件，交受理申报的主办单位；此后台账再变，报告不变。"""
    if problems := summary_text.before_hand_in(summary_text.leaves(summary), summary.project):
        raise Invalid(problems)
    if summary_text.content_hash(summary_text.content_of(summary)) != sealed.content_sha256:
        raise Stale(_("封存之后内容又有修改，请重新提交"))
    summary.content, summary.content_sha256 = sealed.content, sealed.content_sha256
    summary.document_sha256 = sealed.document_sha256
    summary.handed_in_at, summary.returned_remark = act.now, ""
    act.move(summary, Summary.Stage.HANDED_IN)
    summary.save(
        update_fields=[
            "stage", "content", "content_sha256", "document_sha256", "handed_in_at", "returned_remark",
        ]
    )  # fmt: skip
    act.note(content_sha256=sealed.content_sha256, document_sha256=sealed.document_sha256)
    return summary


@action(
    "summary.return",
    title=gettext_lazy("退回修改报告"),
    on=Summary,
    may=rules.takes_summary,
    stages=("handed_in",),
    to=("writing",),
    mails=mails.returned,
)
def send_back(summary: Summary, act: Act, *, remark: str) -> Summary:
    """写明意见，退回试点实施单位修改。"""
    problems = misfits(Summary, returned_remark=remark.strip())
    if not remark.strip():
        problems.append(Problem(_("请写明退回的意见"), where="remark"))
    if problems:
        raise Invalid(problems)
    summary.returned_remark = remark.strip()
    summary.content, summary.content_sha256, summary.document_sha256 = {}, "", ""
    act.move(summary, Summary.Stage.WRITING)
    summary.save(update_fields=["stage", "returned_remark", "content", "content_sha256", "document_sha256"])
    return summary


@action(
    "summary.accept",
    title=gettext_lazy("接收经验总结报告"),
    on=Summary,
    may=rules.takes_summary,
    stages=("handed_in",),
    to=("accepted",),
    clauses=("N12",),
    mails=mails.accepted,
)
def accept(summary: Summary, act: Act, *, content_sha256: str, opinion: str = "") -> Summary:
    """接收所审阅的这一份报告；其后不再修改。"""
    if content_sha256 != summary.content_sha256:
        raise Stale(_("您阅看之后报告又重新提交，请核对现在的内容"))
    if problems := misfits(Summary, opinion=opinion.strip()):
        raise Invalid(problems)
    summary.accepted_at, summary.opinion = act.now, opinion.strip()
    summary.save(update_fields=["accepted_at", "opinion"])
    act.move(summary, Summary.Stage.ACCEPTED)
    act.note(content_sha256=summary.content_sha256)
    return summary
