"""`qingyuan demo`: everything that a newcomer needs, and the same again in seconds the next time."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import click

from qingyuan import installation
from qingyuan.demo.scenes import FIRST, SCENES

SCHEMA = 1


LOOPBACK = {"127.0.0.1", "localhost", "::1"}
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 (compared, not bound)
ELSEWHERE = ("QINGYUAN_DATABASE_URL", "QINGYUAN_S3_BUCKET")
"""Settings by which the demo would be built somewhere else than in the data folder."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--serve/--no-serve", "with_server", default=True, help="Serve after building.")
@click.option(
    "--into-this-database",
    is_flag=True,
    help=f"Build where {' or '.join(ELSEWHERE)} leads, which is refused otherwise.",
)
@click.option(
    "--scene",
    type=click.Choice(list(SCENES)),
    help="apply (default): before the deadline; received: twelve came in; review: their review under way; publicity: its list lies open; decided: its end; approved: the State's list; passed: a year on, the passed list with credited enterprises.",
)
@click.pass_context
def demo(
    context: click.Context,
    *,
    host: str,
    port: int,
    with_server: bool,
    into_this_database: bool,
    scene: str | None,
) -> None:
    """Build the demo (once), print its accounts, and serve it."""
    if not into_this_database:
        _refuse_elsewhere()
    if with_server:
        installation.ensure_free(host, port, remedy=f"make demo PORT={installation.another(port)}")
    installation.keep_private()
    is_new = installation.demo_state() is None
    state = _state(scene)
    os.environ["QINGYUAN_DEMO"] = "1"
    os.environ["QINGYUAN_CLOCK_OFFSET"] = str(state["clock_offset"])
    if host not in LOOPBACK:
        _open_to_others(host)
    installation.start()
    _build(state["scene"])
    if is_new:
        # Only now: a folder with this file counts as a demo's.
        installation.remember_demo(state)
    _print_accounts(host, port, with_server=with_server, applies=state["scene"] == FIRST)
    if with_server:
        assert context.parent is not None
        main: Any = context.parent.command
        context.invoke(main.get_command(context, "serve"), host=host, port=port)


def _refuse_elsewhere() -> None:
    given = [name for name in ELSEWHERE if os.environ.get(name) or os.environ.get(f"{name}_FILE")]
    if given:
        raise installation.CannotStart(
            f"设置了 {'、'.join(given)}，演示会建到那里去，而演示账号的密码是公开的。请先取消这些设置；"
            "确实要建在那里：qingyuan demo --into-this-database"
        )


def _open_to_others(host: str) -> None:
    """Answer to the names under which other machines reach this one."""
    os.environ.setdefault(
        "QINGYUAN_HOSTS", "*" if host in EVERYWHERE else f"{host},localhost,127.0.0.1,[::1]"
    )
    click.echo(
        f"注意：演示将在 {host} 上监听，能连到本机的人都能以任何演示角色登录。请勿填写真实数据。\n"
        "Warning: whoever can reach this machine can enter the demo as anybody. No real data in it."
    )


def _build(scene: str) -> None:
    from django.db import OperationalError

    from qingyuan.demo import world

    installation.make_folders()
    # Asked before the database is touched: not even an upgrade belongs in somebody else's.
    try:
        strangers = world.foreign()
    except OperationalError as error:
        raise installation.CannotStart(f"the database cannot be reached: {error}") from error
    if strangers:
        raise installation.CannotStart(
            f"数据库里已有不是演示的数据（{'、'.join(strangers)}），没有建立演示。"
            "请给演示另一个数据目录，例如 QINGYUAN_DATA=var-demo make demo"
        )
    if not installation.is_prepared():
        click.echo("正在建立数据库……")
        installation.prepare()
    if not world.is_built():
        click.echo("正在生成演示数据……")
    world.build(scene=scene)


def _state(scene: str | None) -> dict[str, Any]:
    state = installation.demo_state()
    if state is None:
        stands_at = SCENES[scene or FIRST]
        return {
            "schema": SCHEMA,
            "scene": scene or FIRST,
            "clock_offset": round((stands_at - datetime.now(UTC)).total_seconds()),
        }
    state.setdefault("scene", FIRST)  # demos of before had no other
    if scene and scene != state["scene"]:
        raise installation.CannotStart(
            f"{installation.data_folder()} 里已有“{state['scene']}”场景的演示。另建一个：QINGYUAN_DATA=var-{scene} "
            f"qingyuan demo --scene {scene}；或先 make clean"
        )
    if state.get("schema") != SCHEMA:
        raise installation.CannotStart(
            f"{installation.data_folder()} holds a demo of another version: run `make clean`, then `make demo`"
        )
    return state


def _print_accounts(host: str, port: int, *, with_server: bool, applies: bool) -> None:
    from qingyuan.demo import cast
    from qingyuan.demo.world import deadline
    from qingyuan.kernel import clock
    from qingyuan.site.queries import demo_cast

    address = f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}/"
    click.echo(f"\n清源演示 Qingyuan demo{f'：{address}' if with_server else ''}")
    click.echo(f"演示时钟 clock: {clock.local(clock.now()):%Y-%m-%d %H:%M}（北京时间）")
    closes = deadline()
    if applies and closes is not None and clock.now() >= closes:
        click.echo(
            f"演示时钟已过申报截止（{clock.local(closes):%Y-%m-%d %H:%M}），不能再提交；从头再来：make clean && make demo\n"
            "The demo's clock has passed the deadline: nothing can be submitted. Begin anew: make clean && make demo"
        )
    click.echo(f"全部账号的密码 password of all accounts: {cast.PASSWORD}")
    click.echo("登录页有角色切换，不必输入密码。 The sign-in page has a role switcher.\n")
    for group in demo_cast():
        for user, roles in group.people:
            click.echo(f"  {user.username:<18}{user}　{group.body}　{roles}")
    click.echo("")
