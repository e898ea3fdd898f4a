"""The command `harken score`: numbers with their intervals."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken.cli.filters import add_filters, read_filters
from harken.cli.terminal import DONE, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument("--question", metavar="KEY", help="only this question")
    add_filters(command)


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    with Client(options.url) as client:
        scores = client.scores(options.key, question=options.question, **read_filters(options))
    say(str(scores) if len(scores) else f"{options.key} asks no question that has a score")
    return DONE
