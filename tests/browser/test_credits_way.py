"""Credits of a passed pilot in a real browser, at both widths: from the button to the certificate anybody checks."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import expect

from qingyuan.kernel import clock
from qingyuan.people import actions as people
from qingyuan.people.models import Membership
from qingyuan.registry.models import AuditRecord
from tests.delivery_maker import DURING, conclude, project_in
from tests.registry_maker import row, take_in


def test_the_pages_of_credits_at_both_widths(live_maker, look):
    world = live_maker.world
    project = project_in(live_maker, "running")
    first, _second, out = project.scope.select_related("enterprise")
    code = first.enterprise.credit_code
    take_in(
        world, row(1, credit_code=code, name=first.name, listed_on=date(2022, 3, 31), region_code="410300")
    )
    body = people.register_organisation(
        by=world.operator,
        kind="enterprise",
        name=first.name,
        region_code="410300",
        credit_code=code,
        is_demo=True,
    )
    Membership.objects.create(user=world.stranger, organisation=body, role="handler", since=clock.now())
    own = look(world.stranger.username)
    own.go("own-before", "/my-audits/")
    left_out = [{"credit_code": out.enterprise.credit_code, "reason": "演示：拒不实施方案"}]
    conclude(live_maker, project, exclusions=left_out)
    officer = look(world.province_handler.username)
    with clock.at(DURING):
        officer.go("credits-before", f"/projects/{project.pk}/credits/")
        officer.go("credit", f"/projects/{project.pk}/credits/enter/")
        officer.visitor.press("计入审核记录")
        officer.at("credits")
        officer.go("credits-revoke", f"/projects/{project.pk}/credits/revoke/")
        record = AuditRecord.objects.select_related("certificate", "enterprise").get(
            enterprise=first.enterprise
        )
        page = look("").go("certificate", f"/audit-certificates/{record.certificate.code}/")
        expect(page.locator("main")).to_contain_text("有效")
        look("").go("certificates", "/audit-certificates/")
        own.go("own-after", "/my-audits/")
        for name, path in (
            ("enterprise", record.enterprise.get_absolute_url()),
            ("enterprise-history", f"/enterprises/{record.enterprise_id}/history/"),
            ("registry-statistics", "/enterprises/statistics/"),
            ("registry", "/enterprises/"),
        ):
            officer.go(name, path)
