"""`python -m qingyuan.catalogue.notices FILE…`: whether notice files hold together, without a server or database."""

from __future__ import annotations

import sys
from pathlib import Path

from qingyuan.catalogue.notices import load_notice
from qingyuan.catalogue.problems import CatalogueError


def main(arguments: list[str]) -> int:
    """0: all files hold; 2: problems, each on a line of its own, or no file given."""
    if not arguments:
        sys.stderr.write("用法：python -m qingyuan.catalogue.notices 通知.yaml …\n")
        return 2
    code = 0
    for argument in arguments:
        try:
            notice = load_notice(Path(argument))
        except CatalogueError as error:
            sys.stdout.write(f"{argument}：{len(error.problems)} 处问题\n{error}\n")
            code = 2
        else:
            sys.stdout.write(
                f"{argument}：无误。{notice.title}，{len(notice.categories)} 类，"
                f"截止 {notice.closes.at.isoformat()}\n"
            )
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
