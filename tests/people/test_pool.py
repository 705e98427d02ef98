"""The pool of experts: kept by a department, filled by workbook, seen by those who may use it."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingyuan.kernel.actions import Invalid, NotAllowed
from qingyuan.kernel.models import Mail
from qingyuan.people.models import Expert, User
from qingyuan.people.pool import actions, queries, table
from qingyuan.people.pool.actions import PoolRow
from qingyuan.workbooks.read import read_table
from qingyuan.workbooks.write import write_table
from tests.people.strict import client_of, strict, words

pytestmark = pytest.mark.django_db
ROW = {
    "code": "H-01",
    "name": "演示甲",
    "email": "h01@example.org",
    "title": "教授",
    "employer": "演示·环境科学研究院",
    "region": "洛阳市",
    "fields": "电镀、造纸",
    "categories": "",
    "methods": "物质流分析、水平衡",
}


def url(name, *arguments):
    return reverse(f"people:{name}", args=[getattr(one, "pk", one) for one in arguments])


def workbook(*rows, name="名单.xlsx"):
    target = io.BytesIO()
    write_table(target, table.pool_table(), rows)
    return SimpleUploadedFile(name, target.getvalue())


def post(client, address, **data):
    forms = strict(client.get(address)).iter("form")
    form = next(one for one in forms if one.get("action", "").startswith(address))
    hidden = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
    return client.post(address, {**hidden, **data})


def test_a_province_fills_its_pool_by_workbook_and_takes_it_out_again_unchanged(world):
    client = client_of(world.province_handler)
    address = url("import-experts", world.henan_ecology)
    second = ROW | {
        "code": "H-02",
        "name": "演示乙",
        "email": "h02@example.org",
        "employer": "演示没有登记的大学",
    }
    assert post(client, address, file=workbook(ROW, second)).status_code == 302
    first = Expert.objects.get(code="H-01")
    assert first.fields == ["electroplating", "papermaking"]
    assert first.methods == ["物质流分析", "水平衡"]
    assert (first.employer, first.region_code, first.keeper) == (
        world.institute,
        "410300",
        world.henan_ecology,
    )
    assert Expert.objects.get(code="H-02").employer_label == "演示没有登记的大学"
    assert Mail.objects.filter(address="h01@example.org", body__contains="H-01").count() == 1
    assert not User.objects.get(email="h01@example.org").has_usable_password()
    out = client.get(url("experts-xlsx") + "?text=H-0")
    reading = read_table(b"".join(out.streaming_content), table.pool_table())
    assert reading.ok
    assert table.rows_of(reading) == [
        PoolRow(
            code=code,
            name=name,
            email=email,
            title="教授",
            employer=employer,
            region_code="410300",
            fields=("electroplating", "papermaking"),
            methods=("物质流分析", "水平衡"),
        )
        for code, name, email, employer in (
            ("H-01", "演示甲", "h01@example.org", "演示·环境科学研究院"),
            ("H-02", "演示乙", "h02@example.org", "演示没有登记的大学"),
        )
    ]
    # The same list again updates; nobody is greeted twice.
    assert post(client, address, file=workbook(ROW | {"title": "研究员"})).status_code == 302
    assert Expert.objects.get(code="H-01").title == "研究员"
    assert Mail.objects.filter(address="h01@example.org").count() == 1


def test_wrong_cells_are_all_named_and_marked_and_nothing_is_imported(world):
    client = client_of(world.province_handler)
    wrong = ROW | {"code": "E-001", "email": "keine", "region": "某地", "fields": "电镀、炼金"}
    answer = post(client, url("import-experts", world.henan_ecology), file=workbook(ROW, wrong))
    assert answer.status_code == 422
    said = words(answer)
    for value in ("E-001", "keine", "某地", "炼金"):
        assert value in said
    assert not Expert.objects.filter(code="H-01").exists()
    (marked,) = (
        link.get("href") for link in strict(answer).iter("a") if "marked.xlsx" in link.get("href", "")
    )
    assert client.get(marked).status_code == 200
    assert client_of(world.reform_handler).get(marked).status_code == 404


def test_rows_that_contradict_accounts_and_each_other_are_refused_together(world):
    rows = [
        PoolRow(code="H-01", name="演示甲", email=world.expert.email),
        PoolRow(code="H-02", name="演示乙", email="same@example.org"),
        PoolRow(code="H-03", name="演示丙", email="same@example.org"),
        PoolRow(code="E-001", name="演示丁", email="other@example.org"),
    ]
    with pytest.raises(Invalid) as refused:
        actions.import_pool(world.henan_ecology, by=world.province_handler, rows=rows)
    assert [problem.where for problem in refused.value.problems] == ["1.email", "3.email", "4.code"]
    assert Expert.objects.count() == 1


def test_only_the_departments_officers_keep_a_pool(world):
    row = [PoolRow(code="H-01", name="演示甲", email="h01@example.org")]
    for who, body in (
        (world.province_signer, world.henan_ecology),
        (world.reform_handler, world.henan_ecology),
        (world.park_handler, world.park),
        (world.operator, world.henan_ecology),
    ):
        with pytest.raises(NotAllowed):
            actions.import_pool(body, by=who, rows=row)
    actions.import_pool(world.henan_ecology, by=world.province_handler, rows=row)
    kept = Expert.objects.get(code="H-01")
    with pytest.raises(NotAllowed):
        actions.rest(kept, by=world.reform_handler)
    assert actions.rest(kept, by=world.province_handler).stage == "resting"
    assert actions.restore(kept, by=world.operator).stage == "active"


def test_the_list_shows_whom_one_may_use_and_filters(world, django_assert_num_queries):
    rows = [
        PoolRow(code=f"H-{number:02}", name="演示", email=f"h{number}@example.org", fields=("papermaking",))
        for number in range(9)
    ]
    actions.import_pool(world.henan_ecology, by=world.province_handler, rows=rows)
    expert = Expert.objects.get(code="H-01")
    other = type(world.henan_ecology).objects.create(
        kind="province_ecology", name="演示·某省生态环境厅", region_code="420000"
    )
    Expert.objects.filter(code="H-02").update(keeper=other)
    seen = [one.code for one in queries.experts(world.reform_signer)]
    assert "H-01" in seen
    assert "E-001" in seen
    assert "H-02" not in seen
    assert "H-02" in [one.code for one in queries.experts(world.state_handler)]
    assert not queries.experts(world.park_handler).exists()
    found = queries.experts(world.operator, field="electroplating")
    assert [one.code for one in found] == ["E-001"]
    assert client_of(world.park_handler).get(url("experts")).status_code == 403
    assert client_of(world.park_handler).get(url("experts-xlsx")).status_code == 403
    hidden = Expert.objects.get(code="H-02")
    assert client_of(world.reform_signer).get(url("expert", hidden)).status_code == 404
    assert "造纸" in words(client_of(world.reform_signer).get(url("expert", expert)))


def test_an_officer_admits_one_and_the_expert_corrects_the_own_profile(world):
    client = client_of(world.province_handler)
    answer = post(
        client,
        url("admit-expert", world.henan_ecology),
        code="H-09",
        name="演示戊",
        email="h09@example.org",
        fields_of_work=["papermaking"],
        methods="水平衡",
    )
    assert answer.status_code == 302
    expert = Expert.objects.get(code="H-09")
    own = client_of(expert.user)
    assert "没有申报" in words(own.get(url("expert", expert)))
    answer = post(
        own,
        url("describe-expert", expert),
        employer="演示·环境科学研究院",
        fields_of_work=["papermaking", "electroplating"],
        methods="水平衡、" + "长" * 31,
    )
    assert answer.status_code == 422
    assert "每项不超过 30 字" in words(answer)
    answer = post(
        own,
        url("describe-expert", expert),
        employer="演示·环境科学研究院",
        fields_of_work=["papermaking", "electroplating"],
    )
    assert answer.status_code == 302
    expert.refresh_from_db()
    assert (expert.employer, expert.region_code) == (world.institute, "410100")
    assert "演示·环境科学研究院" in words(own.get(url("expert", expert)))
    assert client_of(world.expert).get(url("expert", expert)).status_code == 404


def test_the_pages_are_strict(world):
    actions.import_pool(
        world.henan_ecology,
        by=world.province_handler,
        rows=[PoolRow(code="H-01", name="演示甲", email="h01@example.org")],
    )
    expert = Expert.objects.get(code="H-01")
    client = client_of(world.province_handler)
    for address in (
        url("experts"),
        url("experts") + "?field=papermaking",
        url("admit-expert", world.henan_ecology),
        url("import-experts", world.henan_ecology),
        url("expert", expert),
        url("describe-expert", expert),
        url("rest-expert", expert),
        url("restore-expert", expert),
    ):
        strict(client.get(address))
