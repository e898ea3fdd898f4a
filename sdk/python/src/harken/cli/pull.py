"""The command `harken pull`: a survey's definition as it was published."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

import msgspec

from harken._sync.client import Client
from harken.cli.terminal import DONE, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument("-o", "--output", metavar="FILE", help="a .json file")
    command.add_argument("--survey-version", type=int, metavar="N", help="an earlier version")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    if options.output and not options.output.endswith(".json"):
        raise ValueError(f"definitions are written as .json, not to {options.output!r}")
    with Client(options.url) as client:
        survey = client.surveys.get(options.key, options.survey_version)
    text = msgspec.json.format(msgspec.json.encode(survey.definition), indent=2) + b"\n"
    if options.output:
        Path(options.output).write_bytes(text)
    else:
        say(text.decode(), end="")
    return DONE
