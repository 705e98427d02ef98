"""提交前自查: what is still missing, with the place to mend it. Runs on every pilot page and inside the verbs."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import checks
from qingyuan.kernel.checks import Finding, Level
from qingyuan.kernel.models import Upload
from qingyuan.papers import richtext
from qingyuan.pilots import doubles, eligibility
from qingyuan.pilots.models import Attachment, Pilot, SignOff

PLAN_ALLOWANCE = 512 * 1024
"""Bytes left for the plan, the data file and the manifest in the running size of a package."""


def package_size(pilot: Pilot) -> int:
    """Bytes of all attachments plus an allowance for what the platform adds."""
    return (
        sum(attachment.upload.size for attachment in pilot.attachments.select_related("upload"))
        + PLAN_ALLOWANCE
    )


def check_object(pilot: Pilot) -> Iterator[Finding]:
    url, clause = reverse("pilots:describe", args=[pilot.pk]), pilot.category.clause
    missing = [
        label
        for label, value in [
            (_("试点对象形态"), pilot.object_form),
            (_("试点对象名称"), pilot.object_name),
            (_("所在地"), pilot.region_code),
            (_("重点行业"), pilot.sectors),
        ]
        if not value
    ]
    if missing:
        yield Finding("error", _("试点对象尚未填写：%s") % "、".join(missing), url, clause, "object")
    form = pilot.form
    if form is not None and form.pollutants and not pilot.pollutants:
        yield Finding("error", _("尚未选择特征污染物"), url, clause, "object")
    if pilot.category.scope.single_sector and len(pilot.sectors) > 1:
        yield Finding(
            "error",
            _("本类别以同一重点行业的企业为对象，只能选一个行业"),
            url,
            pilot.category.scope.clause,
            "object",
        )
    if form is not None and not form.sectors_open and (others := set(pilot.sectors) - set(form.sectors)):
        yield Finding(
            "warning", _("有 %d 个行业不在本类别所列行业内") % len(others), url, form.clause, "object"
        )


def check_eligibility(pilot: Pilot) -> Iterator[Finding]:
    for judged in eligibility.judge_all(pilot):
        url = reverse("pilots:condition", args=[pilot.pk, judged.condition.id])
        if judged.verdict.state == "met":
            continue
        level: Level = "warning" if judged.verdict.state == "ask" else "error"
        for reason in judged.verdict.reasons:
            yield Finding(
                level, f"{judged.condition.title}：{reason}", url, judged.condition.clause, "eligibility"
            )


def check_scope(pilot: Pilot) -> Iterator[Finding]:
    if not pilot.scope.exists():
        yield Finding(
            "error",
            _("试点范围内还没有企业，请添加或导入名单"),
            reverse("pilots:scope", args=[pilot.pk]),
            pilot.category.clause,
            "scope",
        )
    elif doubled := doubles.count_of(pilot):
        yield Finding(
            "warning",
            _("有 %d 家企业同时列入本批次的另一申报，请与对方或受理部门核实") % doubled,
            f"{reverse('pilots:scope', args=[pilot.pk])}?doubled=1",
            pilot.category.scope.clause,
            "scope",
        )


def check_plan(pilot: Pilot) -> Iterator[Finding]:
    texts = {chapter.outline_id: chapter.html for chapter in pilot.chapters.all()}
    for leaf in pilot.notice.leaves():
        if richtext.is_empty(texts.get(leaf.id, "")):
            yield Finding(
                "error",
                _("方案“%(number)s%(title)s”尚未编写") % {"number": leaf.number, "title": leaf.title},
                reverse("pilots:chapter", args=[pilot.pk, leaf.id]),
                pilot.notice.outline.clause,
                "plan",
            )


def check_targets(pilot: Pilot) -> Iterator[Finding]:
    url = reverse("pilots:targets", args=[pilot.pk])
    rows = {target.measure_id: target for target in pilot.targets.all() if target.measure_id}
    for aim in pilot.notice.aims:
        for measure in aim.measures:
            row = rows.get(measure.id)
            if row is None or row.baseline is None or row.target is None:
                yield Finding(
                    "error", _("目标“%s”须填写基准值和目标值") % measure.title, url, aim.clause, "targets"
                )
            elif (measure.better == "lower") == (row.target > row.baseline):
                if row.target == row.baseline:
                    continue
                better = _("降低") if measure.better == "lower" else _("提高")
                yield Finding(
                    "warning",
                    _("目标“%(title)s”应比传统审核%(better)s") % {"title": measure.title, "better": better},
                    url,
                    aim.clause,
                    "targets",
                )


def check_files(pilot: Pilot) -> Iterator[Finding]:
    url = reverse("pilots:attachments", args=[pilot.pk])
    for attachment in pilot.attachments.select_related("upload"):
        if attachment.upload.stage == Upload.Stage.PENDING:
            yield Finding("error", _("附件“%s”正在查毒，请稍候") % attachment.title, url, area="attachments")
        elif attachment.upload.stage == Upload.Stage.REFUSED:
            yield Finding(
                "error", _("附件“%s”未通过查毒，请移除") % attachment.title, url, area="attachments"
            )
    limit = pilot.notice.package.size
    size = package_size(pilot)
    if size > limit.max_bytes:
        yield Finding(
            "error",
            _("材料包约 %(found).1f MB，超过 %(limit)s")
            % {"found": size / 1024 / 1024, "limit": limit.stated},
            url,
            limit.clause,
            "attachments",
        )


def check_seal(pilot: Pilot) -> Iterator[Finding]:
    """Asked only at the submission: the stamped page exists once the plan is signed and printed."""
    url = reverse("pilots:attachments", args=[pilot.pk])
    pages = [attachment.added_at for attachment in pilot.attachments.filter(purpose=Attachment.Purpose.SEAL)]
    signed = pilot.signoffs.filter(step=SignOff.Step.SIGN).order_by("-at").first()
    if not pages:
        yield Finding("error", _("尚未上传盖章页"), url, "H1", "attachments")
    elif signed is not None and max(pages) < signed.at:
        reason = _("盖章页是在本次签发之前上传的，请就本次签发的内容重新盖章上传")
        yield Finding("error", reason, url, "H1", "attachments")


for check in (check_object, check_eligibility, check_scope, check_plan, check_targets, check_files):
    checks.register("pilot", check)
checks.register("pilot.submit", check_seal)
