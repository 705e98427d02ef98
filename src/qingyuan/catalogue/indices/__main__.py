"""`python -m qingyuan.catalogue.indices schema`, or FILE…: the published schema, or the problems and doubts of files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from qingyuan.catalogue.indices import CatalogueError, SystemFile, load_system


def schema() -> str:
    """The JSON schema of an index system's file, as docs/index-system.schema.json holds it."""
    return json.dumps(SystemFile.model_json_schema(), ensure_ascii=False, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    """0: all files hold; 2: problems or standing doubts, each on a line of its own, or no file given."""
    if arguments == ["schema"]:
        sys.stdout.write(schema())
        return 0
    if not arguments:
        sys.stderr.write("用法：python -m qingyuan.catalogue.indices schema，或 指标体系.yaml …\n")
        return 2
    code = 0
    for argument in arguments:
        try:
            loaded = load_system(Path(argument))
        except CatalogueError as error:
            sys.stdout.write(f"{argument}：{len(error.problems)} 处问题\n{error}\n")
            code = 2
            continue
        sys.stdout.write(f"{argument}：成立，{len(loaded.doubts)} 处存疑\n")
        for doubt, line in loaded.doubts:
            sys.stdout.write(f"  第 {line} 行 {doubt.key}：{doubt.message}；应为：{doubt.expected}\n")
        code = max(code, 2 if loaded.standing(indicators_only=False) else 0)
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
