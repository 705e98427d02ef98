"""Where clauses are carried out, beyond what the verbs themselves say."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.clause_places import Place, register, register_room

NATIONAL, HENAN = ("national-2022",), ("henan-2022",)

register(
    Place(_("通知全文"), "notices", ("N0", "X1")),
    Place(_("国家通知：目的与衡量"), "notice", ("N1",), NATIONAL, "aims"),
    Place(_("国家通知：类别与重点行业"), "notice", ("N2", "N3a", "N3b", "N3c"), NATIONAL, "categories"),
    Place(_("全部通知（每个批次一个文件）"), "notices", ("N3x",), (), "list"),
    Place(_("河南通知：申报主体"), "notice", ("N4",), HENAN, "applicants"),
    Place(_("国家通知：申报条件"), "notice", ("N5.1", "N5.2", "N5.3", "N5.4"), NATIONAL, "conditions"),
    Place(_("国家通知：方案编制大纲"), "notice", ("N6",), NATIONAL, "outline"),
    Place(_("清洁生产审核创新试点项目名单"), "delivery:passed", ("N11",)),
    Place(_("河南通知：材料报送"), "notice", ("H1",), HENAN, "package"),
)
for room, url_name in [
    ("people", "people:organisations"),
    ("calls", "calls:list"),
    ("pilots", "pilots:list"),
]:
    register_room(room, url_name)
