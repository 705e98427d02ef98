"""Bodies, people, experts, mails and tokens for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from qingyuan.kernel import clock


def authorisation_in(maker: Any, stage: str) -> Any:
    from qingyuan.people import actions as people
    from qingyuan.people.models import Authorisation

    authorisation = Authorisation.objects.get(applicant=maker.world.park)
    if stage == "ended":
        people.end_authorisation(authorisation, by=maker.world.park_lead)
    return Authorisation.objects.get(pk=authorisation.pk)


def mail_in(maker: Any, stage: str) -> Any:
    from qingyuan.kernel import outbox
    from qingyuan.kernel.models import Mail

    draft = outbox.Draft(
        to=outbox.Recipient("x@example.org", "演示"),
        subject="演示",
        body="演示",
        sender_id=maker.world.park.pk,
        hold=True,
    )
    mail = outbox.queue([draft], verb="test", at=clock.now(), ledger_seq=1)[0]
    Mail.objects.filter(pk=mail.pk).update(stage=stage, sent_at=clock.now() if stage == "sent" else None)
    return Mail.objects.get(pk=mail.pk)


def organisation_in(maker: Any, stage: str) -> Any:
    type(maker.world.park).objects.filter(pk=maker.world.park.pk).update(stage=stage)
    for user in maker.world.people.values():
        user.__dict__.pop("standing", None)
    return type(maker.world.park).objects.get(pk=maker.world.park.pk)


def pool_row() -> Any:
    from qingyuan.people.pool.actions import PoolRow

    return PoolRow(code="E-700", name="演示新专家", email="e700@example.org")


def expert_in(maker: Any, stage: str) -> Any:
    expert = maker.world.expert.expert
    type(expert).objects.filter(pk=expert.pk).update(stage=stage)
    return type(expert).objects.get(pk=expert.pk)


def token_in(maker: Any, _stage: str) -> Any:
    from qingyuan.people import actions as people

    return people.issue_token(by=maker.world.park_handler, name="演示", secret="qy_demo")


OBJECTS: dict[str, Callable[[Any, str], Any]] = {
    "people.authorisation": authorisation_in,
    "people.organisation": organisation_in,
    "people.jointbody": lambda maker, _stage: maker.world.joint["state"],
    "people.expert": expert_in,
    "kernel.mail": mail_in,
    "kernel.apitoken": token_in,
}


ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "authorisation.end": lambda m, o: {},
    "authorisation.grant": lambda m, o: {
        "service_body": m.world.service,
        "scope": "read",
        "valid_from": date(2022, 6, 1),
        "valid_until": date(2022, 7, 1),
    },
    "expert.declare_interests": lambda m, o: {
        "interests": [{"body_name": "演示单位", "relation": "consulting"}]
    },
    "expert.describe": lambda m, o: {"fields": ["electroplating"], "categories": [], "methods": ["演示方法"]},
    "expert.import_pool": lambda m, o: {"rows": [pool_row()]},
    "expert.rest": lambda m, o: {},
    "expert.restore": lambda m, o: {},
    "expert.enrol": lambda m, o: {"user": m.world.stranger, "code": "E-099", "fields": []},
    "joint_body.form": lambda m, o: {
        "name": "演示会同",
        "level": "province",
        "region_code": "410000",
        "host": m.world.mee,
        "cosigners": [m.world.ndrc],
    },
    "mail.discard": lambda m, o: {},
    "mail.release": lambda m, o: {},
    "organisation.add_member": lambda m, o: {
        "email": "neu@example.org",
        "name": "演示新人",
        "role": "handler",
    },
    "organisation.register": lambda m, o: {"kind": "enterprise", "name": "演示新单位"},
    "organisation.remove_member": lambda m, o: {"membership_id": m.world.park_reviewer.memberships.get().pk},
    "token.issue": lambda m, o: {"name": "演示", "secret": "qy_x"},
    "token.revoke": lambda m, o: {},
}


MAY: dict[str, set[str]] = {
    "authorisation.end": {"park_lead", "park_signer"},
    "authorisation.grant": {"park_lead", "park_signer"},
    "expert.declare_interests": {"expert"},
    "expert.describe": {"expert", "operator"},
    "expert.enrol": {"operator"},
    # The matrix tries it on an applicant's body, which keeps no pool; the departments' right: tests/people/test_pool.py.
    "expert.import_pool": set(),
    "expert.rest": {"operator"},
    "expert.restore": {"operator"},
    "joint_body.form": {"operator"},
    "mail.discard": {"park_handler", "park_lead", "park_and_province"},
    "mail.release": {"park_handler", "park_lead", "park_and_province"},
    "organisation.add_member": {"park_lead", "operator"},
    "organisation.register": {"operator"},
    "organisation.remove_member": {"park_lead", "operator"},
    "token.revoke": {"park_handler"},
}

# Some right holders are refused for a reason of content; everywhere else the table must be exact.
CONTENT_MAY_REFUSE = {"organisation.register"}
