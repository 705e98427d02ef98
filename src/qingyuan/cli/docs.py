"""The generated parts of docs/ and the translations."""

from __future__ import annotations

from pathlib import Path

import click

from qingyuan import installation


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit code 2 if something is not current.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("docs"),
    show_default=True,
)
def docs(folder: Path, *, check: bool) -> None:
    """Write the state diagrams, the permission table and the list of settings into docs/, from the code."""
    installation.start(secret_needed=False)
    from qingyuan.site import docs as generated

    stale = generated.stale(folder)
    for path, text in stale.items():
        click.echo(f"{path}：{'不是最新' if check else '已更新'}")
        if not check:
            path.write_text(text, "utf-8")
    raise SystemExit(2 if check and stale else 0)


@click.command()
@click.option("--check", is_flag=True, help="Compile nothing; exit code 2 if something is missing.")
def messages(*, check: bool) -> None:
    """List what is not translated of the pages that promise English, and compile the catalogues."""
    installation.start(secret_needed=False)
    from qingyuan.site import messages as catalogue

    if not check and (added := catalogue.add_missing()):
        click.echo(f"{added} 条新文字已列入 {catalogue.catalogue_path()}，请译出")
    problems = catalogue.problems()
    for problem in problems:
        click.echo(problem, err=True)
    if not check:
        for path in catalogue.compile_all():
            click.echo(str(path))
    raise SystemExit(2 if problems else 0)
