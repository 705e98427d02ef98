"""Pilots in any category and stage, made by the product's own verbs."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests import world_rows

CATEGORIES = {
    # category: (object form, sectors, pollutants)
    "sector": ("sector_in_area", ["electroplating"], []),
    "park": ("park", ["petrochemical", "electroplating"], []),
    "region": ("basin", ["papermaking", "agrifood"], ["nh3-n", "tp"]),
}
ANSWERS: dict[str, dict[str, Any]] = {
    "N5.1": {"major_violation": False},
    "N5.2": {
        "object_managers": True,
        "object_rules": True,
        "object_mechanisms": True,
        "object_groundwork": "演示：已完成两轮审核",
        "object_funding_source": "演示：财政专项与企业自筹",
        "object_funding_amount": "1200.5",
        "applicant_managers": True,
        "applicant_rules": True,
        "applicant_mechanisms": True,
        "applicant_groundwork": "演示：设有领导小组",
        "applicant_funding_source": "演示：财政预算",
        "applicant_funding_amount": "300",
    },
    "N5.3": {
        "park_boundary": True,
        "park_body": True,
        "park_body_name": "演示管委会",
        "park_one_prefecture": True,
        "park_industry": "演示：化工新材料",
    },
    "N5.4": {"basin_pollutants": ["nh3-n", "tp"], "own_pollutants": False},
}
EVIDENCE = {"N5.2": ["object_funding_amount", "applicant_funding_amount"], "N5.3": ["park_boundary"]}
SQUARE = "112.45,34.61\n112.46,34.61\n112.46,34.62\n112.45,34.62"
MEASURES = {
    "audit_days": ("300", "120"),
    "audit_cost": ("800", "350.5"),
    "coverage_share": ("20", "100"),
    "benefit_enterprises": ("6", "30"),
    "benefit_sectors": ("1", "3"),
}
ORDER = ["drafting", "ready", "reviewing", "signing", "signed", "sealed", "submitted"]


def small_pdf(text: str = "demo") -> io.BytesIO:
    """The least PDF that readers open."""
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>",
            b"<< /Length %d >>\nstream\n%% %s\nendstream" % (len(text) + 2, text.encode()),
        ],
        start=1,
    ):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    xref = len(body)
    body += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    body += b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % xref
    return io.BytesIO(body)


def credit_code(number: int) -> str:
    """A valid, invented 统一社会信用代码."""
    from qingyuan.catalogue.credit_code import check_character

    body = f"91410300{number:09d}"
    return body + check_character(body)


def enterprises(count: int, *, sector: str, start: int = 1) -> list[Any]:
    from qingyuan.pilots.actions.scope import ScopeRow

    return [
        ScopeRow(f"演示企业{number}有限公司", credit_code(number), sector)
        for number in range(start, start + count)
    ]


class PilotMaker:
    """`maker("park", stage="signed")` in the world; the applicant's people act."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.count = 0

    def __call__(
        self,
        category: str = "park",
        *,
        stage: str = "drafting",
        applicant: str = "park",
        name: str = "",
        scope: int = 3,
        call: Any = None,
        located: bool = False,
    ) -> Any:
        """Made by the verbs the first time, and then put back as rows (tests/world_rows.py)."""
        from qingyuan.pilots.models import Pilot

        self.count += 1
        name, call = name or f"演示试点{self.count}", call or self.world.call
        what = ("pilot", category, stage, applicant, name, scope, call.pk, located)

        def make() -> Any:
            return self.make(
                category,
                stage=stage,
                applicant=applicant,
                name=name,
                scope=scope,
                call=call,
                located=located,
            ).pk

        pk = world_rows.once(what, make)
        for user in set(self.people(applicant).values()):
            _ = user.standing  # known to those who acted, as the verbs leave it
        return Pilot.objects.select_related("call", "applicant").get(pk=pk)

    def make(
        self,
        category: str,
        *,
        stage: str,
        applicant: str,
        name: str,
        scope: int,
        call: Any,
        located: bool = False,
    ) -> Any:
        from qingyuan.pilots import actions, seal

        who = self.people(applicant)
        pilot = actions.create(
            call, by=who["handler"], applicant=self.world.bodies[applicant], category_id=category, name=name
        )
        wanted = ORDER.index(stage)
        if wanted >= ORDER.index("ready"):
            self.fill(pilot, by=who["handler"], scope=scope, located=located)
        if wanted >= ORDER.index("reviewing"):
            actions.hand_in(pilot, by=who["handler"])
        if wanted >= ORDER.index("signing"):
            actions.pass_review(pilot, by=who["reviewer"])
        if wanted >= ORDER.index("signed"):
            actions.sign(pilot, by=who["signer"], no_state_secrets=True)
        if wanted >= ORDER.index("sealed"):
            self.attach_seal(pilot, by=who["handler"])
        if wanted >= ORDER.index("submitted"):
            pilot = self.fresh(pilot)
            actions.submit(pilot, by=who["handler"], sealed=seal.seal(pilot))
        return pilot

    def people(self, applicant: str) -> dict[str, Any]:
        if applicant == "park":
            return {role: self.world.people[f"park_{role}"] for role in ("handler", "reviewer", "signer")}
        if applicant == "city":
            return dict.fromkeys(("handler", "reviewer", "signer"), self.world.city_all)
        return dict.fromkeys(("handler", "reviewer", "signer"), self.world.people[f"{applicant}_handler"])

    def fresh(self, pilot: Any) -> Any:
        return type(pilot).objects.select_related("call", "applicant").get(pk=pilot.pk)

    def upload(self, *, by: Any, name: str = "佐证.pdf", file: Any = None) -> Any:
        from qingyuan.kernel.gate import receive

        return receive(file or small_pdf(name.encode("unicode_escape").decode()), by=by, name=name)

    def attach_seal(self, pilot: Any, *, by: Any) -> None:
        from qingyuan.pilots import actions

        actions.attach(
            pilot, by=by, upload=self.upload(by=by, name="盖章页.pdf"), purpose="seal", title="盖章页"
        )

    def fill(self, pilot: Any, *, by: Any, scope: int = 3, located: bool = False) -> None:
        """Everything that the self-check asks for."""
        from qingyuan.pilots import actions, drafts
        from qingyuan.pilots.actions.targets import TargetRow

        form, sectors, pollutants = CATEGORIES[pilot.category_id]
        actions.describe(
            pilot,
            by=by,
            name=pilot.name,
            object_form=form,
            object_name="演示试点对象",
            region_code=pilot.applicant.region_code,
            sectors=sectors,
            pollutants=pollutants,
        )
        pilot = self.fresh(pilot)
        if located:
            self.locate(pilot, by=by)
        for condition in pilot.notice.conditions_for(pilot.category_id):
            actions.answer_condition(pilot, by=by, condition_id=condition.id, answers=ANSWERS[condition.id])
            for question in EVIDENCE.get(condition.id, []):
                actions.attach(
                    pilot,
                    by=by,
                    upload=self.upload(by=by, name=f"{question}.pdf"),
                    purpose="evidence",
                    condition_id=condition.id,
                    question_id=question,
                )
        actions.import_scope(pilot, by=by, rows=enterprises(scope, sector=sectors[0]))
        for leaf in pilot.notice.leaves():
            drafts.save_chapter(
                pilot, outline_id=leaf.id, html=f"<p>演示：{leaf.title}的内容。</p>", revision=0, by=by
            )
        actions.set_targets(
            pilot,
            by=by,
            rows=[
                TargetRow(
                    indicator=measure.title,
                    unit=measure.unit,
                    baseline_year=2021,
                    baseline=Decimal(MEASURES[measure.id][0]),
                    target=Decimal(MEASURES[measure.id][1]),
                    measure_id=measure.id,
                )
                for aim in pilot.notice.aims
                for measure in aim.measures
            ],
        )

    def locate(self, pilot: Any, *, by: Any) -> None:
        """A boundary of a square kilometre, or a reach with a section."""
        from qingyuan.pilots import actions
        from qingyuan.pilots.actions.extent import ReachRow, SectionRow
        from qingyuan.workbooks.coordinates import read_text

        if pilot.object_form == "park":
            actions.set_boundary(
                pilot,
                by=by,
                parcels=read_text(SQUARE)[0],
                declared_km2=Decimal("1.02"),
                basis="演示批复〔2015〕1号",
                prefectures=[pilot.region_code],
            )
        if pilot.object_form == "basin":
            actions.set_basin(
                pilot,
                by=by,
                key_place="yellow-river",
                reaches=[ReachRow("演示河段", "演示河", length_km=Decimal("30.5"), target="3")],
                sections=[
                    SectionRow(
                        "演示断面", "演示河", level="national", km=Decimal(20), target="3", present="4"
                    )
                ],
            )


@pytest.fixture
def maker(world: Any) -> Callable[..., Any]:
    return PilotMaker(world)


@pytest.fixture
def live_maker(live_world: Any) -> Callable[..., Any]:
    return PilotMaker(live_world)
