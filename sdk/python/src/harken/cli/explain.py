"""The command `harken explain`: why each survey would ask a respondent now, or not."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken.cli.terminal import DONE, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("respondent", metavar="RESPONDENT", help="your own name for the person")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    with Client(options.url) as client:
        explained = client.respondents.explain(options.respondent)
    for prospect in explained.surveys:
        place = f"{prospect.survey} at {prospect.touchpoint or 'no touchpoint'}"
        say(f"{place}: {prospect.reason}: {prospect.explanation}")
    if not explained.surveys:
        say("there is no survey")
    return DONE
