"""A complete application as plain data, to which a test adds one thing: the self-check needs no database."""

from __future__ import annotations

import copy
from typing import Any

from qingyuan.catalogue.notices import notices
from tests.pilot_maker import ANSWERS, EVIDENCE, MEASURES

PARK = {
    "kind": "park",
    "crs": "CGCS2000",
    "unit": "1e-7 degree",
    "parcels": [
        {
            "name": "",
            "polygons": [
                [
                    [
                        [1124500000, 346100000],
                        [1124600000, 346100000],
                        [1124600000, 346200000],
                        [1124500000, 346200000],
                    ]
                ]
            ],
            "area_m2": 1017412,
        }
    ],
    "area_m2": 1017412,
    "declared_km2": "1.02",
    "basis": "演示批复〔2015〕1号",
    "prefectures": ["410300"],
    "counties": "",
    "reason": "",
    "file": None,
}
BASIN = {
    "kind": "basin",
    "place": "yellow-river",
    "reaches": [
        {"name": "演示上段", "river": "演示河", "from": "", "to": "", "length_km": "30", "target": "3"},
        {"name": "演示下段", "river": "演示河", "from": "", "to": "", "length_km": "20.5", "target": "4"},
    ],
    "sections": [
        {
            "name": "演示断面",
            "river": "演示河",
            "level": "national",
            "code": "",
            "km": "45",
            "target": "3",
            "present": "4",
        }
    ],
}
GROUND: dict[str, Any] = {"park": {"object_geometry": PARK}, "region": {"object_geometry": BASIN}}
NOTICE = notices()["henan-2022"]
OWN = {
    "overview-scope": "演示园区位于某市东部，边界以批复文件为准，设有管理委员会，交通便利，水电气配套完善，园区道路和管网已建成。",
    "overview-industry": "主导产业为石化化工和电镀，上下游企业之间已有中间产品和蒸汽的供需关系，正在形成完整链条，产品销往全国各地。",
    "groundwork-environment": "近年来空气质量逐年改善，主要问题是废水分质回用不足、零散锅炉仍有保留，同类企业之间的工艺水平差距较大。",
    "groundwork-cleaner-production": "已配备专职管理人员，制定了管理办法，建立了联席会议机制，资金由财政预算和企业自筹解决，并已开展多次培训。",
    "goals": "与传统逐家审核相比，审核时间由300天压缩到120天，审核费用由800万元降至350.5万元，覆盖率由20%提高到100%，受益企业达到30家。",
    "work-contents": "摸清企业间资源要素配置和物质代谢，推进能源梯级利用，开展集中式审核，提升基础设施共建共享水平，形成共性方案。",
    "work-methods": "先统一采集数据并核对，再分层抽样开展深度审核，最后把成熟方案推广到同类企业，全过程使用统一的技术路线和表格。",
    "innovation": "审核组织由单家转为整体，数据一次采集多处引用，评估验收由逐家改为按类集中，形成的做法别处可以直接照用。",
    "schedule": "2022年8月至2022年12月开展统一采集，由管委会牵头；2023年1月至2023年6月开展审核和评估验收，落实责任和保障措施。",
    "outputs": "形成整体审核报告、管理规范和典型案例各一份，带动区域内同类企业提升水平，环境、经济和社会效益在验收时逐项核算。",
}


def application(
    category: str = "park",
    *,
    chapters: dict[str, str] | None = None,
    scope: int = 30,
    notice: Any = NOTICE,
    **changes: Any,
) -> dict[str, Any]:
    """`chapters` adds HTML behind the chapter's own text; `changes` replace top-level values of the snapshot."""
    form = {"park": "park", "sector": "sector_in_area", "region": "basin"}.get(category, "park")
    more = chapters or {}
    answers = {c.id: copy.deepcopy(ANSWERS[c.id]) for c in notice.conditions_for(category) if c.id in ANSWERS}
    made = {
        "schema": 1,
        "notice": notice.id,
        "document_number": "",
        "category": {"id": category, "title": "演示"},
        "applicant": {"id": "1", "name": "演示管委会", "region": "410300"},
        "name": "演示园区清洁生产整体审核创新试点",
        "object": {"form": form, "name": "演示园区", "region": "410300"},
        "sectors": ["electroplating"] if category != "region" else ["papermaking"],
        "pollutants": ["nh3-n", "tp"] if category == "region" else [],
        "answers": answers,
        "chapters": [
            {
                "id": leaf.id,
                "number": leaf.number,
                "title": leaf.title,
                "html": f"<p>{OWN.get(leaf.id, leaf.title)}</p>{more.get(leaf.id, '')}",
            }
            for leaf in notice.leaves()
        ],
        "scope": [
            {"name": f"演示企业{index}有限公司", "credit_code": "", "sector": "", "note": ""}
            for index in range(scope)
        ],
        "targets": [
            {
                "measure": measure.id,
                "indicator": measure.title,
                "unit": measure.unit,
                "baseline_year": 2021,
                "baseline": MEASURES.get(measure.id, ("10", "5"))[0],
                "target": MEASURES.get(measure.id, ("10", "5"))[1],
                "note": "",
            }
            for aim in notice.aims
            for measure in aim.measures
        ],
        "attachments": [
            {
                "purpose": "evidence",
                "condition": condition,
                "question": question,
                "title": "佐证",
                "name": "佐证.pdf",
                "size": 1000,
                "sha256": "0" * 64,
            }
            for condition in answers
            for question in EVIDENCE.get(condition, [])
        ],
    }
    if category == "region":
        made["joint"] = {
            "parties": [
                {"part": "lead", "name": "演示市政府", "duties": "牵头"},
                {"part": "partner", "name": "演示县政府", "duties": "参与"},
            ],
            "meetings": [],
        }
        made["attachments"].append(
            {
                "purpose": "agreement",
                "condition": "",
                "question": "",
                "title": "协同审核协议",
                "name": "协议.pdf",
                "size": 1000,
                "sha256": "0" * 64,
            }
        )
    return {**made, **copy.deepcopy(GROUND.get(category, {})), **changes}
