"""The command `harken journey`: a journey in numbers, stage by stage."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken.cli.terminal import DONE, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("key", metavar="KEY", help="the journey's key")
    command.add_argument("--from", dest="from_", metavar="DAY", help="first day, as 2026-05-31")
    command.add_argument("--to", metavar="DAY", help="last day")
    command.add_argument("--channel", metavar="NAME")
    command.add_argument("--where", metavar="NAME:MEMBER", help="of a dimension, as store:Oslo")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    with Client(options.url) as client:
        scores = client.journeys.scores(
            options.key,
            from_=options.from_,
            to=options.to,
            channel=options.channel,
            where=options.where,
        )
    say(str(scores))
    return DONE
