"""The command `harken leaderboard`: groups in order, as far as their scores prove one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken.cli.filters import add_filters, add_weights, read_filters, read_weights
from harken.cli.terminal import DONE, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument(
        "--by", default="touchpoint", metavar="NAME", help="touchpoint, channel, a dimension"
    )
    command.add_argument("--question", metavar="KEY", help="this one; else the first with a score")
    command.add_argument("--level", type=float, metavar="0.95", help="0.8, 0.9, 0.95 or 0.99")
    add_filters(command)
    add_weights(command)


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    with Client(options.url) as client:
        board = client.leaderboard(
            options.key,
            by=options.by,
            question=options.question,
            level=options.level,
            **read_filters(options),
            **read_weights(options),
        )
    say(str(board))
    return DONE
