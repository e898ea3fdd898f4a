"""The command `harken push`: publish files, only what changed is stored."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from harken._calls.definition_files import is_journey, read_definition
from harken._errors import ConfigError, HarkenError
from harken._sync.client import Client
from harken._types.survey import ChangeLine
from harken.cli.terminal import DONE, FAILED, complain, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help=".yaml, .yml, .toml or .json; a journey has `stages`, or is named NAME.journey.yaml",
    )
    command.add_argument("--dry-run", action="store_true", help="only say what would change")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    status = DONE
    with Client(options.url) as client:
        for file in options.files:
            try:
                said = _push_file(client, Path(file), dry_run=options.dry_run)
            except (ConfigError, OSError):
                raise
            except (HarkenError, ValueError) as error:
                status = complain(f"{file}: {error}", FAILED)
                continue
            first, *further = said
            say(f"{file}: {first}")
            for line in further:
                say(f"  {line}")
    return status


def _push_file(client: Client, path: Path, *, dry_run: bool) -> list[str]:
    """What became of one file, in lines."""
    definition, kind = read_definition(path, None)
    if is_journey(path, definition, kind):
        journey = client.journeys.push(path, dry_run=dry_run)
        warnings = [f"warning: {item.path}: {item.message}" for item in journey.warnings]
        return [f"journey {journey.key}, {journey.change}", *_lines(journey.changes), *warnings]
    pushed = client.surveys.push(path, dry_run=dry_run)
    url = [pushed.url] if pushed.url else []
    heading = f"{pushed.key} version {pushed.version}, {pushed.change}"
    return [heading, *_lines(pushed.changes), *url]


def _lines(changes: Sequence[ChangeLine]) -> list[str]:
    return [f"{line.kind}: {line.path}: {line.message}" for line in changes]
