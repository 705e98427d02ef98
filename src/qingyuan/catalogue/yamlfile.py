"""YAML that remembers its lines: a file becomes a frozen pydantic model, or an error that names every defect."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from qingyuan.catalogue.problems import CatalogueError, Problem

# The same safe loader, in C where PyYAML was built with libyaml: notices are read at every start.
if TYPE_CHECKING:
    from yaml import SafeLoader
else:
    SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Place = tuple[int | str, ...]
Model = TypeVar("Model", bound=BaseModel)


class Finding(NamedTuple):
    """A defect found by a cross-check, before it is given its file and line."""

    place: Place
    reason: str
    expected: str = ""


class _Loader(SafeLoader):
    """The safe loader; timestamps stay text, so that a date without a zone is never guessed."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class Document:
    """A parsed file: its plain data, and the line of every place in it."""

    def __init__(self, *, path: Path) -> None:
        """Read and parse; raises CatalogueError for what is no YAML, is not UTF-8, or repeats a key."""
        self.path = path
        self.name = path.name
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise CatalogueError([self._problem(1, "", "文件不是 UTF-8 编码", "UTF-8")]) from error
        except OSError as error:
            reason = "文件读不到：" + (error.strerror or str(error))
            raise CatalogueError([self._problem(1, "", reason, "一个可读的 YAML 文件")]) from error
        self._loader = _Loader(text)
        try:
            root = self._loader.get_single_node()
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            reason = f"不是合格的 YAML：{getattr(error, 'problem', None) or error}"
            line = mark.line + 1 if mark else 1
            raise CatalogueError([self._problem(line, "", reason, "YAML 1.1 语法")]) from error
        if root is None:
            raise CatalogueError([self._problem(1, "", "文件是空的", "至少一个键")])
        self._lines: dict[Place, int] = {}
        problems: list[Problem] = []
        self.data = self._build(root, (), problems)
        if problems:
            raise CatalogueError(problems)

    def line(self, place: Place) -> int:
        """The line of a place; of its nearest known parent where the place itself is absent."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def problem(self, finding: Finding) -> Problem:
        return self._problem(self.line(finding.place), show(finding.place), finding.reason, finding.expected)

    def _problem(self, line: int, path: str, reason: str, expected: str) -> Problem:
        return Problem(file=self.name, line=line, path=path, reason=reason, expected=expected)

    def _build(self, node: yaml.Node, place: Place, problems: list[Problem]) -> Any:
        self._lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._build_mapping(node, place, problems)
        if isinstance(node, yaml.SequenceNode):
            return [self._build(item, (*place, index), problems) for index, item in enumerate(node.value)]
        try:
            return self._loader.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            reason = f"这个值读不出来：{getattr(error, 'problem', None) or error}"
            line = node.start_mark.line + 1
            problems.append(self._problem(line, show(place), reason, "文字、数字或 true/false"))
            return None

    def _build_mapping(self, node: yaml.MappingNode, place: Place, problems: list[Problem]) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            # The key's own text: "no:" or "2022:" as keys stay what the author sees in the file.
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None or key_node.tag == "tag:yaml.org,2002:merge":
                reason = "键必须是简单文字，不支持合并键 <<"
                problems.append(self._problem(line, show(place), reason, "键: 值"))
                continue
            inner = (*place, key)
            if key in mapping:
                reason = f"键“{key}”重复，先见于第 {self._lines[inner]} 行"
                problems.append(self._problem(line, show(inner), reason, "每个键只写一次"))
                continue
            self._lines[inner] = line
            mapping[key] = self._build(value_node, inner, problems)
        return mapping


def show(place: Place) -> str:
    """`("categories", 2, "id")` as `categories[2].id`."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def validate(document: Document, model: type[Model], *, data: object = None) -> Model:
    """The document (or `data` made from it) as a model; raises CatalogueError with all problems of type."""
    data = document.data if data is None else data
    try:
        return model.model_validate(data)
    except ValidationError as error:
        # pydantic also calls a list too short when its items failed: the items' own findings say it better.
        details = [
            detail
            for detail in error.errors(include_url=False)
            if not (detail["type"] == "too_short" and detail["input"])
        ]
        findings = [explain(detail, data) for detail in details]
        raise CatalogueError([document.problem(finding) for finding in findings]) from error


def load(
    path: Path, model: type[Model], *, crosscheck: Callable[[Model], Iterable[Finding]] | None = None
) -> Model:
    """The file as a validated model.

    Raises CatalogueError with all problems. `crosscheck` runs once the types hold, and looks at how the
    parts fit each other; its findings get their lines here.
    """
    document = Document(path=path)
    loaded = validate(document, model)
    if crosscheck is not None and (found := list(crosscheck(loaded))):
        raise CatalogueError([document.problem(finding) for finding in found])
    return loaded


# What pydantic found -> (what is wrong, what was expected). `{value}` is the value in the file, the other
# names come from the finding's context.
_WORDS: dict[str, tuple[str, str]] = {
    "missing": ("缺少“{key}”", "在此处写上“{key}: …”"),
    "extra_forbidden": ("不认识的键“{key}”", "删去，或改成说明里的键名"),
    "string_type": ("{value} 不是文字", "文字；编号和代码请加引号"),
    "string_too_short": ("不能为空", "至少一个字"),
    "too_short": ("不能为空", "至少一项"),
    "string_pattern_mismatch": ("{value} 的写法不对", "符合 {pattern}"),
    "bool_type": ("{value} 不是是非值", "true 或 false"),
    "bool_parsing": ("{value} 不是是非值", "true 或 false"),
    "int_type": ("{value} 不是整数", "整数"),
    "int_parsing": ("{value} 不是整数", "整数"),
    "int_from_float": ("{value} 不是整数", "整数"),
    "greater_than": ("{value} 超出范围", "大于 {gt}"),
    "greater_than_equal": ("{value} 超出范围", "不小于 {ge}"),
    "literal_error": ("{value} 不在可选值之中", "{expected}"),
    "timezone_aware": ("{value} 没有写时区", "带时区的时刻，如 2022-06-30T18:00:00+08:00"),
    "datetime": ("{value} 不是时刻", "如 2022-06-30T18:00:00+08:00"),
    "date": ("{value} 不是日期", "如 2022-05-31"),
    "model_type": ("{value} 不是一组键值", "键: 值"),
    "tuple_type": ("{value} 不是列表", "以“- ”开头的若干项"),
    "value_error": ("{error}", ""),
}


def explain(detail: ErrorDetails, data: Any) -> Finding:
    """Pydantic's finding in the words of the person who writes the file."""
    kind = detail["type"]
    reason, expected = (
        _WORDS.get(kind) or _WORDS.get(kind.split("_")[0]) or ("{value} 不符合要求（{message}）", "")
    )
    names = {
        **detail.get("ctx", {}),
        "key": detail["loc"][-1] if detail["loc"] else "",
        "value": _shorten(detail["input"]),
        "message": detail["msg"],
    }
    names["expected"] = str(names.get("expected", "")).replace(" or ", "、").replace(", ", "、")
    return Finding(_place_in(detail["loc"], data), reason.format(**names), expected.format(**names))


def _place_in(location: Place, data: Any) -> Place:
    """Pydantic's location without the names of union members, which are not in the file."""
    place: list[int | str] = []
    for part in location:
        inside = part in data if isinstance(data, dict) else False
        if isinstance(data, list) and isinstance(part, int):
            inside = part < len(data)
        if inside:
            place.append(part)
            data = data[part]
    return tuple(place)


def _shorten(value: Any) -> str:
    text = "空值" if value is None else f"“{value}”"
    return text if len(text) <= 40 else text[:38] + "…”"
