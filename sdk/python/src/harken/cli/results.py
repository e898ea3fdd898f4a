"""The command `harken results`: a link to a survey's results, for people without a key."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken.cli.terminal import DONE, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument("--days", type=int, default=90, metavar="N", help="the link works; 90")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    with Client(options.url) as client:
        say(client.surveys.results_link(options.key, days=options.days).url)
    return DONE
