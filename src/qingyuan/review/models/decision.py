"""The joint decision (会同决定): what both departments consent to, row by row, and how far they are."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate, Upload
from qingyuan.people.models import Organisation
from qingyuan.review.models.round import Case, Round


class Decision(Aggregate):
    """A decision of host and co-signers on cases of one round. It exists only when all have consented to one hash.

    `form`: cases that did not pass the form check are rejected. `final`: the province recommends, the State approves.
    `acceptance`: pilots pass, must rectify or fail; one decision after the other, as their panels finish.
    """

    class Stage(models.TextChoices):
        DRAFTING = "drafting", _("拟稿")
        COSIGN = "cosign", _("会签中")
        AGREED = "agreed", _("已会签一致")
        DISAGREED = "disagreed", _("意见不一致")
        RELEASED = "released", _("已公布")
        DROPPED = "dropped", _("已撤销")

    class Kind(models.TextChoices):
        FORM = "form", _("形式校核结论")
        FINAL = "final", _("评审结论")
        ACCEPTANCE = "acceptance", _("评估验收结论")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFTING)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    drafted_at = models.DateTimeField()
    over_quota_reason = models.CharField(max_length=500, blank=True)
    """Why more are recommended than the notice says 原则上; asked only then."""
    note = models.TextField(blank=True, max_length=2000)
    """综合说明 of the draft, for the co-signers and the 呈批件."""
    cosign_due_at = models.DateTimeField(null=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    """What is consulted: set when the draft is sent, and anew when a co-signer edits it."""
    document_number = models.CharField(max_length=60, blank=True)
    """发文字号: comes back from the office system, never generated here."""
    signed_by = models.CharField(max_length=40, blank=True)
    """签发人, as the office system says."""
    dated_on = models.DateField(null=True)
    """成文日期."""
    sealed_copy = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    """The scan or OFD with the seals."""
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-drafted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(kind="final") & ~models.Q(stage="dropped"),
                name="one_final_decision_of_a_round",
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(kind="form") & ~models.Q(stage__in=["dropped", "released"]),
                name="one_form_decision_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(kind="acceptance") & ~models.Q(stage__in=["dropped", "released"]),
                name="one_acceptance_decision_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=["drafting", "disagreed", "dropped"])
                | ~models.Q(content_sha256=""),
                name="consulted_decision_has_its_hash",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="released") | models.Q(released_at__isnull=False),
                name="released_decision_has_its_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_title} · {self.round.call.title}"

    @property
    def kind_title(self) -> str:
        """What is decided; of an acceptance in two sittings, at which of them."""
        if self.kind == self.Kind.ACCEPTANCE:
            return str(_("%s结论") % self.round.get_sitting_display())
        return str(self.get_kind_display())

    @property
    def makes_passed_list(self) -> bool:
        """Do its pilots stand on the passed list? Not by the first of two sittings."""
        return self.kind == self.Kind.ACCEPTANCE and not self.round.is_evaluation

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("review:decision", args=[self.pk])


class DecisionItem(models.Model):
    """What is decided on one case, and why."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decision_items")
    outcome = models.CharField(max_length=12, choices=Case.Stage.choices)
    reason = models.CharField(max_length=1000, blank=True)
    position = models.PositiveSmallIntegerField()
    """Place in the list; for recommended projects the order of recommendation."""
    terms = models.JSONField(default=dict)
    """Of an acceptance: `due_on` of a rectification, `exclusions` of a passed pilot (`review.acceptance`)."""

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "case"], name="one_item_of_a_case_in_a_decision"),
            models.CheckConstraint(
                condition=models.Q(
                    outcome__in=[
                        "recommended",
                        "approved",
                        "not_selected",
                        "rejected",
                        "evaluated",
                        "passed",
                        "rectifying",
                        "failed",
                    ]
                ),
                name="item_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["recommended", "approved", "evaluated", "passed"])
                | ~models.Q(reason=""),
                name="refusals_have_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_outcome_display()}"


class DecisionConsent(models.Model):
    """A department's word on exactly the content whose hash it carries: consent, or dissent with its opinion."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="consents")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content_sha256 = models.CharField(max_length=64)
    agrees = models.BooleanField()
    opinion = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "organisation", "content_sha256"], name="one_word_of_a_body_on_a_content"
            ),
            models.CheckConstraint(
                condition=models.Q(agrees=True) | ~models.Q(opinion=""), name="dissent_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {'同意' if self.agrees else '不同意'}"


class CosignCheck(models.Model):
    """What the co-signing department checks on its own for a case: industrial policy, energy review."""

    class Topic(models.TextChoices):
        POLICY = "policy", _("产业政策")
        ENERGY = "energy", _("节能审查")

    class Result(models.TextChoices):
        FITS = "fits", _("符合")
        DOES_NOT = "does_not", _("不符合")
        NOT_APPLICABLE = "not_applicable", _("不涉及")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="cosign_checks")
    topic = models.CharField(max_length=10, choices=Topic.choices)
    result = models.CharField(max_length=16, choices=Result.choices)
    note = models.CharField(max_length=500, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["topic"]
        constraints = [
            models.UniqueConstraint(fields=["case", "topic"], name="one_cosign_check_of_a_topic"),
            models.CheckConstraint(
                condition=~models.Q(result="does_not") | ~models.Q(note=""), name="cosign_objection_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_topic_display()}"
