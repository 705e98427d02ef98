"""Every route, as everyone, on every kind of object: guards are on all views and say what the rules say."""

from __future__ import annotations

import io
import uuid
from collections import Counter
from typing import Any

import pytest
import xlsxwriter
from django.contrib.auth.models import AnonymousUser
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import UUIDConverter
from django.urls.exceptions import NoReverseMatch

from qingyuan.pilots.models import Boundary
from qingyuan.workbooks.polygons import as_data
from tests.house.cases.calls import call_in, supplement_in
from tests.house.cases.people import authorisation_in, mail_in, token_in
from tests.house.cases.pilots import (
    SQUARE,
    certificate_in,
    forwarding_in,
    key_task_on,
    remark_on,
    supplement_request_in,
)
from tests.house.verb_cases import ROUTE_OBJECTS
from tests.kernel.gate.samples import png

# Views of libraries: who guards them instead of our guard.
LIBRARIES = {
    "allauth": "sign-in pages are public; account pages ask allauth's own login_required and reauthentication",
    "ninja": "API operations authenticate by token (api/auth.py); tests/api walks the operations",
}
# Pages for one person alone, on top of what the guard asks: name -> that person.
FOR_ONE = {
    "pilots:marked-workbook": "park_handler",
    "pilots:marked-basin": "park_handler",
    "delivery:marked-phases": "park_handler",
    "pilots:word-import": "park_handler",
    "audits:marked": "park_handler",
    "audits:sheet-preview": "park_handler",
    "audits:sheet-marked": "park_handler",
    "audits:marked-reviews": "park_handler",
    "delivery:marked-efforts": "park_handler",
}
# Routes whose further argument names something that the objects here do not hold; their own tests ask for it.
OF_CONTENT = {
    "review:case-file",
    "review:case-chart",
    "delivery:report-chart",
    "delivery:filing-chart",
    "delivery:summary-chart",
    "review:panel-post",
    "delivery:change-evidence",
    "delivery:promotion-material",
    "delivery:support-evidence",
    "delivery:effort-evidence",
    "delivery:archive-zip",
    "delivery:conclusion-evidence",
    "delivery:enterprise-process",
    "audits:scheme-evidence",
    "audits:run-file",
    "audits:compare-runs",
    "audits:focus-sheet",
    "audits:focus-xlsx",
    "audits:focus-docx",
    "delivery:report-file",
    "delivery:explain-deviation",
    "delivery:filing-report",
    "delivery:rectification-evidence",
    "audits:review-evidence",
}
# Objects that no guard names: what the route's argument is, and by which column.
OPEN = {
    "publicity": ("review.publicity", "pk"),
    "practice": ("delivery.practice", "pk"),
    "commendation": ("delivery.commendation", "pk"),
    "audit_certificate": ("registry.certificate", "code"),
    "code": ("review.objection", "code"),
    "asked": ("audits.figurequestion", "pk"),
}
# One-off arguments of routes that are not ids of guarded objects.
WORDS = {
    "cut": "stage",
    "kind": "final",
    "change_kind": "term",
    "condition": "N5.1",
    "outline_id": "goals",
    "notice": "henan-2022",
    "table": "reaches",
    "slug": "henan-2022",
    "notice_id": "henan-2022",
    "number": "1",
    "delivery": "paper",
    "chart": "province",
    "evidence": "1",
    "heading": "methods",
    "column": "length_m",
    "sheet": "own-evaluate",
}


def routes(resolver: URLResolver | None = None, namespace: str = "") -> list[tuple[str, URLPattern]]:
    """All routes of ours by full name; what hangs below a library's include is the library's."""
    found: list[tuple[str, URLPattern]] = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            found.append((f"{namespace}:{entry.name}" if namespace else str(entry.name), entry))
        elif library_of(entry) is None:
            found += routes(entry, ":".join(part for part in (namespace, entry.namespace or "") if part))
    return found


def library_of(entry: URLResolver) -> str | None:
    module = getattr(entry.urlconf_module, "__name__", "")
    if not module and entry.app_name == "api":
        return "ninja"
    return next((name for name in LIBRARIES if module.split(".")[0] == name), None)


def own_routes() -> list[tuple[str, URLPattern]]:
    return [(name, pattern) for name, pattern in routes() if not is_operation(pattern)]


def is_operation(pattern: URLPattern) -> bool:
    return getattr(pattern.callback, "__module__", "").startswith("ninja.")


def test_no_route_is_unguarded():
    missing = [name for name, pattern in own_routes() if not hasattr(pattern.callback, "guard")]
    assert missing == []


def test_every_route_has_a_name_and_there_are_many():
    names = [name for name, _pattern in own_routes()]
    assert "None" not in names
    assert len(names) > 60


@pytest.fixture
def objects(maker: Any, world: Any) -> dict[str, Any]:
    """One object of every guarded kind, all of the park's or of Henan's."""
    from qingyuan.review.models import Case, Round

    pilot = maker("park", stage="submitted")
    others = {label: make(maker) for label, make in ROUTE_OBJECTS.items()}
    # They share one case, which each brought where it needed it: all of them are asked for under assessment.
    Round.objects.update(stage=Round.Stage.REVIEWING)
    Case.objects.update(stage=Case.Stage.ASSESSMENT)
    others = {label: type(one)._default_manager.get(pk=one.pk) for label, one in others.items()}
    return others | {
        "pilots.pilot": pilot,
        "pilots.submission": pilot.submissions.get(),
        "pilots.certificaterequest": certificate_in(maker, "received"),
        "pilots.prefectureforwarding": forwarding_in(maker, "forwarded"),
        "pilots.supplementrequest": supplement_request_in(maker, "open"),
        "calls.call": world.call,
        "calls.supplement": supplement_in(maker, "cosign"),
        "people.organisation": world.park,
        "people.authorisation": authorisation_in(maker, "active"),
        "people.expert": world.expert.expert,
        "people.jointbody": world.joint["henan"],
        "kernel.mail": mail_in(maker, "draft"),
        "kernel.apitoken": token_in(maker, ""),
        "draft call": draft_call(maker),
        "picture": picture_of(maker, pilot),
        "remark": remark_on(maker, pilot),
        "task": lies_somewhere(maker, pilot),
        "upload": maker.upload(by=world.park_handler, name="名单.xlsx", file=workbook_with_a_wrong_cell()),
    }


def draft_call(maker: Any) -> Any:
    """A call of the State in preparation; where one of it is open already, another beside it."""
    from qingyuan.calls.models import Call

    stands = Call.objects.filter(joint_body=maker.world.joint["state"]).first()
    if stands is None:
        return call_in(maker, "draft")
    stands.pk, stands.notice_id, stands.stage = uuid.uuid4(), "henan-2022", "draft"
    stands.save(force_insert=True)
    return Call.objects.get(pk=stands.pk)


def picture_of(maker: Any, pilot: Any) -> Any:
    upload = maker.upload(by=maker.world.park_handler, name="图.png", file=io.BytesIO(png()))
    pilot.pictures.create(upload=upload)
    return upload


def lies_somewhere(maker: Any, pilot: Any) -> Any:
    """A boundary for its file; the proof of a key task is given back."""
    Boundary.objects.get_or_create(pilot=pilot, defaults={"parcels": as_data(SQUARE), "area_m2": 1})
    return key_task_on(maker, pilot)


def workbook_with_a_wrong_cell() -> io.BytesIO:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    book.add_worksheet("名单").write_row(0, 0, ["企业名称", "统一社会信用代码", "所属行业"])
    book.get_worksheet_by_name("名单").write_row(1, 0, ["演示企业", "123", "没有的行业"])
    book.close()
    return target


def arguments_for(pattern: URLPattern, objects: dict[str, Any]) -> dict[str, Any]:
    guard = pattern.callback.guard
    values: dict[str, Any] = {}
    pilot = objects["pilots.pilot"]
    for name in pattern.pattern.converters:
        if guard.kind == "sees" and name == guard.arg:
            values[name] = objects[guard.model._meta.label_lower].pk
        elif name in WORDS:
            values[name] = WORDS[name]
        elif name in {"upload", "picture", "remark", "task", "row", "access"}:
            values[name] = objects[name].pk
        elif name in OPEN:
            label, column = OPEN[name]
            values[name] = getattr(objects[label], column)
        elif name in {"attachment", "attachment_id"}:
            values[name] = pilot.attachments.first().pk
        elif name in {"entry", "entry_id"}:
            values[name] = pilot.scope.first().pk
        elif name in {"membership", "membership_id"}:
            values[name] = objects["people.organisation"].memberships.first().pk
        elif name in {"call", "submission", "organisation", "mail", "token"}:
            label = {
                "call": "calls.call",
                "submission": "pilots.submission",
                "organisation": "people.organisation",
                "mail": "kernel.mail",
                "token": "kernel.apitoken",
            }[name]
            values[name] = objects[label].pk
        else:
            values[name] = "x" * 8
    return values


def client_of(user: Any) -> Client:
    client = Client()
    if user.is_authenticated:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def body_of(response: HttpResponse) -> bytes:
    if response.streaming:
        content = b"".join(response.streaming_content)
        # Closing a response ends its request, and that would close the connection of this test's transaction.
        request_finished.disconnect(close_old_connections)
        response.close()
        request_finished.connect(close_old_connections)
        return content
    return response.content


PAGES_READ = 3
"""How many of those who may see a page have it rendered: the guard lets all of them through by the same predicate."""


def test_everyone_asks_for_every_page(objects, world, settings):
    settings.QINGYUAN_DEMO = True
    everyone = {**world.people, "operator": world.operator, "anonymous": AnonymousUser()}
    wrong = []
    read: Counter[str] = Counter()
    for who, user in everyone.items():
        client = client_of(user)
        for name, pattern in own_routes():
            guard = pattern.callback.guard
            may_see = lets_in(guard, name, user, who, objects)
            if user.is_authenticated and may_see:
                read[name] += 1
                if read[name] > PAGES_READ:
                    continue
            try:
                url = reverse(name, kwargs=arguments_for(pattern, objects))
            except NoReverseMatch as error:
                wrong.append(f"{name}: {error}")
                continue
            response = client.get(url)
            body_of(response)
            fault = fault_of(response, guard, user, may_see=may_see)
            if fault and not (may_see and response.status_code == 404 and name in OF_CONTENT):
                wrong.append(f"{who} {url}: {response.status_code}, {fault}")
    assert wrong == [], "\n".join(wrong)


def fault_of(response: HttpResponse, guard: Any, user: Any, *, may_see: bool) -> str:
    """What is wrong with the answer to this person; empty if nothing."""
    status, to_login = response.status_code, "/accounts/login" in response.headers.get("Location", "")
    if status >= 500:
        return "a malfunction"
    if guard.kind == "public":
        return "a public page asks for sign-in" if status in {302, 403} and to_login else ""
    if not user.is_authenticated:
        return "" if status == 302 and to_login else "expected the sign-in page"
    if guard.kind == "sees":
        return f"but may see: {may_see}" if (status == 404) != (not may_see) else ""
    return "behind a plain sign-in guard" if status == 404 else ""


def lets_in(guard: Any, name: str, user: Any, who: str, objects: dict[str, Any]) -> bool:
    if guard.kind != "sees":
        return True
    if not user.is_authenticated:
        return False
    obj = objects[guard.model._meta.label_lower]
    return guard.condition.test(user, obj) and FOR_ONE.get(name, who) == who


def test_ids_that_do_not_exist_are_not_found(world):
    client = client_of(world.park_handler)
    nothing = "00000000-0000-4000-8000-000000000000"
    for name, pattern in own_routes():
        guard = pattern.callback.guard
        if guard.kind == "sees":
            values = {
                key: nothing
                if key == guard.arg or isinstance(converter, UUIDConverter)
                else WORDS.get(key, "1")
                for key, converter in pattern.pattern.converters.items()
            }
            assert client.get(reverse(name, kwargs=values)).status_code == 404, name


def test_a_draft_call_is_hidden_from_those_outside_the_departments(objects, world):
    url = reverse("calls:call", args=[objects["draft call"].pk])
    assert client_of(world.park_handler).get(url).status_code == 404
    assert client_of(world.ndrc_signer).get(url).status_code == 200
