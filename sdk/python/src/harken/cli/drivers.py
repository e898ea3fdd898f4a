"""The command `harken drivers`: which rated items go with an outcome."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken.cli.filters import add_filters, read_filters
from harken.cli.terminal import DONE, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument("--outcome", metavar="ITEM", help="the first score, unless said")
    command.add_argument("--items", metavar="A,B", help="only these; a matrix for all its rows")
    command.add_argument("--method", metavar="NAME", help="shapley or relative_weights")
    command.add_argument("--missing", metavar="HOW", help="pairwise or listwise")
    add_filters(command)


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    with Client(options.url) as client:
        found = client.drivers(
            options.key,
            outcome=options.outcome,
            items=options.items,
            method=options.method,
            missing=options.missing,
            **read_filters(options),
        )
    say(str(found))
    return DONE
