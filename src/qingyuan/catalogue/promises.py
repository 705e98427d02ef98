"""What experts promise before a review (保密、廉洁、回避承诺), as dated texts; a signature binds the hash of the text."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.model import Part, Slug, Text

_FILE = Path(__file__).parent / "promises.yaml"


class Promise(Part):
    id: Slug
    title: Text
    text: Text


class Promises(Part):
    """One form of promises, in force from a day until the next one begins."""

    id: Slug
    title: Text
    valid_from: date
    source: Text
    verified: bool
    promises: tuple[Promise, ...] = Field(min_length=1)

    @property
    def sha256(self) -> str:
        """What a signature binds: titles and texts, in order."""
        said = json.dumps([[one.title, one.text] for one in self.promises], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


class _Forms(Part):
    forms: tuple[Promises, ...] = Field(min_length=1)


@cache
def forms() -> dict[str, Promises]:
    """All forms by id, the oldest first."""
    found = yamlfile.load(_FILE, _Forms).forms
    return {form.id: form for form in sorted(found, key=lambda form: form.valid_from)}


def form_on(day: date) -> Promises:
    """The form in force on a day (the first one before it began)."""
    known = list(forms().values())
    return next((form for form in reversed(known) if form.valid_from <= day), known[0])
