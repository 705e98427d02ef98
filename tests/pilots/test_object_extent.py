"""Where the object lies: boundary of a park, places of a region, reaches of a basin, proofs of key tasks."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from qingyuan.kernel.actions import Invalid
from qingyuan.kernel.models import LedgerEntry
from qingyuan.papers import plan_docx
from qingyuan.pilots import actions, differences, geometry, returned, snapshot
from qingyuan.pilots.actions.extent import ReachRow, SectionRow
from qingyuan.pilots.paper import plan_of
from qingyuan.workbooks.coordinates import as_geojson, read_text
from tests.house.cases.pilots import SQUARE, of_form
from tests.pilot_maker import SQUARE as SQUARE_TEXT
from tests.pilots.workspace import HOSTILE, address, form_of, parsed, signed_in


@pytest.fixture
def park(maker):
    pilot = maker("park", stage="drafting")
    type(pilot).objects.filter(pk=pilot.pk).update(object_form="park", region_code="410300")
    return maker.fresh(pilot)


@pytest.fixture
def basin(maker):
    return maker.fresh(of_form(maker("region", stage="drafting"), "basin"))


@pytest.fixture
def region(maker):
    return maker.fresh(of_form(maker("region", stage="drafting"), "region"))


def tables_of(pilot, data):
    document = Document(io.BytesIO(plan_docx.write_plan(plan_of(pilot, data, on=date(2022, 6, 20)))))
    return [cell.text for table in document.tables for row in table.rows for cell in row.cells], [
        paragraph.text for paragraph in document.paragraphs
    ]


# --- the boundary


@pytest.mark.clause("N5.3")
@pytest.mark.sqlite
def test_a_boundary_stands_in_snapshot_ledger_and_plan_with_its_area(park, maker, world):
    assert "object_geometry" not in snapshot.build(park)
    before = snapshot.content_hash(snapshot.build(park))
    actions.set_boundary(
        park,
        by=world.park_handler,
        parcels=SQUARE,
        declared_km2=Decimal("1.2"),
        basis="演示批复",
        prefectures=["410300"],
        counties="演示县",
    )
    pilot = maker.fresh(park)
    data = snapshot.build(pilot)
    ground = data["object_geometry"]
    assert ground["area_m2"] == 1017412
    assert ground["parcels"][0]["polygons"][0][0][0] == [1124500000, 346100000]
    assert snapshot.upcast(data) == data
    assert geometry.difference(ground) == pytest.approx(Decimal("-15.2"), abs=Decimal("0.1"))
    entry = LedgerEntry.objects.get(verb="pilot.set_boundary")
    assert entry.content["payload"]["area_m2"] == 1017412
    cells, lines = tables_of(pilot, data)
    assert "1.017 平方公里（比批复面积 -15.2%）" in cells
    assert any("试点对象范围表" in line for line in lines)
    actions.set_boundary(pilot, by=world.park_handler, parcels=())
    assert snapshot.content_hash(snapshot.build(maker.fresh(park))) == before


@pytest.mark.clause("N5.3")
def test_a_boundary_over_two_prefectures_needs_a_reason(park, maker, world):
    with pytest.raises(Invalid) as refused:
        actions.set_boundary(
            park,
            by=world.park_handler,
            parcels=SQUARE,
            prefectures=["410300", "410800", "000000"],
            declared_km2=Decimal(-1),
            basis="长" * 301,
        )
    assert {problem.where for problem in refused.value.problems} == {
        "prefectures",
        "reason",
        "declared_km2",
        "basis",
    }
    actions.set_boundary(
        park, by=world.park_handler, parcels=SQUARE, prefectures=["410300", "410800"], reason="演示：一区两地"
    )
    assert maker.fresh(park).boundary.prefectures == ["410300", "410800"]


def test_only_an_object_of_the_form_has_a_boundary(region, basin, park, world):
    for pilot, verb, arguments in (
        (region, actions.set_boundary, {"parcels": SQUARE, "prefectures": ["410300"]}),
        (park, actions.set_places, {"key_place": "fen-wei", "codes": []}),
        (region, actions.set_basin, {"reaches": []}),
    ):
        with pytest.raises(Invalid) as refused:
            verb(pilot, by=world.park_handler, **arguments)
        assert refused.value.problems[0].where == "object_form"


@pytest.mark.clause("N5.3")
def test_the_page_takes_text_and_shows_area_drawing_and_all_wrong_lines(park, maker, world):
    client = signed_in(world.park_handler)
    url = address("boundary", park)
    form = form_of(client.get(url))
    wrong = client.post(url, form | {"coordinates": "34.61,112.45\n34.62,112.46\nxyz"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    parsed(wrong)
    assert "第 1–2 行：像是经度和纬度写反了" in page
    assert "第 3 行：“xyz”不是一对坐标" in page
    good = form | {
        "coordinates": SQUARE_TEXT,
        "declared_km2": "1.02",
        "basis": HOSTILE,
        "prefectures": ["410300"],
    }
    assert client.post(url, good).status_code == 302
    page = client.get(url)
    parsed(page)
    text = page.content.decode()
    for words in ("q-sketch", "非地图", "1.017 平方公里", "112.4500000,34.6100000", "没有官方行政区划界线"):
        assert words in text
    assert "<script>alert" not in text
    assert "q-sketch" in client.get(address("describe", park)).content.decode()
    # On top of an older state: refused, and what was typed stays.
    stale = client.post(url, form | {"coordinates": "112,34\n112.1,34\n112.1,34.1"})
    assert stale.status_code == 409
    assert "112.1,34.1" in stale.content.decode()


def test_the_page_takes_geojson_through_the_gate(park, maker, world):
    client = signed_in(world.park_handler)
    url = address("boundary", park)
    found, _problems = read_text(f"# 东区\n{SQUARE_TEXT}\n# 西区\n112.3,34.6\n112.31,34.6\n112.31,34.61")
    file = SimpleUploadedFile("边界.geojson", as_geojson(found).encode())
    form = {**form_of(client.get(url)), "prefectures": ["410300"], "file": file}
    assert client.post(url, form).status_code == 302
    boundary = maker.fresh(park).boundary
    assert [row["name"] for row in boundary.parcels] == ["东区", "西区"]
    assert boundary.upload.name == "边界.geojson"
    # Saved again without a change of points, the file stays the source; other points are typed ones.
    again = form_of(client.get(url))
    assert client.post(url, again | {"counties": "演示县"}).status_code == 302
    assert maker.fresh(park).boundary.upload is not None
    client.post(url, form_of(client.get(url)) | {"coordinates": SQUARE_TEXT})
    assert maker.fresh(park).boundary.upload is None
    down = client.get(address("boundary-geojson", park))
    assert json.loads(b"".join(down.streaming_content))["features"][0]["geometry"]["type"] == "MultiPolygon"
    lines = SimpleUploadedFile(
        "线.geojson", b'{"type":"LineString","coordinates":[[112,34],[113,34],[113,35]]}'
    )
    refused = client.post(url, form_of(client.get(url)) | {"file": lines})
    assert refused.status_code == 422
    assert "Polygon" in refused.content.decode()


# --- the region


@pytest.mark.clause("N3c")
def test_a_region_is_a_set_of_prefectures_with_their_key_regions(region, maker, world):
    client = signed_in(world.park_handler)
    url = address("places", region)
    page = client.get(url)
    assert "洛阳市（汾渭平原）" in page.content.decode()
    assert "未核对原件" in page.content.decode()
    form = form_of(page) | {"key_place": "fen-wei", "codes": ["410300", "411200", "411300"]}
    assert client.post(url, form).status_code == 302
    data = geometry.data_of(maker.fresh(region))
    assert data == {"kind": "region", "place": "fen-wei", "prefectures": ["410300", "411200", "411300"]}
    other = form_of(client.get(url)) | {"key_place": "other", "other": ""}
    assert client.post(url, other).status_code == 422
    assert client.post(url, other | {"other": "豫西"}).status_code == 302
    assert maker.fresh(region).key_place == "豫西"
    # Another form of object is another thing: the region's name does not become a basin's.
    pilot = maker.fresh(region)
    actions.describe(
        pilot,
        by=world.park_handler,
        name=pilot.name,
        object_form="basin",
        object_name="",
        region_code="",
        sectors=[],
    )
    assert maker.fresh(region).key_place == ""
    assert "object_geometry" not in snapshot.build(maker.fresh(region))


# --- the basin

REACHES = [
    ReachRow("上段", "演示河", "源头", "大桥", Decimal("30.5"), "2"),
    ReachRow("下段", "演示河", "大桥", "河口", Decimal(20), "3"),
]
SECTIONS = [SectionRow("大桥", "演示河", "national", "D001", Decimal("30.5"), "3", "4")]


@pytest.mark.clause("N3c")
@pytest.mark.sqlite
def test_reaches_and_sections_stand_in_snapshot_and_plan(basin, maker, world):
    actions.set_basin(
        basin, by=world.park_handler, key_place="yellow-river", reaches=REACHES, sections=SECTIONS
    )
    pilot = maker.fresh(basin)
    data = snapshot.build(pilot)
    assert data["object_geometry"]["reaches"][0]["length_km"] == "30.5"
    cells, _lines = tables_of(pilot, data)
    assert {"Ⅱ类", "国控", "D001", "Ⅳ类", "黄河流域"} <= set(cells)
    actions.set_basin(pilot, by=world.park_handler, sections=[])
    pilot = maker.fresh(basin)
    assert (pilot.reaches.count(), pilot.sections.count(), pilot.key_place) == (2, 0, "yellow-river")


def test_all_problems_of_the_tables_come_at_once(basin, world):
    with pytest.raises(Invalid) as refused:
        actions.set_basin(
            basin,
            by=world.park_handler,
            key_place="fen-wei",
            reaches=[ReachRow("", "河", length_km=Decimal(0)), ReachRow("段", "河", target="6")],
            sections=[SectionRow("甲", "河", level="x"), SectionRow("甲", "河", km=Decimal(-1), present="9")],
        )
    assert {problem.where for problem in refused.value.problems} == {
        "key_place",
        "reach-1.name",
        "reach-1.length_km",
        "reach-2.target",
        "section-1.level",
        "section-2.name",
        "section-2.km",
        "section-2.present",
    }


def test_the_basin_page_keeps_what_was_typed(basin, maker, world):
    client = signed_in(world.park_handler)
    url = address("basin", basin)
    form = form_of(client.get(url))
    bad = form | {"key_place": "yellow-river", "reach-0-name": HOSTILE, "section-0-river": "演示河"}
    page = client.post(url, bad)
    assert page.status_code == 422
    parsed(page)
    assert "河段第 1 行 河流" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    good = bad | {"reach-0-river": "演示河", "reach-0-length_km": "12.5", "section-0-name": "断面"}
    assert client.post(url, good).status_code == 302
    assert maker.fresh(basin).reaches.get().length_km == Decimal("12.5")
    parsed(client.get(url))


def workbook(heads, *rows):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    for number, row in enumerate((heads, *rows)):
        sheet.write_row(number, 0, row)
    book.close()
    return SimpleUploadedFile("表.xlsx", target.getvalue())


@pytest.mark.clause("N3c")
def test_a_table_comes_from_excel_with_every_bad_cell_named(basin, maker, world):
    client = signed_in(world.park_handler)
    actions.set_basin(basin, by=world.park_handler, sections=SECTIONS)
    url = address("import-basin", basin, "reaches")
    heads = ["河段名称", "河流", "长度（km）", "水质目标"]
    form = form_of(client.get(url))
    bad = client.post(
        url, form | {"file": workbook(heads, ["上段", "演示河", "很长", "Ⅲ类"], ["", "演示河", 3, "六类"])}
    )
    assert bad.status_code == 422
    page = bad.content.decode()
    parsed(bad)
    assert "很长" in page
    assert "六类" in page
    marked = page.split('href="')
    link = next(part.split('"')[0] for part in marked if "marked.xlsx" in part.split('"')[0])
    assert client.get(link).status_code == 200
    assert signed_in(world.park_lead).get(link).status_code == 404
    assert maker.fresh(basin).reaches.count() == 0
    good = form_of(client.get(url)) | {
        "file": workbook(heads, ["上段", "演示河", 30.5, "Ⅲ类"], ["下段", "演示河", None, None])
    }
    assert client.post(url, good).status_code == 302
    pilot = maker.fresh(basin)
    assert [(reach.name, reach.length_km, reach.target) for reach in pilot.reaches.all()] == [
        ("上段", Decimal("30.500"), "3"),
        ("下段", None, ""),
    ]
    assert pilot.sections.count() == 1
    template = client.get(address("basin-template", basin, "sections"))
    assert template.status_code == 200
    assert client.get(address("basin-template", basin, "nothing")).status_code == 404


# --- key tasks


@pytest.fixture
def own(basin, maker):
    type(basin).objects.filter(pk=basin.pk).update(pollutants=["nh3-n", "总氮"])
    return maker.fresh(basin)


def prove(pilot, maker, world, **changes):
    stated = {
        "pollutant": "总氮",
        "document": "演示水污染防治方案",
        "number": "演示〔2021〕5号",
        "issuer": "演示市政府",
        "issued_on": date(2021, 3, 1),
        "page": "第 3 页第二项",
        "upload": maker.upload(by=world.park_handler, name="方案.pdf"),
    }
    return actions.prove_key_task(pilot, by=world.park_handler, **(stated | changes))


@pytest.mark.clause("N5.4")
def test_a_self_chosen_pollutant_is_proved_by_document_and_file(own, maker, world):
    task = prove(own, maker, world)
    assert (task.attachment.condition_id, task.attachment.question_id) == ("N5.4", "key_task")
    data = snapshot.build(maker.fresh(own))
    (line,) = data["object_geometry"]["key_tasks"]
    assert (line["number"], line["file"]["name"]) == ("演示〔2021〕5号", "方案.pdf")
    cells, _lines = tables_of(maker.fresh(own), data)
    assert "演示水污染防治方案" in cells
    actions.detach(maker.fresh(own), by=world.park_handler, attachment_id=task.attachment.pk)
    assert geometry.data_of(maker.fresh(own))["key_tasks"][0]["file"] is None
    actions.remove_key_task(maker.fresh(own), by=world.park_handler, key_task_id=task.pk)
    assert geometry.data_of(maker.fresh(own)) is None


@pytest.mark.clause("N5.4")
def test_everything_that_a_proof_lacks_is_told_at_once(own, maker, world):
    with pytest.raises(Invalid) as refused:
        prove(own, maker, world, pollutant="铊", number=" ", page="", issued_on=date(2023, 1, 1))
    assert {problem.where for problem in refused.value.problems} == {
        "pollutant",
        "number",
        "page",
        "issued_on",
    }
    prove(own, maker, world)
    with pytest.raises(Invalid) as twice:
        prove(own, maker, world)
    assert twice.value.problems[0].where == "document"


@pytest.mark.clause("N5.4")
def test_the_page_of_key_tasks(own, maker, world):
    client = signed_in(world.park_handler)
    url = address("key-tasks", own)
    page = client.get(url)
    parsed(page)
    assert "还没有依据" in page.content.decode()
    form = form_of(page) | {
        "pollutant": "总氮",
        "document": HOSTILE,
        "number": "1号",
        "issuer": "演示市",
        "issued_on": "2021-03-01",
        "page": "3",
        "file": SimpleUploadedFile("方案.pdf", maker_pdf()),
    }
    assert client.post(url, form).status_code == 302
    page = client.get(url)
    parsed(page)
    assert "已有依据" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    task = maker.fresh(own).key_tasks.get()
    remove = address("remove-key-task", own, task.pk)
    parsed(client.get(remove))
    assert client.post(remove, form_of(client.get(remove))).status_code == 302
    assert client.get(remove).status_code == 404


def maker_pdf():
    from tests.pilot_maker import small_pdf

    return small_pdf("依据").getvalue()


# --- who sees it afterwards


@pytest.mark.clause("N5.3")
def test_the_received_version_shows_the_object_and_what_changed(maker, world):
    pilot = maker("park", stage="submitted", located=True)
    submission = pilot.submissions.get()
    page = signed_in(world.province_handler).get(f"/submissions/{submission.pk}/")
    parsed(page)
    text = page.content.decode()
    assert "q-sketch" in text
    assert "演示批复〔2015〕1号" in text
    # A version of before knew nothing of it.
    old = {key: value for key, value in submission.snapshot.items() if key != "object_geometry"}
    type(submission).objects.filter(pk=submission.pk).update(snapshot=old)
    page = signed_in(world.province_handler).get(f"/submissions/{submission.pk}/")
    parsed(page)
    assert "q-sketch" not in page.content.decode()
    before = type(submission)(snapshot=old, pilot=pilot, call=pilot.call)
    rows = dict(differences.between(before, submission).tables)["试点对象"]
    assert any("边界围成的面积" in row.what for row in rows)
    assert returned.changes(old, submission.snapshot) == (set(), {"object"})


def test_pages_about_the_object_cost_the_same_for_one_and_for_many(
    basin, maker, world, django_assert_max_num_queries
):
    client = signed_in(world.park_handler)
    counts = []
    for many in (1, 40):
        actions.set_basin(
            maker.fresh(basin),
            by=world.park_handler,
            reaches=[ReachRow(f"段{n}", "河") for n in range(many)],
            sections=[SectionRow(f"面{n}", "河") for n in range(many)],
        )
        with django_assert_max_num_queries(45) as captured:
            assert client.get(address("basin", basin)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
