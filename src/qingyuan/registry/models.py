"""Enterprises by their 统一社会信用代码, the audits on record, the names they had, and the lists that told of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate
from qingyuan.people.models import Organisation


class Enterprise(Aggregate):
    """An enterprise, known by its credit code (GB 32100, checked)."""

    class Stage(models.TextChoices):
        ACTIVE = "active", _("在册")
        CLOSED = "closed", _("已关停")
        MERGED = "merged", _("已并入")

    class Permit(models.TextChoices):
        """Classes of the pollution permit (固定污染源排污许可分类管理名录)."""

        KEY = "key", _("重点管理")
        SIMPLIFIED = "simplified", _("简化管理")
        REGISTERED = "registered", _("登记管理")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ACTIVE)
    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, unique=True)
    sector_code = models.CharField(max_length=8, blank=True)
    """GB/T 4754-2017, as far as stated."""
    province = models.CharField(max_length=2, blank=True)
    """First two digits of the region whose department keeps it; before a list says so, of where it was registered."""
    region_code = models.CharField(max_length=6, blank=True)
    """GB/T 2260, as the list says."""
    address = models.CharField(max_length=200, blank=True)
    permit = models.CharField(max_length=10, choices=Permit.choices, blank=True)
    permit_number = models.CharField(max_length=40, blank=True)
    listed_on = models.DateField(null=True)
    """When the list of mandatory audits that names it was published, the latest one."""
    disclosed_on = models.DateField(null=True)
    """When it published what the list asks of it."""
    started_on = models.DateField(null=True)
    """When the audit of that list began."""
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_from")
    closed_on = models.DateField(null=True)
    closed_reason = models.CharField(max_length=500, blank=True)
    last_list = models.ForeignKey(
        "ListImport", null=True, on_delete=models.PROTECT, related_name="enterprises"
    )
    """The list that last said something new of it; empty: only pilots named it."""
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["credit_code"]
        indexes = [
            models.Index(fields=["province", "credit_code"], name="enterprise_of_a_province"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage="merged") ^ models.Q(merged_into__isnull=True),
                name="merged_enterprise_says_into_which",
            ),
            models.CheckConstraint(
                condition=models.Q(stage="closed") ^ models.Q(closed_on__isnull=True),
                name="closed_enterprise_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("registry:enterprise", args=[self.pk])


class AuditRecord(Aggregate):
    """审核记录: one audit that an enterprise has completed, or that counts as completed."""

    class Stage(models.TextChoices):
        VALID = "valid", _("有效")
        REVOKED = "revoked", _("已撤销")

    class Kind(models.TextChoices):
        MANDATORY = "mandatory", _("强制性审核")
        VOLUNTARY = "voluntary", _("自愿性审核")
        CREDIT = "credit", _("试点视同")

    class Level(models.TextChoices):
        """Level of cleaner production that the audit reached."""

        FIRST = "I", _("Ⅰ级（国际领先）")
        SECOND = "II", _("Ⅱ级（国内先进）")
        THIRD = "III", _("Ⅲ级（国内一般）")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.VALID)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="audits")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    completed_on = models.DateField()
    """When it passed its acceptance."""
    level = models.CharField(max_length=3, choices=Level.choices, blank=True)
    source = models.CharField(max_length=200)
    """The paper that says so."""
    reference = models.CharField(max_length=80, blank=True, default="")
    """What a credit comes of, e.g. `project:<uuid>`; the database holds one enterprise to one record of it and turn."""
    turn = models.PositiveSmallIntegerField(default=1)
    """1 for the credit itself; a credit given again after it was revoked is the next turn, with its reason in `note`."""
    note = models.CharField(max_length=500, blank=True, default="")
    """Why it stands here and not elsewhere: a merged enterprise, a credit given again."""
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-completed_on", "-made_at"]
        indexes = [models.Index(fields=["reference"], name="record_by_reference")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind", "completed_on"],
                condition=models.Q(stage="valid", reference=""),
                name="one_valid_record_of_an_audit",
            ),
            # A revoked credit stays in the way of the same turn: repetition never brings it back.
            models.UniqueConstraint(
                fields=["enterprise", "reference", "turn"],
                condition=~models.Q(reference=""),
                name="one_credit_of_a_turn",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "reference"],
                condition=models.Q(stage="valid") & ~models.Q(reference=""),
                name="one_valid_credit_of_a_reference",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="credit") ^ models.Q(reference=""), name="credit_says_of_what"
            ),
            models.CheckConstraint(
                condition=(models.Q(stage="revoked", revoked_at__isnull=False) & ~models.Q(revoked_reason=""))
                | models.Q(stage="valid", revoked_at__isnull=True, revoked_reason=""),
                name="revoked_record_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.completed_on} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return self.enterprise.get_absolute_url()


class Certificate(models.Model):
    """视同审核证书: what anybody can check by its code. Written with its record, never changed; the record says whether it holds."""

    record = models.OneToOneField(AuditRecord, on_delete=models.PROTECT, related_name="certificate")
    code = models.CharField(max_length=16, unique=True)
    """Unguessable, the last character checks the others (`registry.codes`)."""
    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    issuer_name = models.CharField(max_length=120)
    holder_name = models.CharField(max_length=120)
    """The enterprise as it was called on the day of issue."""
    holder_code = models.CharField(max_length=18)
    pilot = models.CharField(max_length=120)
    list_title = models.CharField(max_length=120)
    document_number = models.CharField(max_length=60)
    listed_on = models.DateField()
    next_due = models.DateField()
    """The last day for the next audit, counted from this one."""
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["-issued_at", "code"]

    def __str__(self) -> str:
        return self.code


class Listing(models.Model):
    """An enterprise on a list of mandatory audits. `Enterprise.listed_on` is the latest; the earlier ones stay here."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="listings")
    listed_on = models.DateField()
    source = models.ForeignKey("ListImport", null=True, on_delete=models.PROTECT, related_name="listings")

    class Meta:
        ordering = ["-listed_on"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "listed_on"], name="one_listing_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.listed_on}"


class FormerName(models.Model):
    """曾用名: under which name it stood until a day."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=120)
    until = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-until", "-pk"]

    def __str__(self) -> str:
        return self.name


class ListImport(models.Model):
    """A province's list as it was taken in: by whom, when, and what it changed."""

    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="enterprise_lists")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField()
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    renamed = models.PositiveIntegerField(default=0)
    records = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.department} {self.rows}"


class ReserveProject(Aggregate):
    """A retrofit project nominated for 生态环保金融支持项目储备库, with what banks ask of it."""

    class Stage(models.TextChoices):
        NOMINATED = "nominated", _("已推荐")
        ADMITTED = "admitted", _("已入库")
        FINANCED = "financed", _("已获支持")
        WITHDRAWN = "withdrawn", _("已退出")

    class State(models.TextChoices):
        """Of a permit or of the land."""

        NOT_NEEDED = "not_needed", _("不需要")
        PENDING = "pending", _("办理中")
        OBTAINED = "obtained", _("已取得")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.NOMINATED)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="reserve_projects")
    source_scheme = models.UUIDField(null=True)
    """The scheme of a pilot from which it came; its room is above this one."""
    source_title = models.CharField(max_length=160, blank=True)
    """The pilot's name, where it came of one."""
    nominated_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reserve_projects")
    nominated_at = models.DateTimeField()
    title = models.CharField(max_length=120)
    content = models.CharField(max_length=2000, blank=True)
    investment_code = models.CharField(max_length=24, blank=True)
    """投资项目代码: yyyy-xxxxxx-xx-xx-xxxxxx."""
    total_invest_wan_cny = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    own_funds_wan_cny = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    benefit_wan_cny = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    """Yearly, gross of the running cost, before tax."""
    om_wan_cny = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    life_years = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    environmental_benefit = models.CharField(max_length=1000, blank=True)
    eia = models.CharField(max_length=10, choices=State.choices, blank=True)
    land = models.CharField(max_length=10, choices=State.choices, blank=True)
    permit = models.CharField(max_length=10, choices=State.choices, blank=True)
    approvals = models.CharField(max_length=500, blank=True)
    """Numbers of the papers."""
    contact_body = models.CharField(max_length=120, blank=True)
    """联系单位: a body, never a person."""
    admitted_on = models.DateField(null=True)
    financed_on = models.DateField(null=True)
    financed_wan_cny = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    financed_by = models.CharField(max_length=120, blank=True)
    """The bank or fund."""
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-nominated_at", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_scheme"],
                condition=~models.Q(stage="withdrawn") & models.Q(source_scheme__isnull=False),
                name="a_scheme_once_in_the_reserve",
            ),
            models.CheckConstraint(
                condition=models.Q(stage="withdrawn") ^ models.Q(withdrawn_reason=""),
                name="withdrawn_reserve_project_says_why",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="financed")
                | (models.Q(financed_on__isnull=False, financed_wan_cny__gt=0) & ~models.Q(financed_by="")),
                name="financed_reserve_project_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("registry:reserve-project", args=[self.pk])
