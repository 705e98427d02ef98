"""The row about autosave: what a save while typing costs, in a long chapter with a long history."""

from __future__ import annotations

from typing import Any

from bench.measure import Row, cpu_ms

PARAGRAPHS, REVISIONS = 60, 200
PARAGRAPH = "<p>演示：对试点对象开展诊断，梳理行业关键共性问题，形成具有行业特色的清洁生产方案，并逐项落实资金与进度。</p>"


def autosave(pilot: Any, user: Any) -> Row:
    """One autosave over HTTP of a chapter of about 3,000 characters with 200 revisions behind it.

    `pilot` is a drafting pilot of the measured database, `user` one of its writers.
    """
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from qingyuan.kernel import clock
    from qingyuan.pilots.models import ChapterRevision

    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    chapter = pilot.chapters.first()
    url = reverse("pilots:chapter", args=[pilot.pk, chapter.outline_id])
    now = clock.now()
    ChapterRevision.objects.bulk_create(
        ChapterRevision(
            chapter=chapter,
            number=number,
            kind="save",
            html=PARAGRAPH,
            words=50,
            begun_at=now,
            at=now,
            by=user,
        )
        for number in range(1, REVISIONS + 1)
    )
    chapter.revision = REVISIONS
    chapter.save(update_fields=["revision"])
    state = {"revision": REVISIONS, "count": 0}

    def save() -> None:
        state["count"] += 1
        text = PARAGRAPH * PARAGRAPHS + f"<p>第{state['count']}次</p>"
        answer = client.post(
            url,
            {"html": text, "revision": str(state["revision"])},
            headers={"X-Autosave": "1", "Accept": "application/json"},
        )
        assert answer.status_code == 200, answer.content
        state["revision"] = answer.json()["revision"]

    save()
    with CaptureQueriesContext(connection) as queries:
        save()
    statements = len(queries)  # before the next request empties the log
    time = cpu_ms(save)
    return Row(
        "autosave of a chapter, 3,000 characters, 200 revisions",
        cpu_ms=time,
        sql=statements,
        size=len((PARAGRAPH * PARAGRAPHS).encode()),
        budget="<= 14 SQL, <= 25 ms",
        within=statements <= 14 and time <= 25,
    )
