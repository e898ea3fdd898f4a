"""The command `harken links`: personal links for a list of respondents."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken.cli.terminal import DONE


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("survey", metavar="SURVEY", help="the survey's key")
    command.add_argument(
        "--from",
        dest="people",
        metavar="CSV",
        required=True,
        help="with a column `respondent`; `locale` and the survey's context are read too",
    )
    command.add_argument("-o", "--output", metavar="FILE", required=True, help="- for the terminal")
    command.add_argument("--touchpoint", metavar="KEY", help="what responses are filed under")
    command.add_argument("--days", type=int, default=30, metavar="N", help="the links work; 30")
    command.add_argument("--wave", default="", metavar="NAME", help="another wave, other links")
    command.add_argument("--column", default="link", metavar="NAME", help="of the links")
    command.add_argument(
        "--answers", action="store_true", help="a column for each answer that one click gives"
    )
    command.add_argument("--dialect", choices=("raw", "spreadsheet"), default="spreadsheet")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    target = sys.stdout.buffer if options.output == "-" else options.output
    with Client(options.url) as client:
        client.mail.links(
            options.survey,
            options.people,
            target,
            touchpoint=options.touchpoint,
            ttl_days=options.days,
            wave=options.wave,
            link_column=options.column,
            answers=options.answers,
            dialect=options.dialect,
        )
    return DONE
