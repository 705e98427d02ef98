"""`qingyuan template industry|park|region OUT.xlsx`: the empty data sheets 审核数据采集表."""

from __future__ import annotations

from qingyuan.cli import Lazy, LazyGroup

template = LazyGroup(
    name="template",
    help="审核数据采集表的空白模板 The empty data sheets, to be filled in.",
    lazy={
        "industry": Lazy(
            "qingyuan.cli.compute.template_industry",
            "industry",
            "行业审核数据采集表 The data sheet of a whole sector",
        ),
        "park": Lazy(
            "qingyuan.cli.compute.template_park", "park", "园区审核数据采集表 The data sheet of a whole park"
        ),
        "region": Lazy(
            "qingyuan.cli.compute.template_region",
            "region",
            "区域流域审核数据采集表 The data sheet of a region or basin",
        ),
    },
)
