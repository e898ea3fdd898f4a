"""The command `harken export`: responses to a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from harken._errors import HarkenError
from harken._sync.client import Client
from harken.cli.filters import add_filters, read_filters
from harken.cli.terminal import DONE

FORMATS = ("csv", "jsonl", "xlsx", "parquet", "sav")
OPTIONS = ("columns", "labels", "header", "tz", "layout", "locale", "latest")


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
    command.add_argument("-o", "--output", metavar="FILE", required=True, help="- for the terminal")
    command.add_argument("--columns", metavar="NAMES", help="as recommend,liked__*,context__store")
    command.add_argument("--labels", choices=("values", "1", "both"), help="of choices")
    command.add_argument("--header", choices=("key", "label"), help="what columns are called")
    command.add_argument("--tz", metavar="ZONE", help="of times, as Europe/Oslo")
    command.add_argument(
        "--layout", choices=("wide", "long"), help="a row a response, or an answer"
    )
    command.add_argument("--locale", metavar="LOCALE", help="of labels and CSV signs, as de")
    command.add_argument("--latest", type=int, metavar="N", help="only those that changed last")
    command.add_argument(
        "--background", action="store_true", help="have the server make the file first"
    )
    add_filters(command)


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    target = sys.stdout.buffer if options.output == "-" else options.output
    asked: dict[str, Any] = {name: getattr(options, name) for name in OPTIONS}
    asked |= read_filters(options)
    form: Any = options.format or format_of(options.output)
    if form == "csv":
        asked["dialect"] = options.dialect
    with Client(options.url) as client:
        exports = client.exports
        if options.background:
            job = exports.wait(exports.start(options.key, form, **asked))
            if job.state != "done":
                raise HarkenError(f"the server made no file: {job.problem}")
            exports.download(job, target)
        else:
            methods = (exports.csv, exports.jsonl, exports.xlsx, exports.parquet, exports.spss)
            dict(zip(FORMATS, methods, strict=True))[form](options.key, target, **asked)
    return DONE


def format_of(name: str, known: Sequence[str] = FORMATS) -> str:
    """As the name of the file ends; `csv` for any other ending."""
    ending = PurePath(name).suffix.lower()[1:]
    return ending if ending in known else "csv"
