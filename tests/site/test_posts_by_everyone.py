"""Every address gets the form that a rightful person would send, from everyone: who may not, writes nothing at all.

The forms are not made up here: they are read off the pages as their rightful people see them, with what stands in
them already, and sent by the whole cast. What was written is read off the SQL itself; a change that leaves no row
counted differently is seen as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

import html5lib
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.urls import reverse

from qingyuan.kernel.models import LedgerEntry
from tests.house.test_route_matrix import FOR_ONE, arguments_for, body_of, client_of, objects, own_routes  # noqa: F401 (a fixture)
from tests.house.verb_cases import MAY

# The people whose pages show, between them, nearly every form of the product.
RIGHTFUL = ["park_handler", "park_signer", "park_lead", "province_handler", "reform_signer", "operator"]
# One person for every kind of relation to the park's application: its own people, who helps it, who receives it, who
# stands beside it, and nobody. (That a verb refuses each single person of the cast, tests/house shows below the pages.)
EVERYONE = {
    "park_handler",
    "park_reviewer",
    "park_signer",
    "consultant",
    "city_all",
    "province_handler",
    "prefecture_handler",
    "park_and_province",
    "stranger",
    "operator",
    "anonymous",
}
# After the submission the receiving side's forms are there.
AFTER = {
    "park_handler",
    "park_signer",
    "consultant",
    "province_handler",
    "reform_signer",
    "stranger",
    "anonymous",
}
WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"')
# What any visitor writes: the session that holds the language or a message, and the counters of the brakes.
NOBODYS = {"django_session", "kernel_cache"}
# Guarded writes that are no verbs (drafts, presence, files through the gate), and who writes in the park's plan.
DRAFTS = {
    "kernel_upload",
    "pilots_chapter",
    "pilots_chapterrevision",
    "pilots_chapterpresence",
    "pilots_pilotpicture",
}
WRITERS = MAY["pilot.describe"]
REMARKERS = MAY["pilot.remark_chapter"]
# Open to whoever is signed in.
EVERYBODYS = {"token.issue"}


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables that statements of this block write to, whether or not they are rolled back."""
    tables: set[str] = set()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := WRITE.match(sql):
            tables.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield tables


def forms_of(html: str, url: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The address and the filled fields of every form on a page that posts."""
    root = html5lib.parse(html, namespaceHTMLElements=False)
    for form in root.iter("form"):
        if form.get("method", "get").lower() != "post":
            continue
        fields: dict[str, str] = {}
        for field in form.iter():
            name = field.get("name")
            if not name or name == "csrfmiddlewaretoken" or field.get("type") in {"file", "submit", "button"}:
                continue
            if field.get("type") in {"checkbox", "radio"}:
                if field.get("checked") is not None or name not in fields:
                    fields[name] = field.get("value", "on")
            elif field.tag == "select":
                options = [one.get("value") for one in field.iter("option") if one.get("value")]
                chosen = [one.get("value") for one in field.iter("option") if one.get("selected") is not None]
                if chosen or options:
                    fields[name] = (chosen or options)[0] or ""
            elif field.tag == "textarea":
                fields[name] = "".join(field.itertext()).strip() or "演示"
            elif field.tag == "input":
                fields[name] = field.get("value") or made_up(field.get("type", "text"))
        yield form.get("action") or url, fields


def made_up(kind: str) -> str:
    return {
        "date": "2022-07-01",
        "datetime-local": "2022-07-08T18:00",
        "email": "neu@example.org",
        "number": "1",
    }.get(kind, "演示")


def address_of(pattern: Any, name: str, objects: dict[str, Any]) -> str:  # noqa: F811
    return reverse(name, kwargs=arguments_for(pattern, objects))


def collected(objects: dict[str, Any], world: Any, *, by: list[str]) -> dict[str, dict[str, str]]:  # noqa: F811
    """address -> the fields of the form that leads there, from the first rightful person who is shown it."""
    found: dict[str, dict[str, str]] = {}
    for who in by:
        client = client_of(world.operator if who == "operator" else world.people[who])
        for name, pattern in own_routes():
            url = address_of(pattern, name, objects)
            if url in found or not hasattr(pattern.callback.guarded_view, "view_class"):
                continue
            response = client.get(url)
            body = body_of(response)
            if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
                for action, fields in forms_of(body.decode(), url):
                    found.setdefault(action.partition("#")[0], fields)
    return found


# Verbs on a call: the table names those of the State's call, the pages here are of Henan's.
HENANS = {"province_handler", "park_and_province"}
ON_HENANS_CALL = {"arrival.register": HENANS, "call.set_rhythm": HENANS}


def rightly(who: str, verb: str) -> bool:
    return verb in EVERYBODYS or who in MAY.get(verb, set()) | ON_HENANS_CALL.get(verb, set())


@pytest.mark.parametrize("stage", ["ready", "submitted"])
def test_everyone_sends_every_form(objects, maker, world, settings, stage):  # noqa: F811
    settings.QINGYUAN_DEMO = True
    if stage == "ready":
        pilot = maker("park", stage="ready", name="演示未送审")
        maker.attach_seal(pilot, by=world.park_handler)
        objects |= {"pilots.pilot": pilot}
    forms = collected(
        objects, world, by=RIGHTFUL if stage == "ready" else ["park_handler", "province_handler"]
    )
    everyone = {**world.people, "operator": world.operator, "anonymous": AnonymousUser()}
    wrong: list[str] = []
    done: set[tuple[str, str]] = set()
    asked = AFTER if stage == "submitted" else EVERYONE
    everyone = {who: user for who, user in everyone.items() if who in asked}
    for who, user in everyone.items():
        client = client_of(user)
        cookies = client.cookies.output()
        for name, pattern in own_routes():
            guard = pattern.callback.guard
            if not hasattr(pattern.callback.guarded_view, "view_class") and who not in {
                "park_handler",
                "stranger",
            }:
                continue  # a page to read, or a small answer to a page: two people are enough
            url = address_of(pattern, name, objects)
            client.cookies = SimpleCookie(cookies.replace("Set-Cookie: ", ""))
            before = LedgerEntry.objects.count()
            with transaction.atomic(), written() as tables:
                response = client.post(url, {"key": "k", **forms.get(url, {"remark": "演示"})})
                body_of(response)
                verbs = list(LedgerEntry.objects.order_by("seq").values_list("verb", flat=True)[before:])
                transaction.set_rollback(True)
            status, label = response.status_code, f"{who} POST {name}: {response.status_code}"
            tables -= NOBODYS
            done |= {(who, verb) for verb in verbs}
            if status >= 500:
                wrong.append(label)
            if guard.kind != "public" and not user.is_authenticated:
                if status not in {302, 401} or tables:
                    wrong.append(f"{label}, expected the sign-in page; wrote {tables}")
            elif guard.kind == "sees":
                obj = objects[guard.model._meta.label_lower]
                may_see = guard.condition.test(user, obj) and FOR_ONE.get(name, who) == who
                if not may_see and (status not in {404, 405} or tables):
                    wrong.append(f"{label}, expected 404; wrote {tables}")
            wrong += [f"{label} ran {verb}" for verb in verbs if not rightly(who, verb)]
            if tables and not verbs and not (who in WRITERS | REMARKERS and tables <= DRAFTS):
                # A person with the right whose content or stage is refused (409, 422) may have begun; it is rolled back.
                begun = status in {409, 422} and user.is_authenticated
                if not begun and not (tables <= DRAFTS and status < 400):
                    wrong.append(f"{label} wrote {tables} without a verb")
    assert not wrong, "\n".join(wrong)
    # The forms were real ones: for their rightful people many of them did what they are for.
    assert len({verb for _who, verb in done}) >= {"ready": 12, "submitted": 8}[stage]
