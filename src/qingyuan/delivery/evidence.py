"""What the audits, the account, the reports and the credits give to those who quote: facts, progress reports, the acceptance filing."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from qingyuan.audits.figures import plain
from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.audits.models.scheme import Scheme
from qingyuan.catalogue import innovation
from qingyuan.delivery import account_words, audited, facts, handing_in, progress_parts
from qingyuan.delivery.calendar import Period
from qingyuan.delivery.credits import reference_of
from qingyuan.delivery.facts import Fact
from qingyuan.delivery.handing_in import Part
from qingyuan.delivery.models import ConclusionExclusion, ProgressReport, Project
from qingyuan.delivery.queries import account as accounts
from qingyuan.kernel import clock
from qingyuan.registry.models import AuditRecord

LOW, HIGH = Scheme.Kind.LOW, Scheme.Kind.HIGH
EVALUATE, ACCEPT = AuditReview.Kind.EVALUATE, AuditReview.Kind.ACCEPT


def facts_of_audits(project: Project) -> Iterator[Fact]:
    """Schemes, evaluations and the reserve of the final scope (six queries)."""
    found = audited.of(project)
    day = facts.today()
    pages = {name: reverse(f"audits:{name}", args=[project.pilot_id]) for name in ("schemes", "reviews")}
    group, source = _("清洁生产方案"), _("范围内企业的方案台账，%s") % day
    for kind, slug, title in ((LOW, "low", _("无/低费方案")), (HIGH, "high", _("中/高费方案"))):
        done, standing = found.done(kind)
        for name, label, value in (
            (f"schemes.{slug}", title, standing),
            (f"schemes.{slug}.done", _("已完成的%s") % title, done),
        ):
            yield Fact(
                name=name, group=group, label=label, value=str(value), unit=_("项"), source=source, url=pages["schemes"]
            )  # fmt: skip
    for basis, words in (("planned", _("方案预期")), ("measured", _("方案实测"))):
        for name, title, total, unit in found.stated(basis):
            yield Fact(
                name=f"schemes.{basis}.{name}",
                group=group,
                label=f"{words} {title}",
                value=total,
                unit=unit,
                source=source,
                url=pages["schemes"],
            )
    group, source = _("企业评估验收"), _("范围内企业审核的评估验收台账，%s") % day
    for name, label, value in (
        ("audits.evaluated", _("通过评估的企业数"), found.passed(EVALUATE)),
        ("audits.accepted", _("通过验收的企业数"), found.passed(ACCEPT)),
    ):
        yield Fact(
            name=name, group=group, label=label, value=str(value), unit=_("家"), source=source, url=pages["reviews"]
        )  # fmt: skip
    kept = audited.reserve(project)
    group, source = _("金融支持储备库"), _("生态环保金融支持项目储备库，%s") % day
    financed = plain(kept["wan_cny"]) if kept["wan_cny"] is not None else ""
    for name, label, text, unit in (
        ("reserve", _("推荐入库的改造项目"), str(kept["all"]), _("项")),
        ("reserve.admitted", _("已入库的改造项目"), str(kept["admitted"]), _("项")),
        ("reserve.financed", _("已获支持的改造项目"), str(kept["financed"]), _("项")),
        ("reserve.wan_cny", _("已获支持金额"), financed, _("万元")),
    ):
        yield Fact(
            name=name, group=group, label=label, value=text, unit=unit, source=source, url=reverse("registry:reserve")
        )  # fmt: skip


def facts_of_the_end(project: Project) -> Iterator[Fact]:
    """Reports read, enterprises credited and left out (three queries)."""
    day = facts.today()
    reports = ProgressReport.objects.filter(project=project).aggregate(
        handed_in=Count("pk", filter=~Q(stage=ProgressReport.Stage.DRAFT)),
        accepted=Count("pk", filter=Q(stage=ProgressReport.Stage.ACCEPTED)),
    )
    credited = AuditRecord.objects.filter(
        reference=reference_of(project.pk), stage=AuditRecord.Stage.VALID
    ).count()
    left_out = ConclusionExclusion.objects.filter(conclusion__project=project).count()
    page, credits_page = (
        reverse(name, args=[project.pk]) for name in ("delivery:reports", "delivery:credits")
    )
    for name, group, label, value, unit, url in (
        ("reports", _("定期调度"), _("已提交的定期调度"), reports["handed_in"], _("期"), page),
        ("reports.accepted", _("定期调度"), _("已接收的定期调度"), reports["accepted"], _("期"), page),
        ("credits", _("计入审核"), _("计入审核记录的企业数"), credited, _("家"), credits_page),
        ("credits.excluded", _("计入审核"), _("结论列明不计的企业数"), left_out, _("家"), credits_page),
    ):
        yield Fact(
            name=name,
            group=group,
            label=label,
            value=str(value),
            unit=unit,
            source=_("实施台账，%s") % day,
            url=url,
        )


facts.register(facts_of_audits)
facts.register(facts_of_the_end)


# --- what a progress report says of them


def schemes_in_period(project: Project, period: Period) -> Iterator[tuple[str, str]]:
    """Done in the period and in all, passed in the period and in all (seven queries)."""
    found = audited.of(project)
    if found.is_empty:
        return
    finished = audited.schemes(project).filter(
        stage=Scheme.Stage.DONE, finished_on__gte=period.starts, finished_on__lte=period.ends
    )
    now = finished.aggregate(low=Count("pk", filter=Q(kind=LOW)), high=Count("pk", filter=Q(kind=HIGH)))
    yield _("本期完成方案"), _("无/低费 %(low)d 项，中/高费 %(high)d 项") % now
    (low, all_low), (high, all_high) = found.done(LOW), found.done(HIGH)
    yield (
        _("累计完成方案"),
        _("无/低费 %(low)d/%(all_low)d 项，中/高费 %(high)d/%(all_high)d 项")
        % {"low": low, "all_low": all_low, "high": high, "all_high": all_high},
    )
    passed = (
        audited.held(project)
        .filter(stage=AuditReview.Stage.PASSED, held_on__gte=period.starts, held_on__lte=period.ends)
        .aggregate(
            evaluated=Count("enterprise", filter=Q(kind=EVALUATE), distinct=True),
            accepted=Count("enterprise", filter=Q(kind=ACCEPT), distinct=True),
        )
    )
    words = _("评估 %(evaluated)d 家，验收 %(accepted)d 家")
    yield _("本期通过"), words % passed
    yield _("累计通过"), words % {"evaluated": found.passed(EVALUATE), "accepted": found.passed(ACCEPT)}


progress_parts.register("schemes", gettext_lazy("方案和企业评估验收"), schemes_in_period, order=40)


# --- what goes into the filing for acceptance


def audits(project: Project) -> Iterator[Part]:
    """The schemes in total, and every enterprise with its schemes and its evaluation (five queries)."""
    found = audited.of(project)
    if found.is_empty:
        return
    rows = [[_("无/低费方案完成"), _of(found.done(LOW)), _("项")]]
    rows.append([_("中/高费方案完成"), _of(found.done(HIGH)), _("项")])
    for basis, words in (("planned", _("预期")), ("measured", _("实测"))):
        rows += [[f"{words} {title}", total, unit] for _name, title, total, unit in found.stated(basis)]
    note = _("只计现行范围内企业；没有数据的量不列。")
    yield Part(
        id="schemes",
        title=_("清洁生产方案"),
        columns=[_("项目"), _("数值"), pgettext("计量", "单位")],
        rows=rows,
        note=note,
    )
    yield Part(
        id="audits",
        title=_("企业评估验收"),
        columns=[_("企业"), _("无/低费完成"), _("中/高费完成"), _("评估"), _("验收")],
        rows=[
            [
                line.enterprise.name,
                _of(line.low),
                _of(line.high),
                *(_sitting(line.latest[kind]) for kind in (EVALUATE, ACCEPT)),
            ]
            for line in found.lines
        ],
    )


def _of(counts: tuple[int, int]) -> str:
    done, standing = counts
    return f"{done}/{standing}"


def _sitting(review: AuditReview | None) -> str:
    if review is None:
        return "—"
    day = f" {review.held_on:%Y-%m-%d}" if review.held_on else ""
    return f"{review.get_stage_display()}{day}"


def account(project: Project) -> Iterator[Part]:
    """The account of the innovation beside the traditional way, and its own sentences (six queries)."""
    book = accounts.book(project)
    if not book.entries:
        return
    fields = ("stated", "actual", "traditional", "confirmed", "percent")
    yield Part(
        id="account",
        title=_("创新账"),
        columns=[_("指标"), *(account_words.FIELDS[field] for field in fields)],
        rows=[
            [measure.title, *(shown.get(field, "—") for field in fields)]
            for name, measure in innovation.measures().items()
            for shown in [account_words.figures(book.results[name])]
        ],
        note="\n".join(sentence.text for sentence in book.sentences),
    )


def datasets(project: Project) -> Iterator[Part]:
    """The fixed data behind plan and audits by its hash; no figure of it (two queries)."""
    rows = [
        [
            audited.title_of(one.dataset),
            _("第 %d 版") % one.number,
            clock.local(one.made_at).date().isoformat(),
            one.content_sha256,
        ]
        for one in audited.versions(project)
    ]
    if rows:
        columns = [_("数据集"), _("版本"), _("定版日期"), _("内容指纹（SHA-256）")]
        yield Part(id="datasets", title=_("审核数据版本"), columns=columns, rows=rows)


handing_in.register_parts(audits, order=40)
handing_in.register_parts(account, order=50)
handing_in.register_parts(datasets, order=60)
