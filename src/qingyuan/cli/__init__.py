"""The same again in a terminal. A command's module is imported when the command runs, never for the help."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

import click


class Lazy(NamedTuple):
    """Where a command stands, and the line that the help shows for it."""

    module: str
    name: str
    help: str


class LazyGroup(click.Group):
    """A group that knows its commands by their addresses."""

    def __init__(self, *, lazy: dict[str, Lazy], name: str | None = None, help: str | None = None) -> None:  # noqa: A002
        super().__init__(name=name, help=help, no_args_is_help=True)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in self.lazy:
            return None
        module, name, _help = self.lazy[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("命令 Commands"):
            formatter.write_dl([(name, lazy.help) for name, lazy in self.lazy.items()])


_AS_JSON = "qingyuan.as_json"


def _say_usage(error: click.UsageError) -> None:
    """Arguments that are wrong are bad input too: the one JSON value that `--json` promises."""
    import json

    parameter = getattr(error, "param", None)
    name = getattr(error, "option_name", None) or (parameter and max(parameter.opts, key=len)) or ""
    problem = {
        "file": "",
        "sheet": "",
        "row": None,
        "column": name,
        "value": "",
        "expected": error.format_message(),
    }
    click.echo(json.dumps({"status": "bad_input", "problems": [problem]}, ensure_ascii=False))


class Main(LazyGroup):
    """Turns refusals that a command did not catch into one sentence and exit code 2."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_AS_JSON] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        from qingyuan.installation import CannotStart

        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if ctx.meta.get(_AS_JSON):
                _say_usage(error)
            raise
        except CannotStart as error:
            click.echo(f"qingyuan: {error}", err=True)
            raise SystemExit(2) from error


_HERE = "qingyuan.cli"
main = Main(
    name="qingyuan",
    help="清源：清洁生产审核创新试点平台。 The platform of cleaner-production audit innovation pilots.",
    lazy={
        "demo": Lazy("qingyuan.demo.command", "demo", "演示：建好数据并启动 Build the demo and serve it"),
        "serve": Lazy(f"{_HERE}.serve", "serve", "启动网站和后台进程 Serve, with the background worker"),
        "worker": Lazy(f"{_HERE}.serve", "worker", "只启动后台进程 The background worker alone"),
        "setup": Lazy(f"{_HERE}.house", "setup", "建库或升级数据库 Create or upgrade the database"),
        "ledger": Lazy(
            f"{_HERE}.ledger", "ledger", "台账：核验、链头、核对回执 Verify, head, check receipts"
        ),
        "draw": Lazy(f"{_HERE}.draws", "draw", "随机抽取：重新计算并核对 Recompute a draw"),
        "clauses": Lazy(f"{_HERE}.notices", "clauses", "条款对照 Where each clause is carried out"),
        "notices": Lazy(f"{_HERE}.notices", "notices", "检查通知文件 Check notice files"),
        "backup": Lazy(f"{_HERE}.backup", "backup", "备份数据库和文件 Back up database and files"),
        "restore": Lazy(f"{_HERE}.restore", "restore", "恢复到空的安装 Restore into an empty installation"),
        "storage": Lazy(f"{_HERE}.storage", "storage", "清理无主文件 Sweep files that no record names"),
        "heat": Lazy(
            f"{_HERE}.compute.heat", "heat", "夹点：能量目标、公用工程、全园区 Pinch targets, total site"
        ),
        "match": Lazy(
            f"{_HERE}.compute.match", "match", "企业之间的热量匹配 Heat between enterprises over links"
        ),
        "measures": Lazy(
            f"{_HERE}.compute.measures",
            "measures",
            "方案经济分析 Economics of schemes as auditors compute them",
        ),
        "rate": Lazy(
            f"{_HERE}.compute.rate", "rate", "按评价指标体系评级 Rate enterprises by an index system"
        ),
        "index-table": Lazy(
            f"{_HERE}.compute.index_table", "index_table", "指标表转成文件 An index table as a system's file"
        ),
        "systems": Lazy(
            f"{_HERE}.compute.rate", "systems", "列出评价指标体系 The index systems in the catalogue"
        ),
        "diagnose": Lazy(
            f"{_HERE}.compute.diagnose", "diagnose", "行业全过程诊断 Diagnose a whole sector at once"
        ),
        "park": Lazy(
            f"{_HERE}.compute.audit.park", "park", "园区整体审核，写成报告 A whole park's audit, as a report"
        ),
        "region": Lazy(
            f"{_HERE}.compute.audit.region",
            "region",
            "区域流域协同审核，写成报告 A region's joint audit, as a report",
        ),
        "template": Lazy(
            f"{_HERE}.compute.template", "template", "审核数据采集表的模板 Data sheets to be filled in"
        ),
        "river": Lazy(
            f"{_HERE}.compute.river", "river", "河流水质响应 River response: mixing, decay, oxygen"
        ),
        "exchange": Lazy(
            f"{_HERE}.compute.exchange",
            "exchange",
            "产业共生和共享设施 Exchange by-products, share facilities",
        ),
        "balance": Lazy(
            f"{_HERE}.compute.balance", "balance", "物质代谢：数据协调 Reconcile flows under conservation"
        ),
        "air": Lazy(f"{_HERE}.compute.air", "air", "大气响应 Air response: PM2.5 and ozone at receptors"),
        "select": Lazy(
            f"{_HERE}.compute.select", "select", "最低费用的方案组合 Which measures, at least cost"
        ),
        "water": Lazy(
            f"{_HERE}.compute.water", "water", "水夹点：最少新鲜水和水网络 Least freshwater, network"
        ),
        "docs": Lazy(f"{_HERE}.docs", "docs", "更新文档中生成的部分 Write the generated parts of docs/"),
        "messages": Lazy(
            f"{_HERE}.docs", "messages", "核对并编译英文翻译 Check and compile the translations"
        ),
        "manage": Lazy(f"{_HERE}.house", "manage", "Django 的管理命令 Django's own commands"),
    },
)
