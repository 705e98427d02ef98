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
from qingyuan.api.verbs import Exposed
from qingyuan.kernel.actions import verbs
from qingyuan.kernel.models import ApiToken
from qingyuan.site.wsgi import application as wsgi
from tests.api.conftest import ROOT, token_of
from tests.assessment_maker import assessment_in
from tests.draw_maker import draw_in
from tests.visit_maker import visit_in

PUBLIC = {
    "clauses",
    "ledger_head",
    "ledger_check",
    "publicities",
    "enterprise_audits",
    "published_cases",
    "published_case",
    "passed_pilots",
    "audit_certificate",
    "public_innovation",
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


def test_every_operation_asks_for_a_token_or_is_one_of_the_public_ones():
    assert len(operations()) > 75
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
def test_every_verb_of_every_room_has_its_operation_and_its_key_where_it_is_idempotent():
    listed = {
        operation["operationId"]: operation
        for methods in document()["paths"].values()
        for operation in methods.values()
    }
    assert set(verbs()) == set(Exposed.operations) | set(Exposed.pages_only)
    for verb in verbs().values():
        if verb.name in Exposed.pages_only:
            assert verb.name.replace(".", "_") not in listed
            continue
        operation = listed[verb.name.replace(".", "_")]
        (key,) = [one for one in operation["parameters"] if one["name"] == "Idempotency-Key"]
        assert key["required"] == verb.idempotent, verb.name
        assert "429" in operation["responses"], verb.name


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


def fields_of(schema, components):
    """Every field of a body with the fields of what it holds, by name."""
    schema = components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    for name, field in schema.get("properties", {}).items():
        inner = field.get("items", {})
        if "$ref" in inner:
            yield from fields_of(inner, components)
        else:
            yield name, field


@pytest.mark.django_db
def test_what_goes_on_between_bodies_shows_an_example_of_every_field_sent():
    found = document()
    components, seen = found["components"]["schemas"], set()
    for methods in found["paths"].values():
        for operation in methods.values():
            if operation["tags"] != ["往来"] or "requestBody" not in operation:
                continue
            (content,) = operation["requestBody"]["content"].values()
            for name, field in fields_of(content["schema"], components):
                seen.add(name)
                is_file = field.get("format") == "binary" or "contentMediaType" in field
                assert is_file or field.get("examples"), (operation["operationId"], name)
    assert {"chapters", "due_at", "text", "agree", "condition_id", "duties", "held_on", "answered_on"} <= seen


def test_the_examples_are_what_the_operations_take():
    found = set()
    for operation in operations():
        for model in operation.models:
            for field in model.model_fields.values():
                models_in(field.annotation, found)
    tried = 0
    for model in found:
        for name, field in model.model_fields.items():
            for example in field.examples or ():
                model.__pydantic_validator__.validate_assignment(model.model_construct(), name, example)
                tried += 1
    assert tried > 30


# --- the application against its own document

EXAMPLES = 4
"""For each operation; there are many, and each also has tests of its own."""
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


def somebody_with_many_roles(world):
    """Every role in an applicant, in both departments of its province, and the operator's rights."""
    from qingyuan.people.models import Membership

    user = world.park_and_province
    type(user).objects.filter(pk=user.pk).update(is_superuser=True)
    Membership.objects.bulk_create(
        (
            Membership(user=user, organisation=body, role=role, since=world.call.opens_at)
            for body in (world.park, world.henan_ecology, world.henan_reform)
            for role in ("lead", "handler", "reviewer", "signer")
        ),
        ignore_conflicts=True,
    )
    return type(user).objects.get(pk=user.pk)


def ids_for(path, maker, user):
    """Objects that exist, for the names in the path: only what it asks for, since each operation is a test."""
    from tests.house.cases.calls import supplement_in
    from tests.house.cases.people import mail_in
    from tests.house.cases.pilots import certificate_in, supplement_request_in

    world = maker.world
    ids = {
        "call": str(world.call.pk),
        "organisation": str(world.park.pk),
        "joint_body": str(world.joint["henan"].pk),
        "notice_id": "henan-2022",
        "membership_id": world.park.memberships.first().pk,
        "authorisation": str(world.park.authorisations_given.get().pk),
        "condition_id": "N5.2",
    }
    if "{token}" in path:
        ids["token"] = str(ApiToken.objects.get(digest=ApiToken.digest_of(token_of(user))).pk)
    if "{mail}" in path:
        ids["mail"] = str(mail_in(maker, "draft").pk)
    if "{supplement}" in path:
        ids["supplement"] = str(supplement_in(maker, "cosign").pk)
    if "{pilot}" in path:
        stage = "submitted" if path.endswith(("/file", "/submit", "/reopen", "/withdraw")) else "drafting"
        pilot = maker("park", stage=stage)
        ids |= {"pilot": str(pilot.pk), "outline_id": pilot.notice.leaves()[0].id}
        ids["attachment_id"] = getattr(pilot.attachments.first(), "pk", 1)
        ids["entry_id"] = pilot.scope.values_list("pk", flat=True).first() or 1
    if "{certificate}" in path:
        ids["certificate"] = str(certificate_in(maker, "sent").pk)
    if "{supplement_request}" in path:
        ids["supplement_request"] = str(supplement_request_in(maker, "open").pk)
    if "{submission}" in path:
        ids["submission"] = str(maker("park", stage="submitted").submissions.get().pk)
    if "{draw}" in path:
        ids["draw"] = str(draw_in(maker, "committed").pk)
    if "{visit}" in path:
        ids |= {"visit": str(visit_in(maker, "notified").pk), "item": 1}
    if "{assessment}" in path:
        ids["assessment"] = str(assessment_in(maker, "submitted").pk)
    return ids


def in_process(environ, start_response):
    """The application as a server runs it: read to the end and closed."""
    response = wsgi({"REMOTE_ADDR": "127.0.0.1", **environ}, start_response)
    try:
        return [b"".join(response)]
    finally:
        response.close()


schema = schemathesis.openapi.from_dict(application.get_openapi_schema(path_prefix=f"{ROOT}/"))
schema.app = in_process


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("operation_id", sorted(operation.operation_id for operation in operations()))
def test_whatever_is_sent_the_answer_is_one_that_the_document_describes(maker, world, operation_id):
    operation = schema.find_operation_by_id(operation_id)
    user = somebody_with_many_roles(world)
    ids, token = ids_for(operation.path, maker, user), token_of(user)

    @settings(
        max_examples=EXAMPLES,
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
