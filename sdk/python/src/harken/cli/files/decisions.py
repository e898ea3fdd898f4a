"""The command `harken decisions`: whether people were asked, and why, to a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from harken._sync.client import Client
from harken.cli.files.export import format_of
from harken.cli.terminal import DONE

FORMATS = ("csv", "jsonl", "xlsx", "parquet")
OPTIONS = (
    "from_", "to", "survey", "touchpoint", "channel", "respondent", "asked", "reason", "columns",
    "labels", "header", "tz", "latest",
)  # fmt: skip


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("-o", "--output", metavar="FILE", required=True, help="- for the terminal")
    command.add_argument(
        "--format", choices=FORMATS, help="left out: as the name of FILE ends, else csv"
    )
    command.add_argument("--from", dest="from_", metavar="DAY", help="first day, as 2026-05-31")
    command.add_argument("--to", metavar="DAY", help="last day")
    command.add_argument("--survey", metavar="KEY", help="only about this survey")
    command.add_argument("--touchpoint", metavar="KEY")
    command.add_argument("--channel", metavar="NAME")
    command.add_argument("--respondent", metavar="NAME", help="only about this person")
    command.add_argument("--asked", choices=("true", "false"), help="only who was, or was not")
    command.add_argument("--reason", metavar="CODE", help="as cooldown or sampled_out")
    command.add_argument("--columns", metavar="NAMES", help="as decided_at,reason,explanation")
    command.add_argument("--labels", choices=("values", "1", "both"), help="of reasons")
    command.add_argument("--header", choices=("key", "label"), help="what columns are called")
    command.add_argument("--tz", metavar="ZONE", help="of times, as Europe/Oslo")
    command.add_argument("--latest", type=int, metavar="N", help="only those that were made last")
    command.add_argument("--dialect", choices=("raw", "spreadsheet"), help="of the CSV")
    command.add_argument("--locale", metavar="LOCALE", help="of the CSV's signs, as de")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    target = sys.stdout.buffer if options.output == "-" else options.output
    form: Any = options.format or format_of(options.output, FORMATS)
    names = (*OPTIONS, "dialect", "locale") if form == "csv" else OPTIONS
    asked: dict[str, Any] = {name: getattr(options, name) for name in names}
    with Client(options.url) as client:
        client.exports.decisions(target, format=form, **asked)
    return DONE
