"""A snapshot as the plain data that the printed plan is set from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from qingyuan.catalogue.notices.parts import Chapter as OutlineChapter
from qingyuan.catalogue.notices.parts import Section
from qingyuan.kernel import storage
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers import plan_docx
from qingyuan.papers.canonical import sha256_hex
from qingyuan.pilots import derived, geometry, ground
from qingyuan.pilots.files import files_of
from qingyuan.pilots.models import Attachment, JointParty, Pilot
from qingyuan.pilots.wording import answer_text, sector_titles
from qingyuan.workbooks.scope import PERMITS, SIZES

PURPOSES = dict(Attachment.Purpose.choices)
PARTIES = dict(JointParty.Part.choices)


@in_record_language()
def plan_of(
    pilot: Pilot, data: dict[str, Any], *, on: dt.date, damaged: list[str] | None = None
) -> plan_docx.Plan:
    """The plan of a snapshot `data` of this pilot, dated `on`. Pictures that cannot be shown are named in `damaged`."""
    texts = {chapter["id"]: chapter["html"] for chapter in data["chapters"]}
    titles = sector_titles(pilot.notice)
    indicators = {row["key"]: row["indicator"] for row in data["targets"]}
    lies = geometry.of_snapshot(data)
    numbers = ", ".join(filter(None, [data["document_number"]]))
    return plan_docx.Plan(
        title=f"{data['name']}清洁生产审核创新试点实施方案"
        if "实施方案" not in data["name"]
        else data["name"],
        applicant=data["applicant"]["name"],
        on=on,
        notice=f"{pilot.notice.title}{f'（{numbers}）' if numbers else ''}",
        edition="送审版",
        category=data["category"]["title"],
        chapters=tuple(_chapter(chapter, texts) for chapter in pilot.notice.outline.chapters),
        targets=tuple(
            plan_docx.Target(
                name=row["indicator"],
                unit=row["unit"],
                base=_with_year(row["baseline"], row["baseline_year"]),
                goal=row["target"] or "",
                change=_change(row),
                share=f"{row['share']}%" if row["share"] else "",
                basis="\n".join(filter(None, [row["formula"], row["note"]])),
            )
            for row in data["targets"]
        ),
        answers=tuple(_answers(pilot, data)),
        parties=tuple(
            plan_docx.Party(name=row["name"], part=str(PARTIES[row["part"]]), duties=row["duties"])
            for row in data.get("joint", {}).get("parties", [])
        ),
        meetings=tuple(
            plan_docx.Meeting(on=row["held_on"], topic=row["topic"], outcome=row["outcome"])
            for row in data.get("joint", {}).get("meetings", [])
        ),
        scope=tuple(
            plan_docx.Enterprise(
                name=row["name"],
                code=row["credit_code"],
                sector=" ".join(filter(None, [titles.get(row["sector"], row["sector"]), row["sector_code"]])),
                size=SIZES.get(row["size"], ""),
                permit=PERMITS.get(row["permit"], ""),
                last_audit=row["last_audit"] or "",
                pollutants=row["pollutants"],
                place=f"{row['prefecture']}{row['county']}",
                note=row["note"],
            )
            for row in data["scope"]
        ),
        object_facts=tuple(ground.facts_of(lies)),
        object_grids=tuple(
            plan_docx.Grid(title=grid.title, heads=grid.heads, rows=grid.rows)
            for grid in ground.grids_of(lies, day=pilot.notice.issued.day)
        ),
        milestones=tuple(
            plan_docx.Milestone(
                name=row["title"],
                term=f"{row['starts']} 至 {row['ends']}",
                outputs=row["outputs"],
                responsible=row["responsible"],
            )
            for row in data["schedule"]["milestones"]
        ),
        outputs=tuple(
            plan_docx.Output(
                name=row["title"], benefit=row["benefit"], target=indicators.get(row["target"], "")
            )
            for row in data["outputs"]
        ),
        attachments=tuple(
            plan_docx.Attachment(
                name=row["title"], kind=str(PURPOSES[row["purpose"]]), size=row["size"], sha256=row["sha256"]
            )
            for row in data["attachments"]
        ),
        pictures=pictures_of(pilot, data, damaged=damaged),
    )


def pictures_of(
    pilot: Pilot, data: dict[str, Any], *, damaged: list[str] | None = None
) -> Callable[[str], bytes | None]:
    """Finds the bytes of the pictures that the snapshot `data` names, and holds them against its hashes.

    What is missing or other than it was is None, and its name goes into `damaged`. A snapshot from before hashes were kept
    shows what the pilot has under the same id (one query).
    """
    rows = {row["upload"]: (row["name"], row["sha256"]) for row in data["pictures"]}
    if any(not sha256 for _name, sha256 in rows.values()):
        stored = {file.upload: (file.name, file.sha256) for file in files_of(pilot) if file.is_picture}
        rows = {upload: row if row[1] else stored.get(upload, row) for upload, row in rows.items()}

    def read(upload: str) -> bytes | None:
        name, sha256 = rows.get(upload, ("", ""))
        if sha256 and storage.exists(sha256):
            with storage.open_blob(sha256) as blob:
                found = blob.read()
            if sha256_hex(found) == sha256:
                return found
        if damaged is not None:
            damaged.append(name or upload)
        return None

    return read


def _chapter(chapter: OutlineChapter | Section, texts: dict[str, str]) -> plan_docx.Chapter:
    children = getattr(chapter, "sections", ())
    number = chapter.number if chapter.number.startswith("（") else f"{chapter.number}、"
    return plan_docx.Chapter(
        number=number,
        heading=chapter.title,
        html=texts.get(chapter.id, ""),
        children=tuple(_chapter(section, texts) for section in children),
    )


def _change(row: dict[str, Any]) -> str:
    change, percent = (None if row[key] is None else Decimal(row[key]) for key in ("change", "percent"))
    return derived.Derived(change=change, percent=percent).shown


def _with_year(value: str | None, year: int | None) -> str:
    if value is None:
        return ""
    return f"{value}（{year}年）" if year else value


def _answers(pilot: Pilot, data: dict[str, Any]) -> list[plan_docx.Answer]:
    rows = []
    for condition in pilot.notice.conditions_for(pilot.category_id):
        given = data["answers"].get(condition.id, {})
        for question in condition.asked(answers=given, facts=pilot.facts):
            files = tuple(
                row["title"]
                for row in data["attachments"]
                if (row["condition"], row["question"]) == (condition.id, question.id)
            )
            rows.append(
                plan_docx.Answer(
                    condition=f"{condition.title}：{question.label}",
                    answer=answer_text(question, given.get(question.id)),
                    evidence=files,
                )
            )
    return rows
