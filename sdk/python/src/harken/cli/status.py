"""The commands `harken open` and `harken close`: whether surveys take responses."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from harken._errors import HarkenError
from harken._sync.client import Client
from harken.cli.terminal import DONE, FAILED, complain, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("keys", nargs="+", metavar="KEY", help="the survey's key")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    status = DONE
    with Client(options.url) as client:
        for key in options.keys:
            change = client.surveys.open if options.command == "open" else client.surveys.close
            try:
                survey = change(key)
            except HarkenError as error:
                status = complain(f"{key}: {error}", FAILED)
                continue
            say(f"{survey.key} is {survey.status}")
    return status
