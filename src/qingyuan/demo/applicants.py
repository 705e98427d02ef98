"""The scene of a review: eleven more applicants in as many prefectures, invented, one person each in all four roles."""

from __future__ import annotations

from qingyuan.demo.cast import Body, Person
from qingyuan.demo.pilots import Example

ROLES = ("lead", "handler", "reviewer", "signer")
# key, kind of body, name of the body, prefecture's code and name, category, form, object, sectors, words, trade, counties
_ROWS = (
    ("zhengzhou", "government", "郑州市人民政府", "410100", "郑州市", "region", "basin", "黄河流域郑州段农副食品加工行业", ("agrifood",), "农副食品加工", "食品", ("荥阳市", "中牟县")),
    ("kaifeng", "government", "开封市人民政府", "410200", "开封市", "sector", "sector_in_area", "开封市电镀行业", ("electroplating",), "电镀", "电镀", ("祥符区", "兰考县")),
    ("anyang", "park", "安阳建材产业园区管委会", "410500", "安阳市", "park", "park", "安阳建材产业园区", ("building-materials",), "建材", "建材", ("殷都区", "汤阴县")),
    ("hebi", "department", "鹤壁市工业和信息化局", "410600", "鹤壁市", "sector", "sector_in_area", "鹤壁市农副食品加工行业", ("agrifood",), "农副食品加工", "食品", ("浚县", "淇县")),
    ("xinxiang", "park", "新乡涂装产业园区管委会", "410700", "新乡市", "park", "park", "新乡涂装产业园区", ("industrial-coating",), "工业涂装", "涂装", ("牧野区", "辉县市")),
    ("xuchang", "government", "许昌市人民政府", "411000", "许昌市", "sector", "sector_in_area", "许昌市造纸行业", ("papermaking",), "造纸", "纸品", ("建安区", "禹州市")),
    ("luohe", "park", "漯河食品产业园区管委会", "411100", "漯河市", "park", "park", "漯河食品产业园区", ("agrifood",), "农副食品加工", "食品工业", ("召陵区", "临颍县")),
    ("nanyang", "government", "南阳市人民政府", "411300", "南阳市", "sector", "sector_in_area", "南阳市工业涂装行业", ("industrial-coating",), "工业涂装", "机械", ("卧龙区", "镇平县")),
    ("shangqiu", "government", "商丘市人民政府", "411400", "商丘市", "sector", "sector_in_area", "商丘市包装印刷行业", ("packaging-printing",), "包装印刷", "彩印", ("梁园区", "虞城县")),
    ("xinyang", "park", "信阳建材产业园区管委会", "411500", "信阳市", "park", "park", "信阳建材产业园区", ("building-materials",), "建材", "新型建材", ("平桥区", "罗山县")),
    ("zhoukou", "government", "周口市人民政府", "411600", "周口市", "sector", "sector_in_area", "周口市造纸行业", ("papermaking",), "造纸", "纸业制品", ("川汇区", "扶沟县")),
)  # fmt: skip
AUDITED_AS = {"sector": "整体审核", "park": "整体审核", "region": "协同审核"}
BODIES = tuple(Body(f"pool-{row[0]}", row[1], f"{row[2]}（演示）", row[3]) for row in _ROWS)
PEOPLE = tuple(
    Person(
        f"{row[0]}-duogang",
        f"演示·{row[4].removesuffix('市')}多岗",
        tuple((f"pool-{row[0]}", role) for role in ROLES),
    )
    for row in _ROWS
)
EXAMPLES = tuple(
    Example(
        f"2022-06-{21 + index % 4}",
        "submitted",
        f"pool-{row[0]}",
        f"{row[0]}-duogang",
        (f"{row[0]}-duogang", f"{row[0]}-duogang"),
        row[5],
        row[6],
        f"{row[7]}清洁生产{AUDITED_AS[row[5]]}创新试点（演示）",
        row[7],
        row[4],
        row[8],
        row[9],
        row[10],
        9 + index % 5,
        row[11],
        pollutants=("nh3-n", "tp") if row[5] == "region" else (),
        partners=("焦作市", "开封市"),
        handed="2022-06-27",
        finished="2022-06-28",
    )
    for index, row in enumerate(_ROWS)
)
FIRST_NUMBER = 11
"""Numbers of these examples begin here, so that their invented credit codes stand apart."""
EXPERTS = tuple(
    (f"H-{number:02}", f"演示·评审专家{number:02}", f"pingshen-{number:02}", fields, region)
    for number, (fields, region) in enumerate(
        (
            (("packaging-printing", "industrial-coating"), "410100"),
            (("electroplating", "building-materials"), "410300"),
            (("papermaking", "agrifood"), "410900"),
            (("industrial-coating", "electroplating"), "410400"),
            (("building-materials", "papermaking"), "411700"),
            (("agrifood", "packaging-printing"), "411200"),
        ),
        start=1,
    )
)
