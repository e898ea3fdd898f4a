"""The command `harken score`: numbers with their intervals."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken.cli.filters import add_filters, add_weights, read_filters, read_weights
from harken.cli.terminal import DONE, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument("--question", metavar="KEY", help="only this question")
    command.add_argument("--choice", metavar="VALUE", help="the share of this choice of --question")
    command.add_argument("--level", type=float, metavar="0.95", help="0.8, 0.9, 0.95 or 0.99")
    command.add_argument("--method", metavar="NAME", help="of the intervals, such as wilson")
    command.add_argument("--by", metavar="NAME", help="touchpoint, channel, version, a dimension")
    command.add_argument(
        "--compare", metavar="WHAT", help="previous, 2026-01-01..2026-01-31, version:2, segment:KEY"
    )
    add_filters(command)
    add_weights(command)


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    with Client(options.url) as client:
        scores = client.scores(
            options.key,
            question=options.question,
            choice=options.choice,
            level=options.level,
            method=options.method,
            by=options.by,
            compare=options.compare,
            **read_filters(options),
            **read_weights(options),
        )
    say(str(scores) if len(scores) else f"{options.key} asks no question that has a score")
    return DONE
