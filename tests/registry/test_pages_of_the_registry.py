"""The pages: the list, one enterprise with its verbs, the workbook, and what anybody may look up."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingyuan.kernel.actions import Invalid
from qingyuan.kernel.models import LedgerEntry
from qingyuan.registry import actions, queries
from qingyuan.registry.models import AuditRecord, Enterprise
from tests.delivery_maker import project_in
from tests.pilot_maker import credit_code
from tests.registry_maker import of_code, other_enterprise, row, take_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HEADER = ["企业名称", "统一社会信用代码", "所在地区", "最近审核完成日期", "审核性质", "依据文件"]


def client_of(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def audit(number, world, **more):
    return actions.record_audit(
        of_code(number),
        by=world.province_handler,
        **{"kind": "mandatory", "completed_on": date(2016, 2, 29), "source": "演示〔2016〕1号", **more},
    )


def workbook(*rows):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("企业基础信息清单")
    for number, cells in enumerate([HEADER, *rows]):
        sheet.write_row(number, 0, cells)
    book.close()
    return SimpleUploadedFile("清单.xlsx", target.getvalue())


def post(client, url, data):
    return client.post(url, {"key": "k" * 16, **data})


def test_the_list_finds_by_name_code_place_stage_and_due_day(world):
    take_in(world, row(1, name="演示电镀厂"), row(2, region_code="410800"), row(3))
    audit(1, world)
    audit(2, world, completed_on=date(2018, 3, 1))
    audit(3, world, kind="voluntary")
    user = world.province_handler

    def codes(**asked):
        return [one.credit_code for one in queries.enterprises(user, **asked)]

    assert codes(text="电镀") == [credit_code(1)]
    assert codes(text=credit_code(2).lower()) == [credit_code(2)]
    assert codes(region="410800") == [credit_code(2)]
    assert len(codes(region="410000")) == 3
    assert codes(due="overdue") == [credit_code(1)]
    assert codes(due="soon") == [credit_code(2)]
    assert codes(stage="closed") == []
    text = client_of(user).get(reverse("registry:enterprises"), {"due": "overdue"}).content.decode()
    assert "演示电镀厂" in text
    assert "2021-02-28" in text


def test_each_sees_the_enterprises_of_their_region(world):
    take_in(world, row(1))
    Enterprise.objects.create(name="演示外省", credit_code=credit_code(2), province="11")
    seen = {
        who: queries.enterprises(getattr(world, who)).count()
        for who in ("province_handler", "reform_handler", "state_handler", "park_handler", "operator")
    }
    assert seen == {
        "province_handler": 1, "reform_handler": 1, "state_handler": 2, "park_handler": 0, "operator": 2,
    }  # fmt: skip
    assert client_of(world.park_handler).get(reverse("registry:enterprises")).status_code == 403
    assert client_of(world.park_handler).get(of_code(1).get_absolute_url()).status_code == 404


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_fifty(world):
    client = client_of(world.province_handler)

    def questions():
        client.get(reverse("registry:enterprises"))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("registry:enterprises")).status_code == 200
        return len(asked)

    take_in(world, row(1))
    one = questions()
    take_in(world, *(row(number) for number in range(2, 60)))
    assert questions() == one <= 8


def test_one_enterprise_shows_its_duties_audits_names_and_pilots(maker, world):
    project = project_in(maker, "running")
    code = project.scope.select_related("enterprise")[0].enterprise.credit_code
    before = LedgerEntry.objects.count()
    actions.import_list(
        world.henan_ecology,
        by=world.province_handler,
        rows=[row(1, credit_code=code, name="演示新名", listed_on=date(2022, 3, 31))],
    )
    assert LedgerEntry.objects.count() == before + 1
    one = Enterprise.objects.get(credit_code=code)
    response = client_of(world.province_handler).get(one.get_absolute_url())
    text = response.content.decode()
    assert "演示新名" in text
    assert project.title in text
    assert "2022-04-30" in text
    assert "中华人民共和国清洁生产促进法" in text
    assert "曾用名" in text
    other = client_of(world.operator).get(one.get_absolute_url()).content.decode()
    assert project.title not in other


def test_its_life_over_the_pages(world):
    take_in(world, row(1))
    client, one = client_of(world.province_handler), of_code(1)
    renamed = post(
        client, reverse("registry:rename", args=[one.pk]), {"name": "演示更名", "on": "2022-06-01"}
    )
    assert renamed.status_code == 302
    data = {"kind": "mandatory", "completed_on": "2021-06-30", "level": "II", "source": "演示文号"}
    assert post(client, reverse("registry:record-audit", args=[one.pk]), data).status_code == 302
    record = AuditRecord.objects.get()
    assert "2026-06-30" in client.get(one.get_absolute_url()).content.decode()
    revoke = reverse("registry:revoke-audit", args=[record.pk])
    assert post(client, revoke, {"reason": ""}).status_code == 422
    assert post(client, revoke, {"reason": "演示：登记有误"}).status_code == 302
    assert "2026-06-30" not in client.get(one.get_absolute_url()).content.decode()
    close = {"on": "2022-06-02", "reason": "演示：注销"}
    assert post(client, reverse("registry:close", args=[one.pk]), close).status_code == 302
    assert post(client, reverse("registry:reopen", args=[one.pk]), {}).status_code == 302
    target = other_enterprise()
    merge = reverse("registry:merge", args=[one.pk])
    assert post(client, merge, {"into": credit_code(9)}).status_code == 422
    assert post(client, merge, {"into": target.credit_code.lower()}).status_code == 302
    found = of_code(1)
    assert (found.stage, found.merged_into, found.name) == ("merged", target, "演示更名")


def test_what_a_merged_entry_did_counts_for_whom_it_went_into(world):
    take_in(world, row(1), row(2), row(3))
    audit(1, world, completed_on=date(2020, 6, 30))
    by = world.province_handler
    actions.merge(of_code(1), by=by, into=of_code(2))
    actions.merge(of_code(2), by=by, into=of_code(3))
    assert of_code(1).merged_into == of_code(3)
    assert [one.enterprise for one in queries.records_of(of_code(3))] == [of_code(1)]
    assert queries.enterprises(by).get(credit_code=credit_code(3)).last_audit == date(2020, 6, 30)
    with pytest.raises(Invalid):
        actions.merge(of_code(3), by=by, into=of_code(3))
    with pytest.raises(Invalid, match="1 处"):
        take_in(world, row(1))


def test_an_audit_is_recorded_once_and_never_as_a_credit(world):
    take_in(world, row(1))
    audit(1, world)
    for wrong in (
        {},
        {"kind": "credit"},
        {"completed_on": date(2099, 1, 1)},
        {"source": " "},
        {"level": "IV"},
    ):
        with pytest.raises(Invalid):
            audit(1, world, **wrong)
    actions.revoke_audit(AuditRecord.objects.get(), by=world.province_handler, reason="演示")
    assert audit(1, world).stage == "valid"


def test_a_workbook_with_faults_is_marked_and_mended_comes_in(world):
    take_in(world, row(5))
    actions.close(of_code(5), by=world.province_handler, on=date(2022, 6, 1), reason="演示")
    client = client_of(world.province_handler)
    url = reverse("registry:import", args=[world.henan_ecology.pk])
    assert client.get(url).status_code == 200
    good = ["演示甲", credit_code(1), "洛阳市", date(2020, 6, 30), "强制性审核", "演示〔2020〕1号"]
    faults = workbook(
        good,
        ["演示乙", "123", "洛阳市"],
        ["演示丙", credit_code(3), "北京市"],
        ["演示丁", credit_code(4), "410823", date(2020, 6, 30)],
        ["演示戊", credit_code(5), "410300"],
    )
    response = client.post(url, {"key": "a" * 16, "file": faults})
    text = response.content.decode()
    assert response.status_code == 422
    assert Enterprise.objects.count() == 1
    for cell in ("123", "北京市", "已登记关停", "须填审核性质", "须填依据文件"):
        assert cell in text
    marked = text.split('marked.xlsx"')[0].rpartition('href="')[2] + "marked.xlsx"
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(client.get(marked).streaming_content)))
    assert len(book.sheet_names) >= 2
    mended = workbook(good, ["演示丁", credit_code(4), "410823"])
    assert client.post(url, {"key": "b" * 16, "file": mended}).status_code == 302
    assert of_code(1).audits.get().source == "演示〔2020〕1号"
    assert of_code(4).region_code == "410823"
    template = client.get(reverse("registry:template", args=[world.henan_ecology.pk]))
    names = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(template.streaming_content))).sheet_names
    assert names[0] == "企业基础信息清单"


def test_anybody_looks_up_one_code_and_learns_its_valid_audits_only(world):
    take_in(world, row(1, name="演示公开企业", address="演示秘密路1号"), row(2))
    audit(1, world, source="演示公开文号")
    gone = audit(1, world, completed_on=date(2017, 1, 1), source="演示撤销文号")
    actions.revoke_audit(gone, by=world.province_handler, reason="演示")
    actions.merge(of_code(2), by=world.province_handler, into=of_code(1))
    visitor = Client()
    url = reverse("registry:lookup")
    for number in (1, 2):
        text = visitor.get(url, {"code": credit_code(number)}).content.decode()
        assert "演示公开企业" in text
        assert "演示公开文号" in text
        assert "演示撤销文号" not in text
        assert "演示秘密路1号" not in text
    for code in ("演示公开企业", credit_code(1)[:17], credit_code(3), "<script>"):
        assert "演示公开文号" not in visitor.get(url, {"code": code}).content.decode()
    for _again in range(30):
        last = visitor.get(url, {"code": credit_code(1)})
    assert last.status_code == 429
    assert "演示公开文号" not in last.content.decode()
