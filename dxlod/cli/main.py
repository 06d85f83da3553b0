"""``dxlod extract | check | build | diff | serve | export | query | push | verify | docs``. Exit 0 fine, 1 findings, 2 failure."""

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
@click.option(
    "--publish",
    default="",
    metavar="YYYY-MM-DD",
    help="この日付の公開として台帳に記録する / add it to the ledger as a publication of this date",
)
@_folders
def build(settings: Settings, publish: str) -> None:
    """表からリリースを作り、公開版を切り替える。 / Build a release and make it current."""
    from dxlod.cli.build import run_build

    run_build(settings, publish)


@main.command()
@click.argument("before")
@click.argument("now", default="current")
@click.option("--format", "form", type=click.Choice(["text", "json", "patch", "nq"]), default="text")
@_folders
def diff(settings: Settings, before: str, now: str, form: str) -> None:
    """二つのリリースの違いを示す（版・フォルダー・current）。 / Show how two releases differ."""
    from dxlod.cli.diff import run_diff

    sys.exit(run_diff(settings, before, now, form))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--endpoint",
    default="",
    metavar="URL",
    help="問い合わせにはこのトリプルストアが答える / a triple store that answers queries, see dxlod push",
)
@click.option(
    "--site",
    default="",
    metavar="URL",
    help="公開先 / where the site is reached, e.g. https://data.example.jp",
)
@click.option(
    "--access-log", type=click.Choice(["stderr", "stdout", "off"]), help="要求の記録 / log of requests  [off]"
)
@_folders
def serve(settings: Settings, host: str, port: int, endpoint: str, site: str, access_log: str | None) -> None:
    """公開版を HTTP で提供する。 / Serve the current release; SIGHUP looks for a new one at once."""
    from dataclasses import replace

    from dxlod.server.run import serve as run_server

    chosen = replace(
        settings,
        endpoint=endpoint or settings.endpoint,
        site=site.rstrip("/") or settings.site,
        access_log=access_log or settings.access_log,
    )
    run_server(chosen, host, port, click.echo)


@main.command()
@click.argument("text", required=False)
@click.option(
    "-f", "--file", type=click.Path(path_type=Path), help="問い合わせのファイル / file with the query"
)
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "tsv", "json", "turtle"]), help="  [table, turtle]"
)
@click.option(
    "--endpoint", default="", metavar="URL", help="このトリプルストアに問い合わせる / ask this store instead"
)
@_folders
def query(settings: Settings, text: str | None, file: Path | None, form: str | None, endpoint: str) -> None:
    """公開版に SPARQL で問い合わせる。 / Ask the current release in SPARQL, without a server."""
    from dataclasses import replace

    from dxlod.cli.query import run_query

    run_query(replace(settings, endpoint=endpoint or settings.endpoint), text, file, form)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--service",
    default="",
    metavar="URL",
    help="検索と SPARQL に答えるサービス（なければ省く） / a service for search and SPARQL; else they are left out",
)
@click.option(
    "--force", is_flag=True, help="書き出しでないフォルダーも置き換える / replace a folder that is no export"
)
@_folders
def export(settings: Settings, folder: Path, service: str, force: bool) -> None:
    """サイト全体をファイルに書き出す。 / Write the whole site as plain files."""
    from dxlod.cli.export import run_export

    run_export(settings, folder, service, force)


@main.command()
@click.argument("url")
@click.option("--method", type=click.Choice(["auto", "gsp", "update"]), default="auto", show_default=True)
@click.option(
    "--batch",
    type=click.IntRange(min=0),
    default=0,
    help="一度に送るトリプルの数 / most triples in one request",
)
@click.option(
    "--dry-run", is_flag=True, help="書き込まずに、することだけを示す / say what would be done only"
)
@click.option(
    "--user",
    metavar="NAME",
    help="利用者名（パスワードは DXLOD_ENDPOINT_PASSWORD） / user name; the password is in the environment",
)
@click.option("--update-url", default="", metavar="URL", help="SPARQL Update の URL / where updates go")
@click.option("--graphs-url", default="", metavar="URL", help="Graph Store Protocol の URL / the graph store")
@_folders
def push(settings: Settings, url: str, user: str | None, **options: Any) -> None:
    """公開版を別のトリプルストアに送る。 / Load the current release into a triple store elsewhere."""
    from dataclasses import replace

    from dxlod.cli.push import run_push

    sys.exit(run_push(replace(settings, endpoint_user=user or settings.endpoint_user), url, **options))


@main.command()
@_folders
def verify(settings: Settings) -> None:
    """公開版のファイルが壊れていないか確かめる。 / Check every file of the current release."""
    from dxlod.release import open_current
    from dxlod.release import verify as verify_release

    release = open_current(settings)
    faults = list(verify_release(release))
    for fault in faults:
        click.echo(f"{fault.path}: {fault.ja} / {fault.en}")
    if faults:
        click.echo("dxlod build で作り直してください。 / Build it again with dxlod build.", err=True)
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
