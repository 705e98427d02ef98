"""`qingyuan demo`: everything that a newcomer needs, and the same again in seconds the next time."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import click

from qingyuan import installation

STANDS_AT = datetime.fromisoformat("2022-06-20T09:00:00+08:00")
"""Where the demo's clock stands at its first start; it ticks on from there."""
SCHEMA = 1


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--serve/--no-serve", "with_server", default=True, help="Serve after building.")
@click.pass_context
def demo(context: click.Context, *, host: str, port: int, with_server: bool) -> None:
    """Build the demo (once), print its accounts, and serve it."""
    state = _state()
    os.environ["QINGYUAN_DEMO"] = "1"
    os.environ["QINGYUAN_CLOCK_OFFSET"] = str(state["clock_offset"])
    installation.start()
    if not installation.is_prepared():
        click.echo("正在建立数据库……")
        installation.prepare()
    installation.make_folders()
    from qingyuan.demo import world

    if not world.is_built():
        click.echo("正在生成演示数据……")
    world.build()
    _print_accounts(host, port, with_server=with_server)
    if with_server:
        assert context.parent is not None
        main: Any = context.parent.command
        context.invoke(main.get_command(context, "serve"), host=host, port=port)


def _state() -> dict[str, Any]:
    state = installation.demo_state()
    if state is None:
        offset = round((STANDS_AT - datetime.now(UTC)).total_seconds())
        state = {"schema": SCHEMA, "clock_offset": offset}
        installation.remember_demo(state)
    if state.get("schema") != SCHEMA:
        raise installation.CannotStart(
            f"{installation.data_folder()} holds a demo of another version: run `make clean`, then `make demo`"
        )
    return state


def _print_accounts(host: str, port: int, *, with_server: bool) -> None:
    from qingyuan.demo import cast
    from qingyuan.demo.world import deadline
    from qingyuan.kernel import clock
    from qingyuan.site.queries import demo_cast

    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/"  # noqa: S104 (compared, not bound)
    click.echo(f"\n清源演示 Qingyuan demo{f'：{address}' if with_server else ''}")
    click.echo(f"演示时钟 clock: {clock.local(clock.now()):%Y-%m-%d %H:%M}（北京时间）")
    click.echo(f"全部账号的密码 password of all accounts: {cast.PASSWORD}")
    click.echo("登录页有角色切换，不必输入密码。 The sign-in page has a role switcher.\n")
    for group in demo_cast():
        for user, roles in group.people:
            click.echo(f"  {user.username:<18}{user}　{group.body}　{roles}")
    click.echo("")
    closes = deadline()
    if closes is not None and clock.now() >= closes:
        click.echo("演示时钟已过申报截止；要从头再来：make clean && make demo\n")
