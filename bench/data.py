"""Invented applications in bulk, marked 演示: written directly, because a thousand sign-offs by verbs take minutes.

    from bench.data import fill
    fill(call, 1000)

Of ten applications seven are received (every fifth of them in a second version), two unfinished; of the last ones every
other was reopened after its receipt, and every other withdrawn.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.db import transaction

CATEGORIES = {
    "sector": ("sector_in_area", ["electroplating"], "电镀行业"),
    "park": ("park", ["petrochemical", "electroplating"], "新材料产业园区"),
    "region": ("basin", ["papermaking", "agrifood"], "沿黄流域"),
}
KINDS = ("government", "department", "park")
TEXT = "<p>演示：对试点对象开展诊断，梳理行业关键共性问题，形成具有行业特色的清洁生产方案，并逐项落实资金与进度。</p>"
PARAGRAPHS = 8
"""A chapter of about 500 characters: the list must not pay for what it does not show."""
UNFINISHED = ("drafting", "drafting", "reviewing", "signing")


def digest(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


@transaction.atomic
def fill(call: Any, number: int) -> list[Any]:
    """Add `number` applications with their submissions to a call; returns the pilots."""
    from qingyuan.catalogue import regions
    from qingyuan.people.models import Organisation, User
    from qingyuan.pilots.models import Chapter, Pilot, Submission

    places = [region for region in regions.regions().values() if region.parent == "410000"]
    author, _new = User.objects.get_or_create(
        username="bench-author",
        defaults={"email": "bench-author@example.org", "display_name": "演示批量", "is_demo": True},
    )
    call.refresh_from_db(fields=["register_last"])
    start = Pilot.objects.filter(call=call).count()
    bodies = Organisation.objects.bulk_create(
        Organisation(
            kind=KINDS[index % 3],
            name=f"演示·{places[index % len(places)].name}第{index:04d}申报单位",
            region_code=places[index % len(places)].code,
            is_demo=True,
        )
        for index in range(start, start + number)
    )
    pilots = Pilot.objects.bulk_create(
        _pilot(call, body, index, author) for index, body in enumerate(bodies, start=start)
    )
    leaves = [leaf.id for leaf in call.notice.leaves()]
    Chapter.objects.bulk_create(
        Chapter(
            pilot=pilot,
            outline_id=leaf,
            html=TEXT * PARAGRAPHS if (index + place) % 3 or pilot.stage != "drafting" else "",
            words=50 * PARAGRAPHS,
            updated_at=pilot.created_at,
            updated_by=author,
        )
        for index, pilot in enumerate(pilots)
        for place, leaf in enumerate(leaves)
    )
    submissions: list[Any] = []
    for index, pilot in enumerate(pilots, start=start):
        if pilot.stage in UNFINISHED and index % 20 != 9:
            continue
        versions = 2 if index % 5 == 0 else 1
        for version in range(1, versions + 1):
            call.register_last += 1
            current = version == versions and pilot.stage != "withdrawn"
            submissions.append(_submission(call, pilot, leaves, author, version, current=current))
    Submission.objects.bulk_create(submissions)
    call.save(update_fields=["register_last"])
    return pilots


def _pilot(call: Any, body: Any, index: int, author: Any) -> Any:
    from qingyuan.pilots.models import Pilot

    category = list(CATEGORIES)[index % 3]
    form, sectors, subject = CATEGORIES[category]
    last = index % 10
    stage = "submitted"
    if last in {7, 8}:
        stage = UNFINISHED[index % 4]
    elif last == 9:
        stage = "drafting" if index % 20 == 9 else "withdrawn"
    bound = stage == "submitted"
    return Pilot(
        stage=stage,
        call=call,
        applicant=body,
        category_id=category,
        name=f"演示·{subject}清洁生产整体审核创新试点项目{index:04d}",
        object_form=form,
        object_name=f"演示·{subject}",
        region_code=body.region_code,
        sectors=sectors,
        created_at=call.opens_at + timedelta(minutes=index),
        created_by=author,
        content_sha256=digest("content", index) if bound else "",
        no_state_secrets=bound,
        is_demo=True,
    )


def _submission(call: Any, pilot: Any, leaves: list[str], author: Any, version: int, *, current: bool) -> Any:
    from qingyuan.pilots.models import Submission

    name = f"2022+{pilot.name}+{pilot.applicant.name}"
    file = {
        "name": "清洁生产审核创新试点实施方案.docx",
        "sha256": digest("plan", pilot.pk, version),
        "size": 180_000,
    }
    return Submission(
        pilot=pilot,
        call=call,
        version=version,
        register_number=call.register_last,
        is_current=current,
        submitted_at=call.opens_at + timedelta(days=5, minutes=call.register_last),
        submitted_by=author,
        snapshot={
            "schema": 1,
            "name": pilot.name,
            "object": {"form": pilot.object_form, "name": pilot.object_name, "region": pilot.region_code},
            "sectors": pilot.sectors,
            "chapters": [{"id": leaf, "html": TEXT * PARAGRAPHS} for leaf in leaves],
        },
        snapshot_sha256=digest("snapshot", pilot.pk, version),
        package_name=f"{name}.zip"[:255],
        package_sha256=digest("package", pilot.pk, version),
        package_size=4_000_000,
        plan_sha256=file["sha256"],
        manifest={"files": [file]},
        mail_subject=name[:300],
    )
