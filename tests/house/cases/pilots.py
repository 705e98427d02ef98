"""Applications and what hangs on them for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from qingyuan.kernel import clock
from qingyuan.workbooks.polygons import Parcel


def pilot_in(maker: Any, stage: str) -> Any:
    made = maker(
        "park",
        stage={"signed": "sealed", "withdrawn": "drafting", "drafting": "ready"}.get(stage, stage),
        name=f"演示{stage}",
    )
    if stage == "withdrawn":
        from qingyuan.pilots import actions

        actions.withdraw(made, by=maker.world.park_signer, remark="演示")
    return maker.fresh(made)


def with_option(pilot: Any, name: str) -> Any:
    """The pilot's call with one of its options on (Henan 2022 has them off)."""
    call = pilot.call
    type(call).objects.filter(pk=call.pk).update(options={**call.options, name: True})
    return pilot


def supplement_request_in(maker: Any, stage: str) -> Any:
    """A request that is already due where it stands open, so that it can be cancelled as well as noted as lapsed."""
    from qingyuan.pilots import actions, seal

    world = maker.world
    pilot = with_option(maker("park", stage="submitted", name=f"演示退回{stage}"), "return_for_supplement")
    with clock.at(clock.now() - timedelta(days=2)):
        request = actions.request_supplement(
            maker.fresh(pilot),
            by=world.province_handler,
            chapters=["goals"],
            parts=["targets"],
            reason="演示：目标不清",
            due_at=clock.now() + timedelta(days=1),
        )
        if stage == "answered":
            actions.hand_in(maker.fresh(pilot), by=world.park_handler)
            actions.pass_review(maker.fresh(pilot), by=world.park_reviewer)
            actions.sign(maker.fresh(pilot), by=world.park_signer, no_state_secrets=True)
            maker.attach_seal(maker.fresh(pilot), by=world.park_handler)
            pilot = maker.fresh(pilot)
            actions.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot))
    if stage == "cancelled":
        actions.cancel_request(request, by=world.province_handler, remark="演示")
    if stage == "lapsed":
        actions.lapse_request(request, by=world.province_handler)
    return type(request).objects.get(pk=request.pk)


def forwarding_in(maker: Any, stage: str) -> Any:
    """A version of the park on its way through its prefecture."""
    from qingyuan.pilots import actions
    from qingyuan.pilots.models import PrefectureForwarding

    world = maker.world
    calls = type(world.call).objects.filter(pk=world.call.pk)
    calls.update(forward_closes_at=world.call.closes_at + timedelta(days=5))
    world.call.refresh_from_db()
    pilot = maker("park", stage="submitted", name=f"演示转报{stage}")
    one = PrefectureForwarding.objects.get(pilot=pilot)
    if stage == "forwarded":
        actions.give_forwarding(one, by=world.prefecture_handler, agree=True)
    if stage == "returned":
        actions.send_back(one, by=world.prefecture_handler, text="演示")
    if stage == "void":
        actions.withdraw(maker.fresh(pilot), by=world.park_signer, remark="演示")
    if stage == "lapsed":
        with clock.at(world.call.forward_closes_at):
            actions.lapse_forwarding(one, by=world.province_handler)
    return PrefectureForwarding.objects.get(pk=one.pk)


def out_of_time(forwarding: Any) -> dict[str, Any]:
    """The call closed and the bureau's days went by (a call can end earlier only in a test)."""
    instant = clock.now()
    type(forwarding.call).objects.filter(pk=forwarding.call_id).update(
        opens_at=instant - timedelta(days=3), closes_at=instant - timedelta(days=2), forward_closes_at=instant
    )
    return {}


def certificate_in(maker: Any, stage: str) -> Any:
    """The bureau of the prefecture is asked by the park."""
    from qingyuan.pilots import actions

    world = maker.world
    request = actions.request_certificate(
        maker("park", stage="drafting", name=f"演示证明{stage}"),
        by=world.park_handler,
        condition_id="N5.1",
        question_id="major_violation",
        organisation=world.luoyang_ecology,
        text="演示：请证明近三年无重大环境违法",
    )
    today = clock.local(clock.now()).date()
    if stage == "received":
        upload = maker.upload(by=world.park_handler, name="证明.pdf")
        actions.receive_certificate(request, by=world.park_handler, upload=upload, answered_on=today)
    if stage == "refused":
        actions.refuse_certificate(request, by=world.park_handler, answered_on=today, remark="演示")
    return type(request).objects.get(pk=request.pk)


def sealed(maker: Any, pilot: Any) -> Any:
    from qingyuan.pilots import seal

    return seal.seal(pilot)


def targets(_maker: Any, pilot: Any) -> list[Any]:
    from qingyuan.pilots.actions.targets import TargetRow

    return [TargetRow(m.title, m.unit, measure_id=m.id) for aim in pilot.notice.aims for m in aim.measures]


def remark_on(maker: Any, pilot: Any, *, resolved: bool = False) -> Any:
    done = {"resolved_at": clock.now(), "resolved_by": maker.world.park_handler} if resolved else {}
    return pilot.chapters.get(outline_id="goals").remarks.create(
        text="演示意见", at=clock.now(), by=maker.world.park_reviewer, **done
    )


SQUARE = (
    Parcel(
        "",
        (
            (
                (
                    (1_124_500_000, 346_100_000),
                    (1_124_600_000, 346_100_000),
                    (1_124_600_000, 346_200_000),
                    (1_124_500_000, 346_200_000),
                ),
            ),
        ),
    ),
)


def key_task_on(_maker: Any, pilot: Any) -> Any:
    return pilot.key_tasks.get_or_create(
        pollutant="演示污染物",
        document="演示方案",
        defaults={
            "number": "演示〔2022〕1号",
            "issuer": "演示市政府",
            "issued_on": date(2022, 1, 1),
            "page": "第1页",
        },
    )[0]


def of_form(pilot: Any, form: str, **more: Any) -> Any:
    """The pilot as one whose object takes another form."""
    category = next(one for one in pilot.notice.categories if one.form(form))
    type(pilot).objects.filter(pk=pilot.pk).update(object_form=form, category_id=category.id, **more)
    return pilot


def _code(number: int) -> str:
    from tests.pilot_maker import credit_code

    return credit_code(number)


def _known(number: int) -> str:
    """An enterprise of the registry that is not in the scope."""
    from qingyuan.registry.models import Enterprise

    return Enterprise.objects.get_or_create(credit_code=_code(number), defaults={"name": "演示在库企业"})[
        0
    ].credit_code


OBJECTS: dict[str, Callable[[Any, str], Any]] = {
    "pilots.pilot": pilot_in,
    "pilots.certificaterequest": certificate_in,
    "pilots.prefectureforwarding": forwarding_in,
    "pilots.supplementrequest": supplement_request_in,
}


ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "certificate.receive": lambda m, o: {
        "upload": m.upload(by=m.world.park_handler, name="证明.pdf"),
        "answered_on": clock.local(clock.now()).date(),
    },
    "certificate.refuse": lambda m, o: {"answered_on": clock.local(clock.now()).date(), "remark": "演示"},
    "forwarding.give": lambda m, o: {"agree": True},
    "forwarding.lapse": lambda m, o: out_of_time(o),
    "forwarding.return": lambda m, o: {"text": "演示"},
    "pilot.add_enterprise": lambda m, o: {"name": "演示加企业", "credit_code": _code(77)},
    "pilot.add_known": lambda m, o: {"codes": [_known(78)]},
    "pilot.answer_condition": lambda m, o: {"condition_id": "N5.1", "answers": {"major_violation": False}},
    "pilot.attach": lambda m, o: {"upload": m.upload(by=m.world.park_handler), "purpose": "seal"},
    "pilot.comment": lambda m, o: {"text": "演示"} if with_option(o, "prefecture_comment") else {},
    "pilot.create": lambda m, o: {"applicant": m.world.park, "category_id": "park", "name": "演示新建"},
    "pilot.describe": lambda m, o: {
        "name": o.name,
        "object_form": "park",
        "object_name": "演示",
        "region_code": "410300",
        "sectors": ["steel"],
    },
    "pilot.detach": lambda m, o: {
        "attachment_id": getattr(
            o.attachments.filter(purpose="seal").first() or o.attachments.first(), "pk", 0
        )
    },
    "pilot.hand_in": lambda m, o: {},
    "pilot.import_scope": lambda m, o: {"rows": []},
    "pilot.answer_remark": lambda m, o: {"remark_id": remark_on(m, o).pk, "text": "演示答复"},
    "pilot.reopen_remark": lambda m, o: {"remark_id": remark_on(m, o, resolved=True).pk, "text": "演示"},
    "pilot.organise_jointly": lambda m, o: {"parties": [], "meetings": []},
    "pilot.pass_review": lambda m, o: {},
    "pilot.remark_chapter": lambda m, o: {"outline_id": "goals", "text": "演示意见"},
    "pilot.remove_enterprise": lambda m, o: {"entry_id": getattr(o.scope.first(), "pk", 0)},
    "pilot.remove_key_task": lambda m, o: {"key_task_id": key_task_on(m, o).pk},
    "pilot.prove_key_task": lambda m, o: {
        "pollutant": (of_form(o, "basin", pollutants=["演示污染物"]), "演示污染物")[1],
        "document": "演示减排方案",
        "number": "演示〔2022〕2号",
        "issuer": "演示市政府",
        "issued_on": date(2022, 1, 1),
        "page": "第1页",
        "upload": m.upload(by=m.world.park_handler),
    },
    "pilot.reopen": lambda m, o: {},
    "pilot.resolve_remark": lambda m, o: {"remark_id": remark_on(m, o).pk},
    "pilot.request_certificate": lambda m, o: {
        "condition_id": "N5.1",
        "question_id": "major_violation",
        "body_name": "演示执法支队",
        "text": "演示",
    },
    "pilot.request_supplement": lambda m, o: (
        {
            "chapters": ["goals"],
            "parts": ["targets"],
            "reason": "演示",
            "due_at": clock.now() + timedelta(days=5),
        }
        if with_option(o, "return_for_supplement")
        else {}
    ),
    "pilot.return_for_changes": lambda m, o: {"remark": "演示"},
    "pilot.set_basin": lambda m, o: {"key_place": of_form(o, "basin") and "yellow-river", "reaches": []},
    "pilot.set_boundary": lambda m, o: {"parcels": SQUARE, "prefectures": ["410300"]},
    "pilot.set_places": lambda m, o: {"key_place": of_form(o, "region") and "fen-wei", "codes": ["410300"]},
    "pilot.set_outputs": lambda m, o: {"rows": []},
    "pilot.set_schedule": lambda m, o: {
        "term_start": date(2022, 8, 1),
        "term_end": date(2023, 7, 31),
        "rows": [],
    },
    "pilot.set_targets": lambda m, o: {"rows": targets(m, o)},
    "pilot.sign": lambda m, o: {"no_state_secrets": True},
    "pilot.submit": lambda m, o: {"sealed": sealed(m, o)},
    "pilot.withdraw": lambda m, o: {"remark": "演示"},
    "supplement_request.cancel": lambda m, o: {"remark": "演示"},
    "supplement_request.lapse": lambda m, o: {},
}


MAY: dict[str, set[str]] = {
    **{
        f"certificate.{verb}": {"park_handler", "park_lead", "park_and_province", "prefecture_handler"}
        for verb in ("receive", "refuse")
    },
    "forwarding.give": {"prefecture_handler"},
    "forwarding.lapse": {"province_handler", "park_and_province"},
    "forwarding.return": {"prefecture_handler"},
    **{
        f"pilot.{verb}": {"park_handler", "park_lead", "park_and_province", "consultant"}
        for verb in (
            "add_enterprise",
            "add_known",
            "answer_condition",
            "attach",
            "describe",
            "detach",
            "import_scope",
            "organise_jointly",
            "prove_key_task",
            "remove_enterprise",
            "remove_key_task",
            "set_basin",
            "set_boundary",
            "set_places",
            "set_outputs",
            "set_schedule",
            "set_targets",
        )
    },
    "pilot.comment": {"prefecture_handler"},
    "pilot.create": {
        "park_handler",
        "park_lead",
        "park_and_province",
        "city_handler",
        "city_all",
        "department_handler",
        "prefecture_handler",
    },
    "pilot.hand_in": {"park_handler", "park_lead", "park_and_province"},
    "pilot.pass_review": {"park_reviewer"},
    "pilot.reopen": {"park_handler", "park_lead", "park_and_province"},
    "pilot.remark_chapter": {"park_reviewer", "park_signer"},
    "pilot.reopen_remark": {"park_reviewer", "park_signer"},
    "pilot.answer_remark": {
        "park_handler",
        "park_lead",
        "park_and_province",
        "consultant",
        "park_reviewer",
        "park_signer",
    },
    "pilot.resolve_remark": {
        "park_handler",
        "park_lead",
        "park_and_province",
        "consultant",
        "park_reviewer",
        "park_signer",
    },
    "pilot.request_certificate": {"park_handler", "park_lead", "park_and_province"},
    "pilot.request_supplement": {"province_handler", "park_and_province"},
    "pilot.return_for_changes": {
        "park_reviewer",
        "park_signer",
        "park_handler",
        "park_lead",
        "park_and_province",
    },
    "pilot.sign": {"park_signer"},
    "pilot.submit": {"park_handler", "park_lead", "park_and_province"},
    "pilot.withdraw": {"park_signer"},
    "supplement_request.cancel": {"province_handler", "park_and_province"},
    "supplement_request.lapse": {"province_handler", "park_and_province", "park_handler", "park_lead"},
}


MOVED_FROM_ELSEWHERE: dict[str, set[str]] = {
    "pilots.supplementrequest": {"answered"},
    "pilots.prefectureforwarding": {"void"},
}

# Some right holders are refused for a reason of content; everywhere else the table must be exact.
CONTENT_MAY_REFUSE = {"pilot.attach", "pilot.create", "pilot.organise_jointly", "pilot.detach"}
