"""The published document and the application agree: every operation is guarded, described, and answers as it says."""

from __future__ import annotations

import uuid
from typing import get_args

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import URLPattern
from hypothesis import HealthCheck, given, settings
from pydantic import BaseModel
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from qingyuan.api.app import api as application
from qingyuan.api.auth import TokenAuth
from qingyuan.api.urls import urlpatterns
from qingyuan.kernel.actions import verbs
from qingyuan.site.wsgi import application as wsgi
from tests.api.conftest import ROOT, token_of

PUBLIC = {"clauses", "ledger_head", "ledger_check"}
LATER = {
    "pilot.add_enterprise": "PUT scope replaces the list",
    "pilot.remove_enterprise": "PUT scope replaces the list",
}


def operations():
    return [
        operation
        for router in application._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
    ]


def document():
    return Client().get(f"{ROOT}/openapi.json").json()


def test_every_operation_asks_for_a_token_or_is_one_of_the_public_three():
    assert len(operations()) > 35
    for operation in operations():
        kinds = [type(callback) for callback in operation.auth_callbacks]
        assert kinds == ([] if operation.operation_id in PUBLIC else [TokenAuth]), operation.operation_id


def test_every_route_beside_the_operations_has_a_guard():
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        if not pattern.callback.__module__.startswith("ninja."):
            assert pattern.callback.guard.kind == "public", pattern.name


@pytest.mark.django_db
def test_without_a_token_every_operation_but_the_public_ones_says_401():
    client = Client()
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            address = path
            for parameter in operation["parameters"]:
                address = address.replace("{" + parameter["name"] + "}", str(uuid.uuid4()))
            status = client.generic(method.upper(), address).status_code
            assert (status == 401) == (operation["operationId"] not in PUBLIC), (method, path, status)


@pytest.mark.django_db
def test_operations_are_named_once_described_and_secured():
    found = document()
    (scheme,) = found["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    names = []
    for methods in found["paths"].values():
        for operation in methods.values():
            names.append(operation["operationId"])
            assert operation["summary"]
            assert operation["description"]
            assert operation["tags"]
            assert bool(operation.get("security")) == (operation["operationId"] not in PUBLIC)
    assert len(names) == len(set(names))


def models_in(annotation, found):
    """Every pydantic model that an annotation reaches."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in found:
        found.add(annotation)
        for field in annotation.model_fields.values():
            models_in(field.annotation, found)
    for inner in get_args(annotation):
        models_in(inner, found)


def test_no_two_shapes_share_a_name():
    """Components of the document go by their class's name: a second one of a name would silently replace the first."""
    found = set()
    for operation in operations():
        for model in [*operation.models, *operation.response_models.values()]:
            for field in model.model_fields.values() if model else ():
                models_in(field.annotation, found)
    names = [model.__name__ for model in found]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


@pytest.mark.django_db
def test_every_verb_of_a_pilot_has_its_operation_and_its_key_where_it_is_idempotent():
    listed = {
        operation["operationId"]: operation
        for methods in document()["paths"].values()
        for operation in methods.values()
    }
    for verb in verbs().values():
        if verb.room != "pilots" or verb.name in LATER:
            continue
        operation = listed[verb.name.replace(".", "_")]
        (key,) = [one for one in operation["parameters"] if one["name"] == "Idempotency-Key"]
        assert key["required"] == verb.idempotent, verb.name


@pytest.mark.django_db
def test_the_list_of_operations_is_a_plain_page():
    import html5lib

    response = Client().get(f"{ROOT}/")
    assert response.status_code == 200
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(response.content.decode())
    text = response.content.decode()
    assert "/api/v1/pilots/{pilot}/submit" in text
    assert "<script src=" in text
    assert "https://" not in text.split("<body")[1].replace("https://www.w3.org", "")


# --- the application against its own document

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def _one_connection():
    """The application's own end of a request closes the connection that holds the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def contract(maker, world, _one_connection):
    """The document, with a token of somebody who holds all roles in one applicant and objects that exist."""
    from qingyuan.people.models import Membership

    for role in ("lead", "handler", "reviewer", "signer"):
        Membership.objects.get_or_create(
            user=world.park_and_province,
            organisation=world.park,
            role=role,
            defaults={"since": world.call.opens_at},
        )
    drafting, submitted = maker("park", stage="drafting"), maker("park", stage="submitted")
    ids = {
        "call": str(world.call.pk),
        "pilot": str(drafting.pk),
        "submission": str(submitted.submissions.get().pk),
        "outline_id": drafting.notice.leaves()[0].id,
        "condition_id": "N5.2",
        "attachment_id": submitted.attachments.first().pk,
    }
    return ids, token_of(world.park_and_province)


def in_process(environ, start_response):
    """The application as a server runs it: read to the end and closed."""
    response = wsgi({"REMOTE_ADDR": "127.0.0.1", **environ}, start_response)
    try:
        return [b"".join(response)]
    finally:
        response.close()


schema = schemathesis.openapi.from_dict(application.get_openapi_schema(path_prefix=f"{ROOT}/"))
schema.app = in_process


@pytest.mark.parametrize("operation_id", sorted(operation.operation_id for operation in operations()))
def test_whatever_is_sent_the_answer_is_one_that_the_document_describes(contract, operation_id):
    ids, token = contract
    operation = schema.find_operation_by_id(operation_id)

    @settings(
        max_examples=10,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def run(case):
        # Half of the requests reach an object that exists; the others keep what was generated.
        run.count += 1
        if run.count % 2:
            case.path_parameters = {
                name: ids.get(name, value) for name, value in (case.path_parameters or {}).items()
            }
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        case.validate_response(response, checks=CHECKS)

    run.count = 0
    given(case=operation.as_strategy())(run)()
    assert run.count > 0
