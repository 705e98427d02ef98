"""The full text of a notice, as transcribed, with the plain slips of the transcription read right."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.model import Part, Slug, Text
from qingyuan.catalogue.problems import CatalogueError, Problem

_WIDTH = str.maketrans(",;:()", "，；：（）")


class Correction(Part):
    """A slip of the transcription: what the file has, and what the paper says."""

    seen: Text
    read: Text
    reason: Text


class _Corrections(Part):
    corrections: tuple[Correction, ...]


class TextRef(Part):
    """Where a notice's own words stand: a file below `text/`, optionally from one phrase on to another."""

    file: Slug
    starts: str = ""
    ends: str = ""


@cache
def read_text(folder: Path, name: str) -> str:
    """The corrected text of `folder/text/name.txt`; raises CatalogueError where it or a correction fails."""
    path = folder / "text" / f"{name}.txt"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(
            file=path.name, line=1, path="", reason="通知原文读不到", expected="UTF-8 的文本文件"
        )
        raise CatalogueError([problem]) from error
    sidecar = path.with_suffix(".corrections.yaml")
    if not sidecar.exists():
        return text

    def occurs(file: _Corrections) -> Iterable[yamlfile.Finding]:
        for index, correction in enumerate(file.corrections):
            if text.count(correction.seen) != 1:
                place = ("corrections", index, "seen")
                reason = f"原文中出现 {text.count(correction.seen)} 次“{correction.seen}”"
                yield yamlfile.Finding(place, reason, "恰好出现一次")

    for correction in yamlfile.load(sidecar, _Corrections, crosscheck=occurs).corrections:
        text = text.replace(correction.seen, correction.read)
    return text


def cut(text: str, ref: TextRef) -> str | None:
    """The part of a text that a notice calls its own; None where its first or last phrase is not there."""
    start = text.find(ref.starts)
    end = text.find(ref.ends, start) + len(ref.ends) if ref.ends else len(text)
    return None if start < 0 or end < start + len(ref.starts) else text[start:end]


def occurs_in(wording: str, text: str) -> bool:
    """Whether the exact wording stands in the text, whatever its spaces, line ends and width of punctuation."""
    return squeeze(wording) in squeeze(text)


def squeeze(text: str) -> str:
    """Text as it is compared: a transcription's line ends and half-width punctuation mean nothing."""
    return "".join(text.split()).translate(_WIDTH)
