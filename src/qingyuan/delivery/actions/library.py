"""Cases of the library: written, handed in, sent back, published, taken down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery import facts, library
from qingyuan.delivery.mails import library as mails
from qingyuan.delivery.models import Practice, PracticeTag, Project
from qingyuan.delivery.rules import library as rules
from qingyuan.delivery.rules import project as projects
from qingyuan.kernel.actions import Act, Invalid, Problem, Stale, action
from qingyuan.kernel.fields import misfits

TELLING = tuple(stage for stage in Project.Stage.values if stage not in {"stopped", "failed"})
"""From a pilot in these stages a case can be written; one that was stopped or failed has nothing to show."""


def _write(practice: Practice, act: Act, values: Mapping[str, Any]) -> None:
    """The fields as given; raises Invalid with everything that stands against them."""
    texts = {name: str(values[name]).strip() for name in (*library.TEXTS, "title", "office", "phone")}
    lists = {name: list(dict.fromkeys(values[name])) for name in library.LISTS}
    chosen = list(dict.fromkeys(values["quoted"]))
    secrets = {name: reason.strip() for name, reason in values["secrets"].items()}
    problems = misfits(Practice, **texts)
    if not texts["title"]:
        problems.append(Problem(_("请填写案例名称"), where="title"))
    problems += library.problems_of_fields(
        lists=lists,
        chosen=chosen,
        secrets=secrets,
        phone=texts["phone"],
        known=facts.of(practice.project),
    )
    if problems:
        raise Invalid(problems)
    for name, value in {**texts, **lists}.items():
        setattr(practice, name, value)
    practice.facts, practice.secrets = chosen, secrets
    practice.written_by, practice.written_at = act.by, act.now
    practice.category_id, practice.region_code = practice.project.category_id, practice.project.region_code
    act.note(fields=sorted(name for name, value in texts.items() if value), secrets=sorted(secrets))


@action(
    "practice.write",
    title=gettext_lazy("编写典型案例"),
    on=Project,
    may=projects.handles_project,
    stages=TELLING,
    creates=Practice,
    creates_in=("draft",),
    clauses=("N2", "N12"),
    idempotent=True,
)
def write(
    project: Project,
    act: Act,
    *,
    title: str,
    sectors: Sequence[str] = (),
    pollutants: Sequence[str] = (),
    measures: Sequence[str] = (),
    background: str = "",
    done: str = "",
    replicability: str = "",
    conditions: str = "",
    quoted: Sequence[str] = (),
    secrets: Mapping[str, str] | None = None,
    office: str = "",
    phone: str = "",
) -> Practice:
    """由试点实施单位从试点写出一个典型案例；成效数据从台账引用，商业秘密逐项标明并写理由。"""
    practice = Practice(project=project)
    _write(
        practice,
        act,
        {
            "title": title, "sectors": sectors, "pollutants": pollutants, "measures": measures,
            "background": background, "done": done, "replicability": replicability,
            "conditions": conditions, "quoted": quoted, "secrets": secrets or {}, "office": office,
            "phone": phone,
        },
    )  # fmt: skip
    practice.save(force_insert=True)
    return practice


@action(
    "practice.revise",
    title=gettext_lazy("修改典型案例"),
    on=Practice,
    may=rules.writes_practice,
    stages=("draft",),
)
def revise(
    practice: Practice,
    act: Act,
    *,
    title: str,
    sectors: Sequence[str] = (),
    pollutants: Sequence[str] = (),
    measures: Sequence[str] = (),
    background: str = "",
    done: str = "",
    replicability: str = "",
    conditions: str = "",
    quoted: Sequence[str] = (),
    secrets: Mapping[str, str] | None = None,
    office: str = "",
    phone: str = "",
) -> Practice:
    """修改尚未提交的典型案例。"""
    _write(
        practice,
        act,
        {
            "title": title, "sectors": sectors, "pollutants": pollutants, "measures": measures,
            "background": background, "done": done, "replicability": replicability,
            "conditions": conditions, "quoted": quoted, "secrets": secrets or {}, "office": office,
            "phone": phone,
        },
    )  # fmt: skip
    practice.save()
    return practice


@action(
    "practice.hand_in",
    title=gettext_lazy("提交典型案例"),
    on=Practice,
    may=rules.writes_practice,
    stages=("draft",),
    to=("handed_in",),
    clauses=("N12",),
    mails=mails.handed_in,
)
def hand_in(practice: Practice, act: Act) -> Practice:
    """封存将要公开的内容（商业秘密不在其中），交受理申报的主办单位核对发布。"""
    content = library.content_of(practice)
    if problems := library.before_hand_in(content):
        raise Invalid(problems)
    practice.content, practice.content_sha256 = content, library.content_hash(content)
    practice.handed_in_at, practice.returned_remark = act.now, ""
    practice.save(update_fields=["content", "content_sha256", "handed_in_at", "returned_remark"])
    act.move(practice, Practice.Stage.HANDED_IN)
    act.note(content_sha256=practice.content_sha256)
    return practice


@action(
    "practice.return",
    title=gettext_lazy("退回修改案例"),
    on=Practice,
    may=rules.reads_over_practice,
    stages=("handed_in",),
    to=("draft",),
    mails=mails.returned,
)
def send_back(practice: Practice, act: Act, *, remark: str) -> Practice:
    """写明意见，退回试点实施单位修改。"""
    problems = misfits(Practice, returned_remark=remark.strip())
    if not remark.strip():
        problems.append(Problem(_("请写明退回的意见"), where="remark"))
    if problems:
        raise Invalid(problems)
    practice.content, practice.content_sha256 = {}, ""
    practice.returned_remark = remark.strip()
    act.move(practice, Practice.Stage.DRAFT)
    practice.save(update_fields=["stage", "content", "content_sha256", "returned_remark"])
    return practice


@action(
    "practice.publish",
    title=gettext_lazy("发布典型案例"),
    on=Practice,
    may=rules.publishes_practice,
    stages=("handed_in",),
    to=("published",),
    clauses=("N2", "N12", "X1"),
    idempotent=True,
    mails=mails.published,
)
def publish(practice: Practice, act: Act, *, content_sha256: str) -> Practice:
    """把封存的内容公开发布到案例库；公开的就是预览所见，一字不多。"""
    if content_sha256 != practice.content_sha256:
        raise Stale(_("您阅看之后内容又有修改，请重新核对现在的内容"))
    if library.content_hash(practice.content) != practice.content_sha256:
        raise Stale(_("封存的内容与其指纹不符，不能发布"))
    practice.search_text = library.search_text(practice.content)
    practice.published_at = act.now
    practice.save(update_fields=["search_text", "published_at"])
    PracticeTag.objects.bulk_create(
        PracticeTag(practice=practice, kind=kind, value=value)
        for kind, value in library.tags(practice.content)
    )
    act.move(practice, Practice.Stage.PUBLISHED)
    act.note(content_sha256=practice.content_sha256)
    return practice


@action(
    "practice.withdraw",
    title=gettext_lazy("撤下典型案例"),
    on=Practice,
    may=rules.publishes_practice,
    stages=("published",),
    to=("withdrawn",),
    mails=mails.withdrawn,
)
def withdraw(practice: Practice, act: Act, *, reason: str) -> Practice:
    """写明理由，从公开的案例库撤下；内部留存。"""
    problems = misfits(Practice, withdrawn_reason=reason.strip())
    if not reason.strip():
        problems.append(Problem(_("请写明撤下的理由"), where="reason"))
    if problems:
        raise Invalid(problems)
    practice.withdrawn_at, practice.withdrawn_reason, practice.search_text = act.now, reason.strip(), ""
    practice.save(update_fields=["withdrawn_at", "withdrawn_reason", "search_text"])
    practice.tags.all().delete()
    act.move(practice, Practice.Stage.WITHDRAWN)
    return practice
