"""真实性审查: the province examines the truth of the materials and signs for it (N14)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate
from qingyuan.review.models.round import Case

CHECKS: dict[str, str | Promise] = {
    "certificates": _("有关单位出具的证明（是否答复、与申报是否一致）"),
    "violations": _("生态环境违法和行政处罚记录"),
    "statistics": _("环境统计、排污许可执行报告数据"),
    "registry": _("清洁生产企业基础信息库（企业名单、历次审核）"),
    "funding": _("资金来源及承诺文件"),
    "object": _("试点对象的边界、批复和管理机构"),
}
"""What the materials are held against."""


class Truthfulness(Aggregate):
    """One examination of one sealed version: who compared what with what result, and who signed for it."""

    class Stage(models.TextChoices):
        EXAMINED = "examined", _("待签发")
        SIGNED = "signed", _("已签发")
        RETURNED = "returned", _("退回重审")

    class Result(models.TextChoices):
        TRUE = "true", _("属实")
        PARTLY = "partly", _("部分内容待说明，不影响申报")
        UNTRUE = "untrue", _("不属实")

    class Word(models.TextChoices):
        AGREES = "agrees", _("一致")
        DIFFERS = "differs", _("不一致")
        NOT_COMPARED = "not_compared", _("不适用或无从比对")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.EXAMINED)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="truthfulness")
    sealed_sha256 = models.CharField(max_length=64, blank=True)
    """The hash of the sealed version that was examined; empty for an imported case."""
    checks = models.JSONField(default=dict)
    """Key of `CHECKS` -> {word, note}."""
    result = models.CharField(max_length=10, choices=Result.choices)
    note = models.CharField(max_length=2000, blank=True)
    examined_at = models.DateTimeField()
    examined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    remark = models.CharField(max_length=1000, blank=True)
    """Why the signer returned it."""

    class Meta:
        ordering = ["case_id", "-examined_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "sealed_sha256"],
                condition=models.Q(stage__in=["examined", "signed"]),
                name="one_standing_examination_of_a_version",
            ),
            models.CheckConstraint(
                condition=models.Q(stage="signed", signed_at__isnull=False, signed_by__isnull=False)
                | (~models.Q(stage="signed") & models.Q(signed_at__isnull=True)),
                name="signed_examination_has_its_signer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_stage_display()}"

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """Title, word, note of every comparison, for page and paper."""
        words = dict(self.Word.choices)
        return [
            (str(title), str(words.get(said.get("word", ""), "—")), said.get("note", ""))
            for key, title in CHECKS.items()
            for said in [self.checks.get(key, {})]
        ]
