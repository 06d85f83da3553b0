"""``dxlod extract | check | build | serve | query | verify | docs``. Exit 0 fine, 1 findings, 2 failure."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from dxlod import __version__
from dxlod.errors import DxlodError
from dxlod.settings import Settings

__all__ = ["main"]

F = TypeVar("F", bound=Callable[..., Any])


class _Group(click.Group):
    """Shows an error of ours in Japanese and English and exits with its code; never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DxlodError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)


def _folders(command: F) -> F:
    """The options that every command of the pipeline shares, handed on as Settings."""

    @click.option(
        "--data", type=click.Path(path_type=Path), help="表のフォルダー / folder of the tables  [data]"
    )
    @click.option(
        "--releases",
        type=click.Path(path_type=Path),
        help="リリースのフォルダー / folder of releases  [releases]",
    )
    @click.option("--base", help="公開者の基底IRI / base IRI of the publisher  [https://w3id.org/dxlod]")
    @wraps(command)
    def with_settings(
        *args: Any, data: Path | None, releases: Path | None, base: str | None, **rest: Any
    ) -> Any:
        return command(*args, settings=Settings.load(data=data, releases=releases, base=base), **rest)

    return with_settings  # type: ignore[return-value]


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dxlod")
def main() -> None:
    """自治体DX計画を、リンクするオープンデータに。 / DX plans of municipalities as linked open data."""


@main.command()
@click.argument("document", required=False, type=click.Path(path_type=Path))
@click.option("--layout", "layout_name", help="読取様式 / layout (see --list)")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="書き出す表のフォルダー / folder to write tables to  [data]",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="表にあるすべての文書を読み直す / every document the tables name",
)
@click.option(
    "--sources",
    type=click.Path(path_type=Path),
    envvar="DXLOD_SOURCES",
    help="文書の置き場所 / folder of the documents",
)
@click.option(
    "--code", default="", help="全国地方公共団体コード / local government code, if the text does not tell"
)
@click.option("--force", is_flag=True, help="編集された表も読み取り結果で置き換える / replace edited tables")
@click.option("--report", is_flag=True, help="行ごとの読取報告 / report how each line was used")
@click.option(
    "--descriptions",
    is_flag=True,
    help="本文も別表に書く / also write the running prose (kept out of version control)",
)
@click.option("--list", "list_layouts", is_flag=True, help="読取様式の一覧 / list the layouts")
@_folders
def extract(settings: Settings, **options: Any) -> None:
    """文書から表を作る。 / Make tables from a plan document."""
    from dxlod.cli.extract import run_extract

    sys.exit(run_extract(settings, **options))


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@_folders
def check(settings: Settings, form: str) -> None:
    """表を調べ、直し方を示す。 / Check the tables and say how to mend them."""
    from dataclasses import asdict

    from dxlod.table.check import check_dataset
    from dxlod.table.dataset import Dataset

    findings = check_dataset(Dataset.at(settings.data))
    if form == "json":
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(str(finding))
        click.echo(f"所見 {len(findings)} 件 / {len(findings)} findings", err=True)
    sys.exit(1 if any(finding.severity == "error" for finding in findings) else 0)


@main.command()
@_folders
def build(settings: Settings) -> None:
    """表からリリースを作り、公開版を切り替える。 / Build a release and make it current."""
    from dxlod.cli.build import run_build

    run_build(settings)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@_folders
def serve(settings: Settings, host: str, port: int) -> None:
    """公開版を HTTP で提供する。 / Serve the current release."""
    from dxlod.server.run import serve as run_server

    run_server(settings, host, port, click.echo)


@main.command()
@click.argument("text", required=False)
@click.option(
    "-f", "--file", type=click.Path(path_type=Path), help="問い合わせのファイル / file with the query"
)
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "tsv", "json", "turtle"]), help="  [table, turtle]"
)
@_folders
def query(settings: Settings, text: str | None, file: Path | None, form: str | None) -> None:
    """公開版に SPARQL で問い合わせる。 / Ask the current release in SPARQL, without a server."""
    from dxlod.cli.query import run_query

    run_query(settings, text, file, form)


@main.command()
@_folders
def verify(settings: Settings) -> None:
    """公開版のファイルが壊れていないか確かめる。 / Check every file of the current release."""
    from dxlod.release import open_current
    from dxlod.release import verify as verify_release

    release = open_current(settings)
    faults = list(verify_release(release))
    for fault in faults:
        click.echo(str(fault))
    click.echo(f"{release.version}: 不一致 {len(faults)} 件 / {len(faults)} damaged files", err=True)
    sys.exit(1 if faults else 0)


@main.command()
@click.option(
    "--check",
    "check_only",
    is_flag=True,
    help="古くなっていないかだけを調べる / only see whether they are up to date",
)
def docs(check_only: bool) -> None:
    """生成する文書を書き直す。 / Write the generated documentation again."""
    from dxlod.cli.docs import run_docs

    sys.exit(run_docs(check_only))
