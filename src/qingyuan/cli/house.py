"""Setting up an installation, and Django's own commands."""

from __future__ import annotations

import click

from qingyuan import installation


@click.command()
def setup() -> None:
    """Create or upgrade the database, its cache table and the data folders. Safe to repeat."""
    installation.start()
    installation.make_folders()  # SQLite makes its file, not the folder
    if installation.is_prepared():
        click.echo("数据库已是最新。")
        return
    installation.prepare()
    click.echo("数据库已就绪。")


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []}, add_help_option=False
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a command of Django, for example `qingyuan manage createsuperuser`."""
    installation.adopt()
    from django.core.management import execute_from_command_line

    from qingyuan.environment import SettingError

    try:
        execute_from_command_line(["qingyuan manage", *arguments])
    except SettingError as error:
        raise installation.CannotStart(str(error)) from error
