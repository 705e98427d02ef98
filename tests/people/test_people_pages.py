"""The pages of bodies, people and authorisations, as their users meet them, and what lists cost."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qingyuan.kernel import todos
from qingyuan.kernel.models import ApiToken, Mail
from qingyuan.people import actions
from qingyuan.people.models import Authorisation, Kind, Membership, Organisation, Role
from tests.people.pages import held_mail, post, url
from tests.people.strict import client_of, strict, words
from tests.pilot_maker import small_pdf

pytestmark = pytest.mark.django_db


# --- every page is a page


def test_all_pages_parse_for_those_who_use_them(world):
    mail = held_mail(world)
    token = actions.issue_token(by=world.park_lead, name="演示程序", secret=ApiToken.new_secret())
    authorisation = Authorisation.objects.get(applicant=world.park)
    pages = {
        world.operator: [
            url("organisations"),
            url("organisations") + "?text=没有这家",
            url("register-organisation"),
            url("form-joint-body"),
            url("experts"),
            url("enrol-expert"),
            url("organisation", world.henan_ecology),
            url("add-member", world.park),
        ],
        world.park_lead: [
            url("organisations"),
            url("organisation", world.park),
            url("add-member", world.park),
            url("remove-member", world.park),
            url("grant-authorisation", world.park),
            url("end-authorisation", authorisation),
            url("outbox"),
            url("outbox") + "?stage=sent",
            url("mail", mail),
            url("release-mail", mail),
            url("discard-mail", mail),
            url("tokens"),
            url("issue-token"),
            url("revoke-token", token),
            url("interests"),
        ],
        world.consultant: [url("organisation", world.service), url("outbox"), url("interests")],
        world.expert: [url("interests")],
        world.stranger: [url("organisations"), url("outbox"), url("tokens"), url("interests")],
    }
    for user, addresses in pages.items():
        client = client_of(user)
        for address in addresses:
            response = client.get(address)
            assert response.status_code == 200, (user, address)
            strict(response)


# --- organisations


def test_a_person_sees_only_the_own_bodies_and_an_operator_all(world):
    mine = words(client_of(world.park_handler).get(url("organisations")))
    assert "演示·洛阳新材料产业园区管委会" in mine
    assert "河南省生态环境厅" not in mine
    assert "河南省生态环境厅" in words(client_of(world.operator).get(url("organisations")))
    found = words(client_of(world.operator).get(url("organisations") + "?text=洛阳&kind=park"))
    assert "演示·洛阳新材料产业园区管委会" in found
    assert "洛阳市发展改革委" not in found


def test_a_body_of_others_is_not_there(world):
    client = client_of(world.city_handler)
    for name in ("organisation", "add-member", "remove-member", "grant-authorisation"):
        assert client.get(url(name, world.park)).status_code == 404
        assert client.post(url(name, world.park)).status_code == 404
    assert client.get(url("end-authorisation", Authorisation.objects.get())).status_code == 404


def test_someone_without_a_body_is_told_whom_to_ask(world):
    assert "请本单位的牵头负责人" in words(client_of(world.stranger).get(url("organisations")))


def test_the_shell_names_the_person_and_the_body(world):
    assert "演示园区经办" in client_of(world.park_handler).get(url("organisations")).content.decode()
    two = client_of(world.park_and_province).get(url("organisations")).content.decode()
    assert "等 2 个单位" in two


@pytest.mark.parametrize("role", [Role.HANDLER, Role.SIGNER])
def test_a_lead_adds_and_removes_people(world, role):
    client = client_of(world.park_lead)
    answer = post(client, url("add-member", world.park), name="演示新人", email="New@example.org", role=role)
    assert answer.status_code == 302
    membership = Membership.objects.get(user__email="new@example.org", organisation=world.park)
    assert membership.role == role
    invitation = Mail.objects.get(address__iexact="new@example.org")
    assert "演示园区牵头" in invitation.subject
    page = client.get(url("organisation", world.park))
    assert "演示新人" in words(page)
    removal = strict(client.get(url("remove-member", world.park) + f"?membership={membership.pk}"))
    chosen = [one.get("value") for one in removal.iter("input") if "checked" in one.attrib]
    assert chosen == [str(membership.pk)]
    assert post(client, url("remove-member", world.park), membership=membership.pk).status_code == 302
    assert not Membership.objects.filter(pk=membership.pk).exists()


def test_only_the_lead_finds_the_buttons(world):
    assert "添加人员" not in words(client_of(world.park_handler).get(url("organisation", world.park)))
    refused = client_of(world.park_handler).get(url("add-member", world.park))
    assert refused.status_code == 403
    assert "须为本单位的牵头负责人" in words(refused)


def test_an_operator_registers_a_body_and_wrong_entries_are_all_named(world):
    client = client_of(world.operator)
    answer = post(
        client,
        url("register-organisation"),
        name="河南省生态环境厅",
        kind="",
        region_code="410000",
        parent="没有登记的单位",
        credit_code="91410000MA00000000",
    )
    assert answer.status_code == 422
    said = words(answer)
    assert "已经登记，不必重复登记" in said
    assert "没有找到已登记的“没有登记的单位”" in said
    answer = post(
        client,
        url("register-organisation"),
        name="演示·安阳市人民政府",
        kind=Kind.GOVERNMENT,
        region_code="410500",
        parent="河南省生态环境厅",
        email="anyang@example.org",
    )
    body = Organisation.objects.get(name="演示·安阳市人民政府")
    assert answer.headers["Location"] == url("organisation", body)
    assert body.parent == world.henan_ecology
    page = words(client.get(url("organisation", body)))
    assert "先添加一位牵头负责人" in page
    assert "安阳市" in page


def test_a_wrong_credit_code_is_named_beside_its_field(world):
    answer = post(
        client_of(world.operator),
        url("register-organisation"),
        name="演示·某中心",
        kind=Kind.SERVICE,
        credit_code="91410000MA00000000",
    )
    assert answer.status_code == 422
    tree = strict(answer)
    assert tree.find(".//input[@id='id_credit_code']").get("aria-invalid") == "true"


def test_registering_is_the_operators(world):
    assert client_of(world.park_lead).get(url("register-organisation")).status_code == 403
    assert client_of(world.park_lead).get(url("experts")).status_code == 403


def test_an_operator_forms_a_joint_body(world):
    client = client_of(world.operator)
    address = url("form-joint-body")
    assert (
        post(
            client, address, level="province", host="河南省生态环境厅", cosigner="河南省生态环境厅"
        ).status_code
        == 422
    )
    assert "已经登记" in words(
        post(client, address, level="province", host="河南省生态环境厅", cosigner="河南省发展和改革委员会")
    )
    answer = post(
        client, address, level="province", host="河南省发展和改革委员会", cosigner="河南省生态环境厅"
    )
    assert answer.status_code == 302
    assert "主办" in words(client.get(url("organisation", world.henan_reform)))


# --- authorisations


def test_an_applicant_authorises_a_service_body_with_its_agreement_and_ends_it(world):
    client = client_of(world.park_lead)
    agreement = SimpleUploadedFile("保密协议.pdf", small_pdf().read())
    answer = post(
        client,
        url("grant-authorisation", world.park),
        service_body=world.service.name,
        scope="read",
        valid_from="2022-06-01",
        valid_until="2022-12-31",
        secrecy_agreement=agreement,
    )
    assert answer.status_code == 302
    granted = Authorisation.objects.get(scope="read")
    assert granted.secrecy_agreement is not None
    page = words(client.get(url("organisation", world.park)))
    assert "保密协议.pdf" in page
    assert "未上传" in page  # the one of the cast has none
    for reader in (world.park_handler, world.consultant):
        response = client_of(reader).get(url("secrecy-agreement", granted))
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert client_of(world.city_handler).get(url("secrecy-agreement", granted)).status_code == 404
    assert post(client, url("end-authorisation", granted)).status_code == 302
    assert "已终止" in words(client.get(url("organisation", world.park)))


def test_a_file_that_is_no_agreement_is_refused_and_the_rest_stays(world):
    answer = post(
        client_of(world.park_lead),
        url("grant-authorisation", world.park),
        service_body=world.service.name,
        scope="read",
        valid_from="2022-06-01",
        valid_until="2022-12-31",
        secrecy_agreement=SimpleUploadedFile("协议.pdf", b"MZ" + b"\0" * 200),
    )
    assert answer.status_code == 422
    tree = strict(answer)
    assert tree.find(".//input[@name='service_body']").get("value") == world.service.name
    assert not Authorisation.objects.filter(scope="read").exists()


def test_all_problems_of_an_authorisation_come_at_once(world):
    answer = post(
        client_of(world.park_lead),
        url("grant-authorisation", world.park),
        service_body="演示·洛阳",
        scope="read",
        valid_from="2022-06-01",
        valid_until="",
    )
    said = words(answer)
    assert "没有找到已登记的" in said
    assert said.count("必填") >= 1
    assert answer.status_code == 422


def test_the_service_body_sees_for_whom_it_works_but_cannot_end_it(world):
    client = client_of(world.consultant)
    page = words(client.get(url("organisation", world.service)))
    assert "演示·洛阳新材料产业园区管委会" in page
    assert "编写方案与数据" in page
    assert client.get(url("end-authorisation", Authorisation.objects.get())).status_code == 403


# --- what lists cost


def more_bodies(world, count):
    for number in range(count):
        actions.register_organisation(
            by=world.operator, kind=Kind.PARK, name=f"演示园区{number}", region_code="410300"
        )


def test_the_list_of_bodies_costs_the_same_for_many(world, django_assert_max_num_queries):
    client = client_of(world.operator)
    client.get(url("organisations"))
    with django_assert_max_num_queries(5) as few:
        client.get(url("organisations"))
    more_bodies(world, 60)
    with django_assert_max_num_queries(len(few)):
        page = client.get(url("organisations"))
    assert words(page).count("演示园区") <= 50
    assert "下一页" in words(page)


def test_a_body_s_page_costs_the_same_for_many(world, django_assert_max_num_queries):
    client = client_of(world.park_lead)
    address = url("organisation", world.park)
    client.get(address)
    with django_assert_max_num_queries(10) as few:
        client.get(address)
    for number in range(3):
        actions.add_member(
            world.park,
            by=world.park_lead,
            email=f"more{number}@example.org",
            name=f"演示{number}",
            role=Role.HANDLER,
        )
        actions.grant_authorisation(
            world.park,
            by=world.park_lead,
            service_body=world.service,
            scope="read",
            valid_from=date(2022, 1, 1 + number),
            valid_until=date(2022, 12, 1 + number),
        )
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_the_outbox_costs_the_same_for_many(world, django_assert_max_num_queries):
    held_mail(world)
    client = client_of(world.park_handler)
    client.get(url("outbox"))
    with django_assert_max_num_queries(6) as few:
        client.get(url("outbox"))
    for number in range(60):
        held_mail(world, subject=f"演示邮件{number}")
    with django_assert_max_num_queries(len(few)):
        assert "下一页" in words(client.get(url("outbox")))


def test_an_authorisation_that_runs_out_is_announced_to_those_who_gave_it(world):
    from qingyuan.kernel import clock

    with clock.at("2022-12-20T09:00:00+08:00"):
        (one,) = [todo for todo in todos.of(world.park_lead) if todo.kind == "授权"]
        assert one.due == datetime.fromisoformat("2023-01-01T00:00:00+08:00")
        assert not [todo for todo in todos.of(world.park_handler) if todo.kind == "授权"]
