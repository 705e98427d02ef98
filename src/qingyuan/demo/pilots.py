"""The example pilots: one being drafted in each category, others on their way, one received."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from qingyuan.demo import depth, files, ground, rich, texts
from qingyuan.demo.spine import Spine
from qingyuan.kernel import clock
from qingyuan.kernel.gate import receive
from qingyuan.pilots import actions, drafts, seal
from qingyuan.pilots.models import CertificateRequest, Pilot

if TYPE_CHECKING:
    from qingyuan.demo.world import World

STEPS = ("drafting", "reviewing", "signed", "ready", "submitted")


@dataclass(frozen=True)
class Example:
    """A pilot of the demo and how far it has come; `reviewer` and `signer` may be the same person."""

    day: str
    until: str
    applicant: str
    handler: str
    checker: tuple[str, str]
    category: str
    form: str
    name: str
    object_name: str
    place: str
    sectors: tuple[str, ...]
    sector_words: str
    trade: str
    enterprises: int
    counties: tuple[str, ...]
    pollutants: tuple[str, ...] = ()
    key_place: str = ""
    prefectures: tuple[str, ...] = ()
    """Of a region: which of the notice's key regions, and codes of its prefectures."""
    partners: tuple[str, str] = ("新乡市", "安阳市")
    """Of a region or basin: whose governments take part beside the one that leads."""
    handed: str = "2022-06-16"
    """The day on which it goes to the reviewer; on `finished` it is signed, stamped and submitted."""
    finished: str = "2022-06-17"
    is_rich: bool = False
    """Still being drafted, but nearly done: with the long plan and everything that can stand around it."""

    @property
    def is_written(self) -> bool:
        return self.is_rich or self.until != "drafting"

    @property
    def audited(self) -> int:
        return rich.AUDITED if self.is_rich else max(1, self.enterprises // 5)


PARK_PEOPLE = ("yuanqu-shenhe", "yuanqu-qianfa")
EXAMPLES = (
    Example(
        "2022-06-06", "submitted", "county", "xianfu-duogang", ("xianfu-duogang", "xianfu-duogang"),
        "sector", "sector_in_area", "修武县包装印刷行业清洁生产整体审核创新试点（演示）", "修武县包装印刷行业", "焦作市修武县",
        ("packaging-printing",), "包装印刷", "印务", 12, ("修武县",),
    ),
    Example(
        "2022-06-08", "ready", "zone", "kaifaqu-jingban", ("kaifaqu-shenqian", "kaifaqu-shenqian"),
        "park", "park", "南阳先进制造业开发区清洁生产整体审核创新试点（演示）", "南阳先进制造业开发区", "南阳市",
        ("electroplating", "industrial-coating"), "电镀、工业涂装", "精密制造", 18, ("宛城区", "新野县"),
    ),
    Example(
        "2022-06-10", "reviewing", "park", "yuanqu-jingban", PARK_PEOPLE,
        "park", "cluster", "洛阳耐火材料产业集群清洁生产整体审核创新试点（演示）", "洛阳耐火材料产业集群", "洛阳市",
        ("building-materials",), "建材", "耐火材料", 15, ("新安县", "伊川县"),
    ),
    Example(
        "2022-06-13", "drafting", "bureau", "gongxin-jingban", ("gongxin-shenqian", "gongxin-shenqian"),
        "sector", "sector_in_area", "新乡市电镀行业清洁生产整体审核创新试点（演示）", "新乡市电镀行业", "新乡市",
        ("electroplating",), "电镀", "表面处理", 12, ("红旗区", "长垣市"),
    ),
    Example(
        "2022-06-15", "drafting", "park", "yuanqu-jingban", PARK_PEOPLE,
        "park", "park", "洛阳新材料产业园清洁生产整体审核创新试点（演示）", "洛阳新材料产业园", "洛阳市",
        ("petrochemical", "nonferrous"), "石化化工、有色金属", "新材料", rich.COUNT, ("孟津区", "伊川县"), is_rich=True,
    ),
    Example(
        "2022-06-16", "drafting", "city", "shifu-jingban", ("shifu-shenqian", "shifu-shenqian"),
        "region", "basin", "黄河流域濮阳段造纸行业清洁生产协同审核创新试点（演示）", "黄河流域濮阳段", "濮阳市",
        ("papermaking", "agrifood"), "造纸、农副食品加工", "纸业", 5, ("濮阳县", "台前县"), ("nh3-n", "tp", ground.OWN_POLLUTANT),
    ),
)  # fmt: skip
REMARKS = (
    ("goals", "演示意见：请写明费用目标包括哪些开支。"),
    ("innovation", "演示意见：创新点写得太简略，请对照通知逐条展开，并说明可复制性。"),
)
YES = True
ANSWERS: dict[str, dict[str, Any]] = {
    "N5.1": {"major_violation": False},
    "N5.2": {
        "object_managers": YES,
        "object_rules": YES,
        "object_mechanisms": YES,
        "object_groundwork": "演示：已完成两轮重点企业审核",
        "object_funding_source": "演示：企业自筹与金融机构贷款",
        "object_funding_amount": "1260",
        "applicant_managers": YES,
        "applicant_rules": YES,
        "applicant_mechanisms": YES,
        "applicant_groundwork": "演示：设有领导小组和联席会议",
        "applicant_funding_source": "演示：财政预算",
        "applicant_funding_amount": "320.5",
    },
    "N5.3": {
        "park_boundary": YES,
        "park_body": YES,
        "park_body_name": "演示：园区管委会",
        "park_one_prefecture": YES,
        "park_industry": "演示：主导产业产值占七成以上",
        "cluster_form": YES,
        "cluster_description": "演示：以产业链分工集聚",
    },
    "N5.4": {"basin_pollutants": ["nh3-n", "tp"], "own_pollutants": False},
}


def build(
    world: World, examples: tuple[Example, ...] = EXAMPLES, *, first: int = 1, computed: bool = False
) -> None:
    """All examples, every act on its own day of June 2022 and in the order of the calendar, as in a real ledger.

    `computed`: those still being drafted hold data, a computation by the engine, and a plan that quotes it.
    """
    ways = [
        Way(world, example, number, computed=computed and example.until == "drafting")
        for number, example in enumerate(examples, start=first)
    ]
    steps = sorted((step for way in ways for step in way.steps()), key=lambda step: step[0])
    for instant, act in steps:
        with clock.at(f"{instant}:00+08:00"):
            act()


class Way:
    """The way of one example, from nothing to where it stands."""

    pilot: Pilot
    letter: CertificateRequest

    def __init__(self, world: World, example: Example, number: int, *, computed: bool = False) -> None:
        self.world, self.example, self.number, self.computed = world, example, number, computed
        self.handler = world.people[example.handler]
        self.reviewer, self.signer = (world.people[key] for key in example.checker)
        self.remarks: list[int] = []

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        """What happens when (local time), as far as this example goes."""
        day, minute = self.example.day, f"{self.number:02d}"
        every = [
            ("drafting", f"{day}T09:{minute}", self.create),
            ("drafting", f"{day}T10:{minute}", self.fill),
            ("drafting", f"{day}T15:{minute}", self.write),
            *(self.correspondence() if self.example.is_rich else []),
            *(Spine(self).steps() if self.computed else []),
            ("reviewing", f"{self.example.handed}T16:{minute}", self.hand_in),
            ("signed", f"{self.example.finished}T09:{minute}", self.pass_review),
            ("signed", f"{self.example.finished}T11:{minute}", self.sign),
            ("ready", f"{self.example.finished}T14:{minute}", self.stamp),
            ("submitted", f"{self.example.finished}T15:{minute}", self.submit),
        ]
        reached = STEPS.index(self.example.until)
        return [(instant, act) for step, instant, act in every if STEPS.index(step) <= reached]

    def correspondence(self) -> list[tuple[str, str, Callable[[], None]]]:
        """Letters to other bodies and remarks of colleagues, on the rich example."""
        return [
            ("drafting", "2022-06-15T16:05", self.ask_for_certificates),
            ("drafting", "2022-06-16T10:05", self.remark),
            ("drafting", "2022-06-17T16:05", self.receive_certificate),
            ("drafting", "2022-06-17T16:35", self.resolve),
        ]

    def ask_for_certificates(self) -> None:
        self.letter = actions.request_certificate(
            self.pilot,
            by=self.handler,
            condition_id="N5.1",
            question_id="major_violation",
            organisation=self.world.bodies["ecology-410300"],
            text="请就洛阳新材料产业园近三年内有无重大环境违法行为出具证明（演示）。",
        )
        actions.request_certificate(
            self.pilot,
            by=self.handler,
            condition_id="N5.2",
            question_id="applicant_funding_amount",
            body_name="洛阳市财政部门（演示）",
            text="请就试点财政预算资金的安排出具证明（演示）。",
        )

    def receive_certificate(self) -> None:
        upload = receive(files.evidence("无重大环境违法行为的证明"), by=self.handler, name="演示证明函.docx")
        actions.receive_certificate(
            self.letter, by=self.world.people["shiju-jingban"], upload=upload, answered_on=date(2022, 6, 17)
        )

    def remark(self) -> None:
        for outline_id, text in REMARKS:
            made = actions.remark_chapter(self.pilot, by=self.reviewer, outline_id=outline_id, text=text)
            self.remarks.append(made.pk)

    def resolve(self) -> None:
        actions.resolve_remark(self.pilot, by=self.handler, remark_id=self.remarks[0])

    def create(self) -> None:
        self.pilot = actions.create(
            self.world.calls["henan"],
            by=self.handler,
            applicant=self.world.bodies[self.example.applicant],
            category_id=self.example.category,
            name=self.example.name,
        )

    def fill(self) -> None:
        pilot, example = self.pilot, self.example
        actions.describe(
            pilot,
            by=self.handler,
            name=pilot.name,
            object_form=example.form,
            object_name=example.object_name,
            region_code=pilot.applicant.region_code,
            sectors=list(example.sectors),
            pollutants=list(example.pollutants),
        )
        pilot.refresh_from_db()
        ground.describe(pilot, example, by=self.handler)
        actions.import_scope(pilot, by=self.handler, rows=depth.enterprises(example, self.number))
        _answer(pilot, by=self.handler, is_complete=example.is_written)
        depth.set_targets(pilot, example, by=self.handler)
        depth.set_schedule(pilot, example, by=self.handler)
        if example.category == "region":
            depth.organise_jointly(pilot, example, by=self.handler)

    def write(self) -> None:
        if self.example.is_rich:
            depth.write_rich(self.pilot, by=self.handler, helper=self.world.people["zixun"])
            return
        facts = _facts(self.example)
        for leaf in self.pilot.notice.leaves():
            if self.example.is_written or leaf.id in texts.PARTIAL:
                html = texts.chapter(leaf.id, facts=facts, title=leaf.title)
                drafts.save_chapter(self.pilot, outline_id=leaf.id, html=html, revision=0, by=self.handler)

    def hand_in(self) -> None:
        actions.hand_in(self.pilot, by=self.handler, remark="演示：请审核")

    def pass_review(self) -> None:
        actions.pass_review(self.pilot, by=self.reviewer, remark="演示：同意")

    def sign(self) -> None:
        actions.sign(self.pilot, by=self.signer, no_state_secrets=True)

    def stamp(self) -> None:
        upload = receive(files.stamped_page(self.number), by=self.handler, name="演示盖章页.pdf")
        actions.attach(self.pilot, by=self.handler, upload=upload, purpose="seal", title="盖章页（演示）")

    def submit(self) -> None:
        current = Pilot.objects.select_related("call", "applicant").get(pk=self.pilot.pk)
        actions.submit(current, by=self.handler, sealed=seal.seal(current))


def _answer(pilot: Pilot, *, by: Any, is_complete: bool) -> None:
    conditions = pilot.notice.conditions_for(pilot.category_id)
    for condition in conditions if is_complete else conditions[:1]:
        answers = ANSWERS[condition.id]
        asked = condition.asked(answers=answers, facts=pilot.facts)
        given = {question.id: answers[question.id] for question in asked if question.id in answers}
        actions.answer_condition(pilot, by=by, condition_id=condition.id, answers=given)
        for question in asked:
            if question.evidence and question.evidence.need == "required":
                upload = receive(files.evidence(question.label), by=by, name=f"演示佐证-{question.id}.docx")
                actions.attach(
                    pilot,
                    by=by,
                    upload=upload,
                    purpose="evidence",
                    title=f"{question.evidence.what}（演示）"[:100],
                    condition_id=condition.id,
                    question_id=question.id,
                )


def _facts(example: Example) -> dict[str, str]:
    big = example.enterprises * 2 // 3
    small = example.enterprises - big
    return {
        "category": example.category,
        "object": example.object_name,
        "place": f"河南省{example.place}",
        "sector": example.sector_words,
        "count": str(example.enterprises),
        "big": str(big),
        "small": str(small),
        "big_share": f"{big / example.enterprises:.0%}",
        "small_share": f"{small / example.enterprises:.0%}",
        "audited": str(example.audited),
    }
