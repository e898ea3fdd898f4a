"""The command `harken live`: a line each time a survey's numbers change."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken.cli.filters import add_filters, read_filters
from harken.cli.terminal import DONE, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument("--changes", type=int, metavar="N", help="end after so many lines")
    add_filters(command)


def run(options: Namespace) -> int:
    """Do it until it is over or interrupted; the exit status."""
    with Client(options.url) as client:
        try:
            for change in client.live(options.key, events=options.changes, **read_filters(options)):
                say(str(change))
                sys.stdout.flush()
        except KeyboardInterrupt:
            return DONE
    return DONE
