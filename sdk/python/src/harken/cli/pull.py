"""The command `harken pull`: a survey's definition as it was published or pushed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import msgspec

from harken._calls.definition_files import format_of_file
from harken._shown_text import visible
from harken._sync.client import Client
from harken._types.survey import Survey
from harken.cli.terminal import DONE


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument(
        "-o", "--output", metavar="FILE", help="a .json file; .yaml or .toml if it was pushed so"
    )
    command.add_argument("--survey-version", type=int, metavar="N", help="an earlier version")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    wanted = format_of_file(Path(options.output)) if options.output else "json"
    with Client(options.url) as client:
        survey = client.surveys.get(options.key, options.survey_version)
    text = _as_json(survey) if wanted == "json" else _as_pushed(survey, wanted)
    if options.output:
        Path(options.output).write_bytes(text)
    else:
        sys.stdout.write(visible(text.decode()) if sys.stdout.isatty() else text.decode())
    return DONE


def _as_json(survey: Survey) -> bytes:
    return msgspec.json.format(msgspec.json.encode(survey.definition), indent=2) + b"\n"


def _as_pushed(survey: Survey, wanted: str) -> bytes:
    """With comments, in the order of the file."""
    if survey.source is None or survey.source.format != wanted:
        raise ValueError(
            f"version {survey.version} of {survey.key} was not pushed as {wanted};"
            " write it to a .json file"
        )
    return survey.source.text.encode()
