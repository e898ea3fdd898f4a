"""The command `harken export`: responses to a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken.cli.filters import add_filters, read_filters
from harken.cli.terminal import DONE


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument("--format", choices=("csv", "jsonl"), default="csv")
    command.add_argument(
        "--dialect",
        choices=("raw", "spreadsheet"),
        default="raw",
        help="of the CSV: for programs, or for Excel and Sheets",
    )
    command.add_argument("-o", "--output", metavar="FILE", required=True, help="- for the terminal")
    add_filters(command)


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    target = sys.stdout.buffer if options.output == "-" else options.output
    filters = read_filters(options)
    with Client(options.url) as client:
        if options.format == "csv":
            client.exports.csv(options.key, target, dialect=options.dialect, **filters)
        else:
            client.exports.jsonl(options.key, target, **filters)
    return DONE
