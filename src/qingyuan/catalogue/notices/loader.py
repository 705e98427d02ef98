"""From files to notices: a new batch, or another province, is only a file in a folder that is looked at."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import get_args

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.notices import text as texts
from qingyuan.catalogue.notices.crosscheck import check
from qingyuan.catalogue.notices.model import Inheritable, Notice
from qingyuan.catalogue.problems import CatalogueError, Problem
from qingyuan.catalogue.yamlfile import Finding

SHIPPED = Path(__file__).parent
VARIABLE = "QINGYUAN_NOTICES"


def load_notice(path: Path, *, folders: Iterable[Path] = ()) -> Notice:
    """One notice, checked whole; raises CatalogueError with every problem.

    Its parent is looked for beside it, then in `folders`, then among the shipped notices.
    """
    return _load(path, folders=(path.parent, *folders, SHIPPED), below=())


def notices(*folders: Path) -> dict[str, Notice]:
    """All notices by id: the shipped ones, those of `folders`, and those of the folders in QINGYUAN_NOTICES.

    The variable is a path list (`a:b`). Read once per set of folders: a changed file needs a restart.
    Raises CatalogueError with the problems of all files.
    """
    named = (Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part)
    return dict(_load_all((SHIPPED, *folders, *named)))


def notice_text(notice: Notice, *folders: Path) -> str | None:
    """The notice's own words to show; None where it names no text."""
    if notice.text is None:
        return None
    for folder in (*folders, SHIPPED):
        if (folder / "text" / f"{notice.text.file}.txt").exists():
            return texts.cut(texts.read_text(folder, notice.text.file), notice.text)
    return None


@cache
def _load_all(folders: tuple[Path, ...]) -> dict[str, Notice]:
    found: dict[str, Notice] = {}
    first: dict[str, Path] = {}
    problems: list[Problem] = []
    for folder in dict.fromkeys(folders):
        if not folder.is_dir():
            reason = "通知目录不存在"
            problems.append(Problem(file=str(folder), line=1, path="", reason=reason, expected="一个目录"))
            continue
        for path in sorted(folder.glob("*.yaml")):
            if path.stem in first:
                reason = f"编号“{path.stem}”与 {first[path.stem]} 重复"
                problems.append(
                    Problem(file=str(path), line=1, path="id", reason=reason, expected="另取文件名")
                )
                continue
            first[path.stem] = path
            try:
                found[path.stem] = load_notice(path, folders=folders)
            except CatalogueError as error:
                problems += error.problems
    if problems:
        raise CatalogueError(dict.fromkeys(problems))
    return found


def _load(path: Path, *, folders: Sequence[Path], below: tuple[str, ...]) -> Notice:
    document = yamlfile.Document(path=path)
    stated = document.data if isinstance(document.data, dict) else {}
    parent = _load_parent(document, stated, folders=folders, below=below)
    notice = yamlfile.validate(document, Notice, data=_complete(document, stated, parent))
    own_text, problems = _own_text(document, notice, path.parent)
    findings = list(check(notice, stem=path.stem, parent=parent, own_text=own_text))
    problems += [document.problem(_placed(finding, notice)) for finding in findings]
    if problems:
        raise CatalogueError(problems)
    return notice


def _load_parent(
    document: yamlfile.Document, stated: dict[str, object], *, folders: Sequence[Path], below: tuple[str, ...]
) -> Notice | None:
    name = stated.get("parent")
    if not isinstance(name, str):
        return None
    if name in (*below, document.path.stem):
        reason = "上级通知绕成了圈：" + " → ".join((*below, document.path.stem, name))
        raise CatalogueError([document.problem(Finding(("parent",), reason, "国家通知的编号"))])
    path = _find(name, folders)
    if path is None:
        reason = f"上级通知“{name}”不存在"
        raise CatalogueError([document.problem(Finding(("parent",), reason, f"同目录下的 {name}.yaml"))])
    return _load(path, folders=folders, below=(*below, document.path.stem))


def _complete(document: yamlfile.Document, stated: dict[str, object], parent: Notice | None) -> object:
    """What the file states, with the parts that it takes over from its parent."""
    inherits = stated.get("inherits")
    if not isinstance(inherits, list) or not inherits:
        return document.data
    findings = []
    if parent is None:
        findings.append(Finding(("inherits",), "没有上级通知，无从沿用", "写明 parent，或删去 inherits"))
    for index, name in enumerate(inherits):
        place = ("inherits", index)
        if name not in get_args(Inheritable):
            findings.append(Finding(place, f"“{name}”不能沿用", "、".join(get_args(Inheritable))))
        elif name in stated:
            findings.append(Finding((name,), f"“{name}”既沿用又自写", "二者取一"))
    if findings or parent is None:
        raise CatalogueError([document.problem(finding) for finding in findings])
    return {**stated, **{name: getattr(parent, name) for name in inherits}}


def _own_text(document: yamlfile.Document, notice: Notice, folder: Path) -> tuple[str | None, list[Problem]]:
    if notice.text is None:
        return None, []
    try:
        whole = texts.read_text(folder, notice.text.file)
    except CatalogueError as error:
        finding = Finding(
            ("text", "file"), f"通知原文 text/{notice.text.file}.txt 读不到", "与通知同目录的 text/ 下"
        )
        return None, [document.problem(finding), *error.problems]
    own = texts.cut(whole, notice.text)
    if own is None:
        finding = Finding(("text",), "原文中找不到 starts 或 ends 的文字", "原文中的原话")
        return None, [document.problem(finding)]
    return own, []


def _placed(finding: Finding, notice: Notice) -> Finding:
    """A finding in an inherited part, at the line where the file inherits it."""
    if finding.place and finding.place[0] in notice.inherits:
        index = [str(name) for name in notice.inherits].index(str(finding.place[0]))
        return finding._replace(place=("inherits", index), reason=f"沿用的内容：{finding.reason}")
    return finding


def _find(name: str, folders: Sequence[Path]) -> Path | None:
    return next((path for folder in folders if (path := folder / f"{name}.yaml").exists()), None)
