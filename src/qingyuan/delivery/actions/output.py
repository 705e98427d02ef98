"""Results of a pilot: planned, handed in edition by edition, accepted or sent back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import outputs as catalogue
from qingyuan.delivery import promised
from qingyuan.delivery.baseline import Content
from qingyuan.delivery.mails import output as mails
from qingyuan.delivery.models import Output, OutputFile, OutputVersion, Project
from qingyuan.delivery.rules import output as rules
from qingyuan.delivery.rules.project import handles_project
from qingyuan.kernel.actions import Act, Invalid, Problem, WrongStage, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.papers.canonical import canonical_bytes, sha256_hex

MOST_OUTPUTS = 200
MOST_FILES = 10
OVER = frozenset({"stopped", "failed", "archived"})
"""Stages of a project in which nothing is handed over any more."""
FEEDS = ("expected", "returned", "accepted")
"""Stages in which a further version may be put in; while one is being judged, it waits."""


@action(
    "project.add_output",
    title=gettext_lazy("增补产出成果"),
    on=Project,
    may=handles_project,
    stages=("running", "evaluating", "rectifying"),
    creates=Output,
    creates_in=("expected",),
    clauses=("N10",),
    idempotent=True,
)
def add_output(
    project: Project,
    act: Act,
    *,
    kind: str,
    title: str,
    reason: str,
    benefit: str = "",
    milestone: str = "",
    targets: Collection[str] = (),
) -> Output:
    """在获批方案承诺的成果之外增补一项，并写明理由；承诺的成果改名或不再产出，须申请变更。"""
    content = project.baseline.content
    title, reason, benefit = title.strip(), reason.strip(), benefit.strip()
    problems = misfits(Output, title=title, benefit=benefit, added_reason=reason)
    problems += _arranged(content, kind=kind, milestone=milestone, targets=targets)
    if not title:
        problems.append(Problem(_("请填写成果名称"), where="title"))
    if not reason:
        problems.append(Problem(_("请写明增补的理由"), where="reason"))
    if project.outputs.exclude(stage=Output.Stage.DROPPED).filter(title=title).exists():
        problems.append(Problem(_("已有同名的成果"), where="title"))
    if project.outputs.count() >= MOST_OUTPUTS:
        problems.append(Problem(_("最多 %d 项成果") % MOST_OUTPUTS, where="title"))
    if problems:
        raise Invalid(problems)
    number = project.outputs.exclude(added_reason="").count() + 1
    made = Output.objects.create(
        project=project,
        key=f"x{number}",
        position=(project.outputs.aggregate(last=Max("position"))["last"] or 0) + 1,
        kind=kind,
        title=title,
        benefit=benefit,
        targets=sorted(set(targets)),
        milestone=milestone,
        due_on=promised.due_on(content, milestone),
        added_reason=reason,
    )
    act.note(key=made.key, kind=kind)
    return made


@action(
    "output.arrange",
    title=gettext_lazy("安排产出成果"),
    on=Output,
    may=rules.handles_output,
    stages=("expected", "handed_in", "returned", "accepted"),
    clauses=("N10",),
)
def arrange(
    output: Output, act: Act, *, kind: str, milestone: str = "", targets: Collection[str] = ()
) -> Output:
    """写明成果的类别、服务的目标和应交的节点；应交日期随现行基线的节点变动，没有节点的以实施期限为准。"""
    _under_way(output)
    content = output.project.baseline.content
    if problems := _arranged(content, kind=kind, milestone=milestone, targets=targets):
        raise Invalid(problems)
    output.kind, output.milestone, output.targets = kind, milestone, sorted(set(targets))
    output.due_on = promised.due_on(content, milestone)
    output.save(update_fields=["kind", "milestone", "targets", "due_on"])
    act.note(kind=kind, milestone=milestone, targets=output.targets, due_on=output.due_on.isoformat())
    return output


@action(
    "output.add_version",
    title=gettext_lazy("上传成果版本"),
    on=Output,
    may=rules.handles_output,
    stages=FEEDS,
    creates=OutputVersion,
    clauses=("N10",),
    idempotent=True,
)
def add_version(
    output: Output, act: Act, *, title: str, uploads: Sequence[Upload], note: str = ""
) -> OutputVersion:
    """存入成果的新版本和文件；提交之前只有本单位和授权人员可见，已存的版本不再改动。"""
    _under_way(output)
    title, note = title.strip(), note.strip()
    problems = misfits(OutputVersion, title=title, note=note)
    if not title:
        problems.append(Problem(_("请填写版本名称"), where="title"))
    if not 1 <= len(uploads) <= MOST_FILES:
        problems.append(Problem(_("请附 1 至 %d 份文件") % MOST_FILES, where="uploads"))
    if len({upload.sha256 for upload in uploads}) != len(uploads):
        problems.append(Problem(_("有内容完全相同的文件"), where="uploads", mend=_("每份文件只附一次")))
    content = [title, note, [[upload.name, upload.sha256] for upload in uploads]]
    sha256 = sha256_hex(canonical_bytes(content))
    last = output.versions.first()
    if last is not None and last.content_sha256 == sha256:
        problems.append(Problem(_("与第 %d 版完全相同") % last.number, where="uploads"))
    if problems:
        raise Invalid(problems)
    made = OutputVersion.objects.create(
        output=output,
        number=1 if last is None else last.number + 1,
        title=title,
        note=note,
        content_sha256=sha256,
        made_at=act.now,
        made_by=act.by,
    )
    OutputFile.objects.bulk_create(
        OutputFile(version=made, position=place, upload=upload)
        for place, upload in enumerate(uploads, start=1)
    )
    act.note(number=made.number, content_sha256=sha256, files=[upload.sha256 for upload in uploads])
    return made


@action(
    "output.hand_in",
    title=gettext_lazy("提交产出成果"),
    on=Output,
    may=rules.handles_output,
    stages=FEEDS,
    to=("handed_in",),
    clauses=("N10",),
    mails=mails.handed_in,
)
def hand_in(output: Output, act: Act) -> Output:
    """把最新一版提交给受理申报的主办单位；认可之前不能再上传新版本。"""
    _under_way(output)
    version = output.versions.first()
    problems = []
    if version is None:
        problems.append(Problem(_("还没有上传版本"), where="output", mend=_("先上传成果版本")))
    elif version.handed_in_at is not None:
        problems.append(
            Problem(_("第 %d 版已经提交过") % version.number, where="output", mend=_("上传新的版本后再提交"))
        )
    elif not all(file.upload.is_readable for file in version.files.select_related("upload")):
        problems.append(Problem(_("有文件还没有通过查验，请稍后再提交"), where="output"))
    if problems:
        raise Invalid(problems)
    assert version is not None
    version.handed_in_at, version.handed_in_by = act.now, act.by
    version.save(update_fields=["handed_in_at", "handed_in_by"])
    # The public mark was given to the version accepted before.
    output.may_be_published = False
    act.move(output, Output.Stage.HANDED_IN)
    output.save(update_fields=["may_be_published", "stage"])
    act.note(number=version.number, content_sha256=version.content_sha256)
    return output


@action(
    "output.accept",
    title=gettext_lazy("认可产出成果"),
    on=Output,
    may=rules.judges_output,
    stages=("handed_in",),
    to=("accepted",),
    clauses=("N10",),
    mails=mails.judged,
)
def accept(output: Output, act: Act, *, opinion: str = "") -> Output:
    """认可提交的一版；之后仍可提交更新的版本，已认可的照原样留存。"""
    _judge(output, act, OutputVersion.Verdict.ACCEPTED, opinion)
    act.move(output, Output.Stage.ACCEPTED)
    return output


@action(
    "output.send_back",
    title=gettext_lazy("退回产出成果"),
    on=Output,
    may=rules.judges_output,
    stages=("handed_in",),
    to=("returned",),
    mails=mails.judged,
)
def send_back(output: Output, act: Act, *, opinion: str) -> Output:
    """退回提交的一版并写明理由；完善后以新的版本再次提交。"""
    if not opinion.strip():
        raise Invalid([Problem(_("请写明退回的理由"), where="opinion")])
    _judge(output, act, OutputVersion.Verdict.RETURNED, opinion)
    act.move(output, Output.Stage.RETURNED)
    return output


@action(
    "output.mark",
    title=gettext_lazy("标记可否公开"),
    on=Output,
    may=rules.handles_output,
    stages=("accepted",),
    clauses=("N12",),
)
def mark(output: Output, act: Act, *, public: bool) -> Output:
    """标明已认可的成果可否向社会公开；可公开的供案例库引用，提交新版本后须重新标记。"""
    output.may_be_published, output.marked_at, output.marked_by = public, act.now, act.by
    output.save(update_fields=["may_be_published", "marked_at", "marked_by"])
    act.note(public=public)
    return output


@action(
    "output.drop",
    title=gettext_lazy("撤下增补的成果"),
    on=Output,
    may=rules.handles_output,
    stages=("expected", "returned"),
    to=("dropped",),
)
def drop(output: Output, act: Act, *, reason: str) -> Output:
    """撤下自行增补的一项并写明理由；获批方案承诺的成果不再产出，须申请变更。"""
    _under_way(output)
    reason = reason.strip()
    problems = misfits(Output, dropped_reason=reason)
    if not reason:
        problems.append(Problem(_("请写明撤下的理由"), where="reason"))
    if output.is_promised:
        problems.append(
            Problem(_("这是获批方案承诺的成果"), where="output", mend=_("在“变更”中申请变更产出成果"))
        )
    if problems:
        raise Invalid(problems)
    output.dropped_reason = reason
    act.move(output, Output.Stage.DROPPED)
    output.save(update_fields=["dropped_reason", "stage"])
    return output


# --- what the baseline says


def take_promised(project: Project, content: Content) -> None:
    """The rows of what a first baseline promises."""
    Output.objects.bulk_create(
        Output(
            project=project,
            key=one.key,
            position=place,
            kind=catalogue.guess(one.title),
            title=one.title,
            benefit=one.benefit,
            targets=list(one.targets),
            milestone=one.milestone,
            due_on=one.due_on,
        )
        for place, one in enumerate(promised.promises(content), start=1)
    )


def follow_baseline(project: Project, content: Content, act: Act) -> None:
    """After an approved change: other days, other titles, results given up or taken up again.

    A result that is no longer what was accepted must be handed in again; what was accepted stays in its versions.
    """
    lines = {one.key: one for one in promised.promises(content)}
    rows = list(project.outputs.select_for_update().order_by("pk"))
    for row in rows:
        row.due_on = promised.due_on(content, row.milestone)
        line = lines.get(row.key)
        if line is None:
            continue
        if line.is_given_up:
            if row.stage != Output.Stage.DROPPED:
                row.dropped_reason, row.may_be_published = line.title, False
                act.move(row, Output.Stage.DROPPED)
        elif row.title != line.title or row.stage == Output.Stage.DROPPED:
            row.title, row.may_be_published = line.title, False
            if row.stage in (Output.Stage.ACCEPTED, Output.Stage.DROPPED):
                act.move(row, Output.Stage.EXPECTED)
    Output.objects.bulk_update(rows, ["due_on", "title", "dropped_reason", "may_be_published"])


# --- shared


def _under_way(output: Output) -> None:
    if output.project.stage in OVER:
        raise WrongStage(_("试点%s，不再提交产出成果") % output.project.get_stage_display())


def _arranged(content: Content, *, kind: str, milestone: str, targets: Collection[str]) -> list[Problem]:
    problems = []
    if kind not in catalogue.kinds():
        problems.append(Problem(_("没有这个类别"), where="kind", expected="、".join(catalogue.kinds())))
    known = [line["key"] for line in content["milestones"]]
    if milestone and milestone not in known:
        problems.append(Problem(_("现行基线没有这个节点"), where="milestone", expected="、".join(known)))
    there = [line["key"] for line in content["targets"]]
    if strange := sorted(set(targets) - set(there)):
        problems.append(
            Problem(
                _("现行基线没有这些目标：%s") % "、".join(strange), where="targets", expected="、".join(there)
            )
        )
    return problems


def _judge(output: Output, act: Act, verdict: str, opinion: str) -> None:
    if output.project.stage == Project.Stage.ARCHIVED:
        raise WrongStage(_("试点已归档，不再审阅产出成果"))
    opinion = opinion.strip()
    if problems := misfits(OutputVersion, opinion=opinion):
        raise Invalid(problems)
    version = output.versions.filter(handed_in_at__isnull=False)[0]
    version.verdict, version.opinion = verdict, opinion
    version.judged_at, version.judged_by = act.now, act.by
    version.save(update_fields=["verdict", "opinion", "judged_at", "judged_by"])
    act.note(number=version.number, content_sha256=version.content_sha256)
