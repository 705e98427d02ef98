"""One hostile text in every place where people type, and then every page: it stays text, and the HTML stays strict."""

from __future__ import annotations

from collections import Counter

import html5lib
import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from tests.house.test_route_matrix import arguments_for, body_of, client_of, objects, own_routes  # noqa: F401 (a fixture)

HOSTILE = "\"><script>alert(1)</script>'&\u202e=cmd|x!A1{{7*7}}{% now %}"


@pytest.fixture
def poisoned(objects, world):  # noqa: F811
    """Names of bodies, people, calls, pilots, files, answers, remarks: all of them hostile."""
    from qingyuan.audits.models import (
        AuditReview,
        Dataset,
        EnterpriseSheet,
        FigureQuestion,
        Scheme,
        SchemeEvent,
    )
    from qingyuan.calls.models import Call, Supplement
    from qingyuan.kernel.models import Mail, Upload
    from qingyuan.people.models import Expert, JointBody, Organisation, User
    from qingyuan.pilots.models import (
        Answer,
        Attachment,
        CertificateRequest,
        Chapter,
        Pilot,
        ScopeEntry,
        SignOff,
        Submission,
        SupplementRequest,
        Target,
    )
    from qingyuan.registry.models import Enterprise, ReserveProject
    from qingyuan.review.models import Objection, Publicity

    for model, field, length in [
        (Organisation, "name", 120),
        (JointBody, "name", 160),
        (User, "display_name", 40),
        (Expert, "employer_name", 120),
        (Expert, "title", 40),
        (Call, "title", 200),
        (Call, "document_number", 60),
        (Supplement, "reason", 500),
        (Mail, "subject", 300),
        (Mail, "body", 2000),
        (Upload, "name", 160),
        (Pilot, "name", 120),
        (Pilot, "object_name", 160),
        (ScopeEntry, "stated_name", 120),
        (ScopeEntry, "note", 200),
        (Enterprise, "name", 120),
        (Target, "indicator", 80),
        (Target, "note", 300),
        (Attachment, "title", 120),
        (SignOff, "remark", 1000),
        (SupplementRequest, "reason", 1000),
        (CertificateRequest, "body_name", 120),
        (CertificateRequest, "text", 2000),
        (Submission, "package_name", 255),
        (Submission, "mail_subject", 300),
        (Scheme, "title", 120),
        (Scheme, "content", 2000),
        (Scheme, "owner", 80),
        (SchemeEvent, "reason", 1000),
        (AuditReview, "statement", 2000),
        (AuditReview, "opinion", 2000),
        (ReserveProject, "title", 120),
        (ReserveProject, "content", 2000),
        (Publicity, "contact", 300),
        (Objection, "objector", 120),
        (Objection, "objector_contact", 200),
        (Objection, "text", 5000),
        (Objection, "answer", 5000),
        (Dataset, "title", 120),
        (EnterpriseSheet, "name", 120),
        (EnterpriseSheet, "reopened_reason", 500),
        (FigureQuestion, "text", 500),
        (FigureQuestion, "answer", 1000),
    ]:
        for number, row in enumerate(model.objects.all()):
            # Names that must differ differ at the end.
            model.objects.filter(pk=row.pk).update(
                **{field: (HOSTILE * 3)[: min(length, 90) - 5] + str(number)}
            )
    Answer.objects.all().filter(question_id__contains="groundwork").update(value=HOSTILE)
    Chapter.objects.all().update(html="<p>安全正文</p>")
    return objects


PEOPLE = ["park_handler", "park_lead", "province_handler", "reform_signer", "expert", "operator", "anonymous"]
PARSED = 2
"""For how many of those who are shown a page its HTML is parsed strictly: it differs between them by little."""


def test_every_page_shows_it_as_text(poisoned, world):
    parsed: Counter[tuple[str, int]] = Counter()
    for who in PEOPLE:
        user = {**world.people, "operator": world.operator}.get(who)
        client = client_of(type(user).objects.get(pk=user.pk) if user else AnonymousUser())
        seen = 0
        for name, pattern in own_routes():
            response = client.get(reverse(name, kwargs=arguments_for(pattern, poisoned)))
            body = body_of(response)
            if "text/html" not in response.headers.get("Content-Type", "") or not body:
                continue
            text = body.decode()
            assert "<script>alert" not in text, (who, name)
            # The ampersand is escaped, so never follows raw.
            assert "'&\u202e" not in text.replace("&#x27;", "'"), (who, name)
            seen += response.status_code == 200
            parsed[name, response.status_code] += 1
            if parsed[name, response.status_code] <= PARSED:
                strictly_parsed(text)
        assert seen > (5 if user is None else 12), who


def strictly_parsed(text: str) -> None:
    parser = html5lib.HTMLParser(strict=True)
    if "<!DOCTYPE html>" in text:
        parser.parse(text)
    else:  # a part of a page that htmx fetches
        parser.parseFragment(text)
