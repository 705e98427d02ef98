"""The State's review: what two provinces recommended, from the take-in to the published approved list, every act by its verb.

Henan's five come from its round here; 山西省 (演示) does not use the product and sends a list with files.
"""

from __future__ import annotations

import hashlib
import io
import uuid
from datetime import date, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

from qingyuan.catalogue import promises
from qingyuan.demo import actions as accounts
from qingyuan.demo import cast, files
from qingyuan.demo import review as province
from qingyuan.kernel import clock, draws
from qingyuan.kernel.gate import receive
from qingyuan.people.models import Expert
from qingyuan.people.pool import actions as pool
from qingyuan.review import actions, fieldwork
from qingyuan.review.actions import consultation, formcheck
from qingyuan.review.actions.visits import Member
from qingyuan.review.bundles import Stated, list_table
from qingyuan.review.decisions import Row
from qingyuan.review.models import Appointment, Assignment, Case, Decision, Draw, Round, Visit
from qingyuan.review.queries.visits import RELATED
from qingyuan.workbooks.write import write_table

if TYPE_CHECKING:
    from qingyuan.demo.world import World

HANDLER, SIGNER, COSIGNER = "bu-jingban", "bu-qianfa", "wei-qianfa"
SHANXI = "140000"
LISTED = (
    Stated(
        title="太原清徐精细化工园区清洁生产整体审核创新试点（演示）",
        applicant="太原清徐精细化工园区管委会（演示）",
        category_id="park",
        region_code="140100",
        object_name="太原清徐精细化工园区",
        enterprises=18,
        letter_number="演示晋环函〔2022〕2号",
    ),
    Stated(
        title="大同市建材行业清洁生产整体审核创新试点（演示）",
        applicant="大同市人民政府（演示）",
        category_id="sector",
        region_code="140200",
        object_name="大同市建材行业",
        enterprises=9,
        letter_number="演示晋环函〔2022〕3号",
    ),
)
EXPERTS = tuple(
    (f"G-{number:02}", f"演示·国家专家{number:02}", f"guojia-{number:02}", fields, region)
    for number, (fields, region) in enumerate(
        (
            (("petrochemical", "industrial-coating"), "110000"),
            (("building-materials", "electroplating"), "320000"),
            (("papermaking", "agrifood"), "330000"),
            (("packaging-printing", "industrial-coating"), "440000"),
            (("building-materials", "petrochemical"), "370000"),
            (("agrifood", "papermaking"), "510000"),
        ),
        start=1,
    )
)
REFUSED_FORM = LISTED[1].title
FORM_REASON = "演示：未附两部门推荐函，实施方案缺少“试点工作目标”一章"
REASONS = ("演示：创新点与已有试点相近，可复制性论证不足", "演示：目标缺少可核查的基准，实施计划过于笼统")
APPROVED = 4
SITES = 2
QUALITY = (5, 5, 4, 4, 3, 2)
QUESTION = "请就本项目与本司（局）有关政策的衔接提出意见。（演示）"
SECRETS = tuple(hashlib.sha256(word.encode()).hexdigest() for word in ("演示：主办密钥", "演示：会签密钥"))
SALT = hashlib.sha256("演示：盐".encode()).hexdigest()


def run(world: World) -> Round:
    """From the province's released recommendation to the published list, in the order of the calendar."""
    round_ = open_round(world)
    import_list(world, round_)
    for case in cases(round_):
        check_form(world, case)
    refuse_form(world, round_)
    consult(world, cases(round_, stage="assessment")[:2])
    assign(world, round_, appoint(world, round_))
    then = datetime.fromisoformat("2022-07-25T09:00:00+08:00")
    for place, case in enumerate(cases(round_, stage="assessment")):
        then = assess(case, begins=then, score=QUALITY[place % len(QUALITY)])
    conclude(world, round_)
    visit_sites(world, draw_sites(world, round_))
    decide(world, round_)
    return fresh(round_)


def open_round(world: World) -> Round:
    """After the national closing: the round, with what Henan recommended here."""
    by = world.people[HANDLER]
    with clock.at("2022-07-18T08:40:00+08:00"):
        round_ = actions.open_round(world.calls["state"], by=by)
        actions.configure(
            round_, by=by, sheet_id="", experts_per_case=3, cap_per_expert=6, avoids_own_region=True
        )
    with clock.at("2022-07-18T09:00:00+08:00"):
        actions.start(fresh(round_), by=by)
    with clock.at("2022-07-18T09:10:00+08:00"):
        source = Round.objects.get(call=world.calls["henan"])
        actions.take_in(fresh(round_), by=by, source=source)
    return fresh(round_)


def import_list(world: World, round_: Round) -> None:
    """A province's list as a workbook, and the files of its projects; one of them lacks its letter."""
    by = world.people[HANDLER]
    table, target = list_table(round_.notice), io.BytesIO()
    titles = {category.id: category.title for category in round_.notice.categories}
    write_table(
        target,
        table,
        [
            {
                "title": row.title,
                "applicant": row.applicant,
                "category": titles[row.category_id],
                "object_name": row.object_name,
                "enterprises": row.enterprises,
                "letter_number": row.letter_number,
            }
            for row in LISTED
        ],
    )
    target.seek(0)
    with clock.at("2022-07-18T10:00:00+08:00"):
        actions.import_bundle(
            fresh(round_),
            by=by,
            region_code=SHANXI,
            sender="山西省生态环境厅、山西省发展和改革委员会（演示）",
            document_number="演示晋环函〔2022〕1号",
            rows=list(LISTED),
            workbook=receive(target, by=by, name="演示-推荐项目汇总表.xlsx"),
            letter=receive(files.stamped_page(1), by=by, name="演示-推荐函.pdf"),
        )
        for case in round_.cases.filter(submission__isnull=True).order_by("number"):
            plan = receive(files.evidence(f"实施方案：{case.title}"), by=by, name="演示-实施方案.docx")
            actions.attach_file(case, by=by, kind="plan", upload=plan)
            if case.title != REFUSED_FORM:
                letter = receive(files.stamped_page(case.number), by=by, name="演示-项目推荐函.pdf")
                actions.attach_file(fresh_case(case), by=by, kind="letter", upload=letter)


def check_form(world: World, case: Case) -> None:
    """The State's form check; the one without its letter is to be refused."""
    by = world.people[HANDLER]
    with clock.at(f"2022-07-18T14:{case.number:02}:00+08:00"):
        check = formcheck.begin(case, by=by)
        fails = case.title == REFUSED_FORM
        said = {
            one.id: {"word": "fails" if fails and place == 0 else "meets", "note": "演示"}
            for place, one in enumerate(check.dimensions)
        }
        findings = {one["id"]: {"word": "overridden", "note": "演示：已核对"} for one in check.findings}
        check = formcheck.judge(check, by=by, dimensions=said, findings=findings, opinion="演示：已核对")
        if fails:
            formcheck.propose_rejection(check, by=by, reason=FORM_REASON)
        else:
            formcheck.pass_check(check, by=by)


def refuse_form(world: World, round_: Round) -> Decision | None:
    """Both departments agree on what did not pass the form check; its province reads the reason."""
    refused = round_.cases.filter(title=REFUSED_FORM).first()
    if refused is None:
        return None
    rows = [Row(refused.pk, "rejected", FORM_REASON)]
    return _agree(world, round_, kind=Decision.Kind.FORM, rows=rows, day=19, note="演示：形式校核结论")


def consult(world: World, asked_about: list[Case]) -> None:
    """A question about each of these to each department's own desk; all are answered the next day."""
    desks = (("mee-desk", HANDLER), ("ndrc-desk", COSIGNER))
    sent = []
    for place, (case, (desk, person)) in enumerate(product(asked_about, desks)):
        with clock.at(f"2022-07-19T15:{place + 10:02}:00+08:00"):
            asked = consultation.ask(
                fresh_case(case),
                by=world.people[HANDLER],
                question=QUESTION,
                due_on=date(2022, 7, 22),
                organisation=world.bodies[desk],
            )
        sent.append((asked, person))
    for place, (asked, person) in enumerate(sent):
        with clock.at(f"2022-07-20T15:{place + 10:02}:00+08:00"):
            consultation.answer(asked, by=world.people[person], word="agrees", answer="演示：无不同意见")


def appoint(world: World, round_: Round) -> list[Appointment]:
    """Six of the State's pool, none of a province that recommended; they accept, promise and declare."""
    by = world.people[HANDLER]
    with clock.at("2022-07-20T16:00:00+08:00"):
        rows = [
            pool.PoolRow(
                code=code,
                name=name,
                email=f"{key}@{cast.DOMAIN}",
                title="正高级工程师（演示）",
                region_code=region,
                fields=fields,
            )
            for code, name, key, fields, region in EXPERTS
        ]
        pool.import_pool(world.bodies["mee"], by=by, rows=rows)
        known = [cast.Person(key, name) for _code, name, key, _fields, _region in EXPERTS]
        world.people |= accounts.open_accounts(world.operator, known)
        experts = list(Expert.objects.filter(code__in=[row.code for row in rows]).order_by("code"))
        until = clock.now() + timedelta(days=2)
        asked = actions.invite_experts(fresh(round_), by=by, experts=experts, reply_due_at=until)
    with clock.at("2022-07-21T09:00:00+08:00"):
        form = promises.form_on(clock.local(clock.now()).date())
        for appointment in asked:
            person = appointment.expert.user
            actions.accept(appointment, by=person, promises_sha256=form.sha256)
            actions.declare(appointment, by=person, interests=())
    return list(
        Appointment.objects.filter(round=round_).select_related("expert__user").order_by("expert__code")
    )


def assign(world: World, round_: Round, seats: list[Appointment]) -> None:
    """Three experts to every case that passed, the load spread evenly."""
    with clock.at("2022-07-22T09:00:00+08:00"):
        for place, case in enumerate(cases(round_, stage="assessment")):
            for step in (0, 2, 3):
                actions.assign(
                    fresh(round_),
                    by=world.people[HANDLER],
                    case=case,
                    appointment=seats[(place + step) % len(seats)],
                    due_at=datetime.fromisoformat("2022-07-27T18:00:00+08:00"),
                )


def assess(case: Case, *, begins: datetime, score: int) -> datetime:
    for assignment in Assignment.objects.filter(case=case).order_by("pk"):
        with clock.at(begins):
            province.fill(assignment, score=score)
        begins += province.A_SHEET * 2
    return begins


def conclude(world: World, round_: Round) -> None:
    """Sheets are opened; the chairs write what their panels think."""
    by = world.people[HANDLER]
    with clock.at("2022-07-28T09:00:00+08:00"):
        actions.open_scores(fresh(round_), by=by, reason="")
        for case in cases(round_, stage="assessment"):
            province.conclude(world, case, by=by)


def draw_sites(world: World, round_: Round) -> Draw:
    """随机抽查: both departments commit before either reveals; the signer watches. Nobody knows the result before."""
    host, second = world.people[HANDLER], world.people[COSIGNER]
    mine, theirs = SECRETS
    key = uuid.uuid4()
    with clock.at("2022-07-28T14:00:00+08:00"):
        draw = actions.announce_draw(
            fresh(round_),
            by=host,
            draw_id=key,
            kind=Draw.Kind.SITES,
            take=SITES,
            reserves=1,
            strata="none",
            exclusions=[],
            public_kind=draws.SECOND_BODY,
            source="演示：会签单位的密钥",
            public_at=clock.now() + timedelta(hours=1),
            reveal_by=clock.now() + timedelta(hours=3),
            supervisor=world.people[SIGNER],
            supervisor_role="监督人员（演示）",
            salt=SALT,
            commitment=draws.commitment(draw=str(key), role=draws.ORGANISER, secret=mine),
        )
    with clock.at("2022-07-28T14:20:00+08:00"):
        promise = draws.commitment(draw=str(key), role=draws.SECOND, secret=theirs)
        actions.commit_second(draw, by=second, commitment=promise)
        actions.supervise(_draw(draw), by=world.people[SIGNER])
    with clock.at("2022-07-28T15:05:00+08:00"):
        actions.reveal_public(_draw(draw), by=second, value=theirs)
        actions.reveal(_draw(draw), by=host, secret=mine)
    return _draw(draw)


def visit_sites(world: World, draw: Draw) -> None:
    """The drawn sites are visited and signed for; applicants without an account here are not told by the platform."""
    by = world.people[HANDLER]
    with clock.at("2022-07-28T16:00:00+08:00"):
        actions.plan_drawn(draw, by=by)
    found = Visit.objects.filter(draw=draw).select_related(*RELATED).order_by("case__number")
    planned = list(enumerate(found, start=1))
    for place, visit in planned:
        with clock.at(f"2022-07-29T09:{place:02}:00+08:00"):
            actions.schedule_visit(
                visit,
                by=by,
                day=date(2022, 8, 1 + place),
                position=1,
                address=f"{visit.case.applicant_name} 会议室",
                place=None,
            )
            team = [Member(by), Member(world.people[COSIGNER])]
            actions.set_team(_visit(visit), by=by, members=team, lead=by)
            actions.notify_visit(_visit(visit), by=by)
    for place, visit in planned:
        with clock.at(f"2022-08-{1 + place:02}T11:00:00+08:00"):
            look_around(_visit(visit), by=by)
            actions.conclude_visit(
                _visit(visit), by=by, conclusion="演示：现场实际情况与申报内容相符", other_matters=""
            )
    for place, visit in planned:
        _sign_visit(world, _visit(visit), at=f"2022-08-{3 + place:02}")


def look_around(visit: Visit, *, by: Any) -> None:
    """Every claim of the application is found consistent."""
    for item in visit.items.order_by("position"):
        writing = fieldwork.Writing(
            answer="consistent", note="", base=item.revision, key=f"demo-{item.position}"
        )
        fieldwork.answer(visit, item.position, writing, by=by)


def _sign_visit(world: World, visit: Visit, *, at: str) -> None:
    """The applicant replies and signs where it has people here."""
    people = {
        role: next((user for user in world.people.values() if user.standing.holds(body, role)), None)
        for body in [visit.case.applicant_id]
        for role in ("handler", "signer")
        if body is not None
    }
    if not all(people.values()) or not people:
        return
    with clock.at(f"{at}T09:00:00+08:00"):
        actions.reply_to_visit(visit, by=people["handler"], reply="演示：无意见")
        actions.sign_team(_visit(visit), by=world.people[HANDLER])
        actions.sign_applicant(_visit(visit), by=people["signer"])


def decide(world: World, round_: Round) -> Decision:
    """Four are approved; the others read why not. Issued on paper after the release."""
    waiting = cases(round_, stage="decision")
    rows = [Row(case.pk, "approved") for case in waiting[:APPROVED]]
    rows += [
        Row(case.pk, "not_selected", REASONS[place % len(REASONS)])
        for place, case in enumerate(waiting[APPROVED:])
    ]
    decision = _agree(
        world, round_, kind=Decision.Kind.FINAL, rows=rows, day=8, month=8, note="演示：按评审结果拟定"
    )
    with clock.at("2022-08-11T09:00:00+08:00"):
        actions.record_issue(
            Decision.objects.get(pk=decision.pk),
            by=world.people[HANDLER],
            document_number="演示环办科财函〔2022〕0号",
            signed_by="演示·部签发",
            dated_on=date(2022, 8, 10),
        )
    return decision


def _agree(
    world: World,
    round_: Round,
    *,
    kind: str,
    rows: list[Row],
    day: int,
    month: int = 7,
    note: str = "",
) -> Decision:
    """Drafted, sent, consented to by both and released within three days."""
    by = world.people[HANDLER]
    with clock.at(datetime.fromisoformat(f"2022-{month:02}-{day:02}T09:00:00+08:00")):
        decision = actions.draft(fresh(round_), by=by, kind=kind, items=rows, note=note)
        due = datetime.fromisoformat(f"2022-{month:02}-{day + 2:02}T18:00:00+08:00")
        actions.send_for_cosign(decision, by=by, due_at=due)
    for hour, person in ((10, SIGNER), (14, COSIGNER)):
        with clock.at(datetime.fromisoformat(f"2022-{month:02}-{day:02}T{hour}:30:00+08:00")):
            decision.refresh_from_db()
            actions.consent(decision, by=world.people[person], content_sha256=decision.content_sha256)
    with clock.at(datetime.fromisoformat(f"2022-{month:02}-{day:02}T15:00:00+08:00")):
        decision.refresh_from_db()
        actions.release(decision, by=world.people[SIGNER])
    return decision


def cases(round_: Round, **where: Any) -> list[Case]:
    """By number, each with what the verbs read."""
    found = Case.objects.filter(round=round_, **where).order_by("number")
    return list(found.select_related("round__call__joint_body", "submission", "pilot__call"))


def fresh(round_: Round) -> Round:
    return Round.objects.select_related("call__joint_body").get(pk=round_.pk)


def fresh_case(case: Case) -> Case:
    return Case.objects.select_related("round__call__joint_body", "submission").get(pk=case.pk)


def _draw(draw: Draw) -> Draw:
    return Draw.objects.select_related("round__call__joint_body", "supervisor").get(pk=draw.pk)


def _visit(visit: Visit) -> Visit:
    return Visit.objects.select_related(*RELATED).get(pk=visit.pk)
