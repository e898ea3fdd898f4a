"""The command `harken export`: responses to a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import PurePath
from typing import TYPE_CHECKING

from harken._sync.client import Client
from harken.cli.filters import add_filters, read_filters
from harken.cli.terminal import DONE

if TYPE_CHECKING:
    from harken._types.export import CsvOptions

FORMATS = ("csv", "jsonl", "xlsx", "parquet", "sav")


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument(
        "--format", choices=FORMATS, help="left out: as the name of FILE ends, else csv"
    )
    command.add_argument(
        "--dialect",
        choices=("raw", "spreadsheet"),
        default="raw",
        help="of the CSV: for programs, or for Excel and Sheets",
    )
    command.add_argument(
        "--columns", metavar="NAMES", help="with commas between, as recommend,context__store"
    )
    command.add_argument(
        "--labels", choices=("values", "1", "both"), help="of choices, instead of stored values"
    )
    command.add_argument("--tz", metavar="ZONE", help="of all times, as Europe/Oslo")
    command.add_argument("-o", "--output", metavar="FILE", required=True, help="- for the terminal")
    add_filters(command)


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    target = sys.stdout.buffer if options.output == "-" else options.output
    wanted: CsvOptions = {
        **read_filters(options),
        "columns": options.columns,
        "labels": options.labels,
        "tz": options.tz,
    }
    form = options.format or _format_of(options.output)
    with Client(options.url) as client:
        exports = client.exports
        match form:
            case "jsonl":
                exports.jsonl(options.key, target, **wanted)
            case "xlsx":
                exports.xlsx(options.key, target, **wanted)
            case "parquet":
                exports.parquet(options.key, target, **wanted)
            case "sav":
                exports.spss(options.key, target, **wanted)
            case _:
                exports.csv(options.key, target, **{**wanted, "dialect": options.dialect})
    return DONE


def _format_of(name: str) -> str:
    ending = PurePath(name).suffix.lower()[1:]
    return ending if ending in FORMATS else "csv"
