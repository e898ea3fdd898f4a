"""The command `harken annotate`: note that something happened, from a pipeline that deploys."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime

from harken._sync.client import Client
from harken.cli.terminal import DONE, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("title", metavar="TITLE", help="what happened")
    command.add_argument("--kind", default="deploy", metavar="NAME", help="deploy, campaign, …")
    command.add_argument("--at", metavar="TIME", help="as 2026-05-31T14:00+02:00; now, unless said")
    command.add_argument("--day", metavar="DAY", help="a whole day, as 2026-05-31")
    command.add_argument("--survey", metavar="KEY", help="only of this survey")
    command.add_argument("--touchpoint", metavar="KEY", help="only of this touchpoint")
    command.add_argument("--link", metavar="URL", help="where to read more, https")
    command.add_argument("--id", metavar="UUID", help="of your own: noted once, however often sent")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    at = None if options.at is None else datetime.fromisoformat(options.at)
    with Client(options.url) as client:
        made = client.annotate(
            options.title,
            kind=options.kind,
            at=at,
            day=options.day,
            survey=options.survey,
            touchpoint=options.touchpoint,
            link=options.link,
            id=options.id,
        )
    say(f"{made.id}  {made.day}  {made.kind}  {made.title}")
    return DONE
