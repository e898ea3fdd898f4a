"""The command `harken export`: responses to a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from harken._errors import HarkenError
from harken._sync.client import Client
from harken.cli.filters import add_filters, read_filters
from harken.cli.terminal import DONE

DIRECT = ("csv", "jsonl")
MADE = ("xlsx", "parquet", "sav")
"""Made by the server in the background, and then downloaded."""
OPTIONS = ("columns", "labels", "header", "tz", "layout", "locale", "latest")


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument("--format", choices=(*DIRECT, *MADE), default="csv")
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
    if options.format == "csv":
        asked["dialect"] = options.dialect
    with Client(options.url) as client:
        if options.background or options.format in MADE:
            job = client.exports.wait(client.exports.start(options.key, options.format, **asked))
            if job.state != "done":
                raise HarkenError(f"the server made no file: {job.problem}")
            client.exports.download(job, target)
        elif options.format == "csv":
            client.exports.csv(options.key, target, **asked)
        else:
            client.exports.jsonl(options.key, target, **asked)
    return DONE
