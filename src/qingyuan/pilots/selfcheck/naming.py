"""Whether the package and its mail can be named as the notice wants it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.selfcheck import Naming
from qingyuan.papers.package import package_name as made_name
from qingyuan.pilots.selfcheck.hits import Hit, Place, excerpt
from qingyuan.pilots.selfcheck.material import Material
from qingyuan.pilots.selfcheck.named import named

OBJECT = Place(area="object")


@named
def package_name(material: Material, told: Naming) -> Iterator[Hit]:
    naming = material.notice.package.naming
    title, applicant = material.snapshot["name"], material.snapshot["applicant"]["name"]
    wanted = naming.render(project_title=title, applicant_name=applicant)
    made = made_name(naming.pattern + ".zip", {"project_title": title, "applicant_name": applicant})
    mend = _("改短或改写项目名称")
    if illegal := sorted(
        {character for character in title if character in told.forbidden or not character.isprintable()}
    ):
        shown = " ".join(
            character if character.isprintable() else f"U+{ord(character):04X}" for character in illegal
        )
        yield Hit(
            message=_("项目名称中有文件名不能用的字符：%s") % shown,
            place=OBJECT,
            clause=naming.clause,
            excerpt=excerpt(title),
            mend=_("去掉这些字符；否则材料包中以全角字符代替"),
        )
    elif made != wanted + ".zip":
        yield Hit(
            message=_("材料包不能按“%(pattern)s”完整命名，将缩写为：%(made)s")
            % {"pattern": naming.wording or naming.pattern, "made": made},
            place=OBJECT,
            clause=naming.clause,
            mend=mend,
        )
    if len(title) > told.most_characters:
        yield Hit(
            message=_("项目名称有 %(found)d 字，建议不超过 %(most)d 字")
            % {"found": len(title), "most": told.most_characters},
            place=OBJECT,
            clause=naming.clause,
            excerpt=excerpt(title),
            mend=mend,
        )
    batch = material.notice.batch
    if naming.pattern.startswith(batch) and title.startswith(batch):
        yield Hit(
            message=_("项目名称以“%s”开头，材料包名中会重复") % batch,
            place=OBJECT,
            clause=naming.clause,
            excerpt=excerpt(wanted),
            mend=_("年份由平台按通知的格式加在前面，项目名称中不必再写"),
        )
    if "+" in naming.pattern and "+" in title:
        yield Hit(
            message=_("项目名称中有“+”，与通知规定的分隔符混淆"),
            place=OBJECT,
            clause=naming.clause,
            excerpt=excerpt(wanted),
            mend=_("改用“与”“和”或顿号"),
        )
