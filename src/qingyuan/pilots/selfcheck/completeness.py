"""What is still missing before an application can be handed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.conditions import State, judge_condition
from qingyuan.catalogue.notices.selfcheck import AtLeast, Nothing
from qingyuan.pilots.selfcheck.hits import Hit, Place
from qingyuan.pilots.selfcheck.material import Material
from qingyuan.pilots.selfcheck.named import named

OBJECT = Place(area="object")


@named
def object_filled(material: Material, _told: Nothing) -> Iterator[Hit]:
    stated, clause = material.snapshot["object"], material.category.clause
    missing = [
        label
        for label, value in [
            (_("试点对象形态"), stated["form"]),
            (_("试点对象名称"), stated["name"]),
            (_("所在地"), stated["region"]),
            (_("重点行业"), material.snapshot["sectors"]),
        ]
        if not value
    ]
    if missing:
        yield Hit(
            message=_("试点对象尚未填写：%s") % "、".join(missing),
            place=OBJECT,
            clause=clause,
            mend=_("在“试点对象”中补齐"),
        )
    form = material.form
    if form is not None and form.pollutants and not material.snapshot["pollutants"]:
        yield Hit(message=_("尚未选择特征污染物"), place=OBJECT, clause=clause, mend=_("在“试点对象”中选择"))


@named
def object_single_sector(material: Material, _told: Nothing) -> Iterator[Hit]:
    scope = material.category.scope
    if scope.single_sector and len(material.snapshot["sectors"]) > 1:
        yield Hit(
            message=_("本类别以同一重点行业的企业为对象，只能选一个行业"),
            place=OBJECT,
            clause=scope.clause,
            mend=_("只保留一个行业，或改报园区（产业集群）类别"),
        )


@named
def object_sectors_listed(material: Material, _told: Nothing) -> Iterator[Hit]:
    form = material.form
    if form is None or form.sectors_open:
        return
    if others := set(material.snapshot["sectors"]) - set(form.sectors):
        yield Hit(
            message=_("有 %d 个行业不在本类别所列行业内") % len(others),
            place=OBJECT,
            clause=form.clause,
            mend=_("核对行业，或在方案中说明为什么选取"),
        )


def _judged(material: Material, *, asks: bool) -> Iterator[Hit]:
    count: dict[str, Counter[str]] = {}
    for row in material.snapshot["attachments"]:
        if row["condition"]:
            count.setdefault(row["condition"], Counter())[row["question"]] += 1
    for condition in material.notice.conditions_for(material.category.id):
        verdict = judge_condition(
            condition,
            answers=material.snapshot["answers"].get(condition.id, {}),
            evidence_count=count.get(condition.id, Counter()),
            facts=material.facts,
        )
        state: State = verdict.state
        if state == "met" or (state == "ask") != asks:
            continue
        for reason in verdict.reasons:
            yield Hit(
                message=f"{condition.title}：{reason}",
                place=Place(area="eligibility", part=condition.id),
                clause=condition.clause,
                mend=_("在说明中写清情况，由受理部门核定")
                if asks
                else _("补答问题、补充佐证；不符合的不能申报"),
            )


@named
def eligibility_met(material: Material, _told: Nothing) -> Iterator[Hit]:
    yield from _judged(material, asks=False)


@named
def eligibility_asks(material: Material, _told: Nothing) -> Iterator[Hit]:
    yield from _judged(material, asks=True)


@named
def scope_filled(material: Material, told: AtLeast) -> Iterator[Hit]:
    count = len(material.snapshot["scope"])
    if not count:
        message = _("试点范围内还没有企业，请添加或导入名单")
    elif count < told.minimum:
        message = _("试点范围内只有 %(found)d 家企业，至少 %(least)d 家") % {
            "found": count,
            "least": told.minimum,
        }
    else:
        return
    yield Hit(
        message=message,
        place=Place(area="scope"),
        clause=material.category.clause,
        mend=_("用 Excel 模板导入，或逐家添加"),
    )


@named
def chapters_written(material: Material, _told: Nothing) -> Iterator[Hit]:
    for chapter in material.chapters:
        if not chapter.text.whole and not chapter.text.has_pictures:
            yield Hit(
                message=_("方案“%s”尚未编写") % chapter.label,
                place=chapter.place(),
                clause=material.notice.outline.clause,
                mend=_("按编制大纲和旁边的提示编写"),
            )


@named
def aims_stated(material: Material, _told: Nothing) -> Iterator[Hit]:
    rows = {row.measure: row for row in material.targets if row.measure}
    for measure, clause in material.measures():
        row = rows.get(measure.id)
        if row is None or row.baseline is None or row.target is None:
            yield Hit(
                message=_("目标“%s”须填写基准值和目标值") % measure.title,
                place=Place(area="targets", part=measure.id),
                clause=clause,
                mend=_("数值为零的填 0；没有开展过传统审核的，按同类企业的平均情况估算并在备注说明"),
            )


@named
def files_clean(material: Material, _told: Nothing) -> Iterator[Hit]:
    for file in material.files or ():
        if file.state == "pending":
            message, mend = _("附件“%s”正在查毒，请稍候"), _("几分钟后刷新本页")
        elif file.state == "refused":
            message, mend = _("附件“%s”未通过查毒，请移除"), _("移除后换一份重新上传")
        else:
            continue
        yield Hit(message=message % file.title, place=Place(area="attachments"), mend=mend)


@named
def package_size(material: Material, _told: Nothing) -> Iterator[Hit]:
    limit, size = material.notice.package.size, material.package_size
    if size > limit.max_bytes:
        yield Hit(
            message=_("材料包约 %(found).1f MB，超过 %(limit)s")
            % {"found": size / 1024 / 1024, "limit": limit.stated},
            place=Place(area="attachments"),
            clause=limit.clause,
            mend=_("压缩附件中的图片，或移除与申报无关的附件"),
        )
