"""What of a case becomes public, made in one place: the preview, the sealed content and every public page are this."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.catalogue import experience, regions
from qingyuan.catalogue.sectors import sectors
from qingyuan.delivery import facts
from qingyuan.delivery.models.library import TEXTS, Practice, PracticeTag
from qingyuan.kernel.errors import Problem
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.review.bundles import province_of

Content = dict[str, Any]
SCHEMA = 1
LISTS = {
    "sectors": PracticeTag.Kind.SECTOR,
    "pollutants": PracticeTag.Kind.POLLUTANT,
    "measures": PracticeTag.Kind.MEASURE,
}
_LANDLINE = re.compile(r"(?:0\d{2,3}-?)?\d{7,8}(?:-\d{1,6})?|[48]00-?\d{3}-?\d{4}")
LONGEST_SECRET_REASON = 300


def words(name: str) -> dict[str, str]:
    """What may be chosen of a list: id -> title."""
    if name == "sectors":
        return {one.id: one.title for one in sectors().values()}
    return experience.pollutants() if name == "pollutants" else experience.measures()


@in_record_language()
def content_of(practice: Practice) -> Content:
    """The public content as it would be sealed now; secrets are left out, not blanked."""
    project, notice = practice.project, practice.project.notice
    secret = practice.secrets
    known = facts.of(project)
    return {
        "schema": SCHEMA,
        "title": practice.title,
        "project": project.title,
        "programme": notice.programme,
        "batch": notice.batch,
        "category": {"id": project.category_id, "title": project.category.title},
        "region": {"code": project.region_code, "title": place(project.region_code)},
        **{
            name: [{"id": one, "title": words(name)[one]} for one in getattr(practice, name)]
            for name in LISTS
        },
        "texts": [
            {"name": name, "title": str(title), "text": getattr(practice, name)}
            for name, title in TEXTS.items()
            if getattr(practice, name) and name not in secret
        ],
        "results": [
            {
                "name": name,
                "label": known[name].label,
                "value": known[name].value,
                "unit": known[name].unit,
                "source": known[name].source,
            }
            for name in practice.facts
            if name in known and known[name].value and f"fact:{name}" not in secret
        ],
        "contact": {
            "body": project.applicant.name,
            "office": practice.office,
            "phone": practice.phone,
            "email": project.applicant.email,
        },
    }


def place(code: str) -> str:
    """Province and prefecture in words."""
    known = regions.regions()
    names = dict.fromkeys(known[one].name for one in (province_of(code), code) if one in known)
    return "".join(names)


def content_hash(content: Content) -> str:
    return sha256_hex(canonical_bytes(content))


def search_text(content: Content) -> str:
    """Every word that the public page shows."""
    parts = [
        content["title"],
        content["project"],
        content["category"]["title"],
        content["region"]["title"],
        content["contact"]["body"],
        *(one["title"] for name in LISTS for one in content[name]),
        *(one["text"] for one in content["texts"]),
        *(one["label"] for one in content["results"]),
    ]
    return "\n".join(part for part in parts if part).casefold()


def tags(content: Content) -> list[tuple[str, str]]:
    return [(kind, one["id"]) for name, kind in LISTS.items() for one in content[name]]


def problems_of_fields(
    *,
    lists: Mapping[str, Sequence[str]],
    chosen: Sequence[str],
    secrets: Mapping[str, str],
    phone: str,
    known: Mapping[str, facts.Fact],
) -> list[Problem]:
    """What stands against these values while they are written."""
    problems = [
        Problem(_("没有这一项：%s") % one[:40], where=name)
        for name, values in lists.items()
        for one in values
        if one not in words(name)
    ]
    problems += [
        Problem(_("该试点没有这个数据：%s") % name[:60], where=f"fact-{name}")
        for name in chosen
        if name not in known
    ]
    fields = {*TEXTS, *(f"fact:{name}" for name in chosen)}
    for name, reason in secrets.items():
        where = f"secret_{name}"
        if name not in fields:
            problems.append(Problem(_("没有这一项：%s") % name[:60], where=where))
        elif not reason.strip():
            problems.append(Problem(_("请写明列为商业秘密的理由"), where=where))
        elif len(reason) > LONGEST_SECRET_REASON:
            problems.append(
                Problem(
                    _("理由过长：%d 字") % len(reason),
                    where=where,
                    expected=_("不超过 %d 字") % LONGEST_SECRET_REASON,
                )
            )
    if phone and not _LANDLINE.fullmatch(phone):
        problems.append(
            Problem(
                _("联系电话须为单位的固定电话，不填个人手机号"),
                where="phone",
                expected=_("如 0371-00000000"),
            )
        )
    return problems


def before_hand_in(content: Content) -> list[Problem]:
    """What a case must say in public to be worth reading."""
    texts = {one["name"] for one in content["texts"]}
    problems = [
        Problem(_("“%s”没有可以公开的内容") % TEXTS[name], where=name, mend=_("写明可以公开的部分"))
        for name in ("done", "replicability")
        if name not in texts
    ]
    problems += [
        Problem(_("请至少选择一项"), where=name) for name in ("sectors", "measures") if not content[name]
    ]
    if not content["results"]:
        problems.append(
            Problem(_("还没有可以公开的成效数据"), where="facts", mend=_("从台账数据中至少引用一项"))
        )
    return problems
