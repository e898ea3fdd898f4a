"""The command `harken`: publish surveys, read scores, take responses away, from a terminal.

Exit status: 0 done, 1 the server or the network said no, 2 wrong usage or settings.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict

import msgspec

from harken._errors import ConfigError, HarkenError
from harken._sync.client import Client
from harken._types.journey import is_journey
from harken._types.survey import ChangeLine, read_definition
from harken._version import VERSION
from harken.cli.asking import add_asking
from harken.cli.qr import add_qr

DONE, FAILED, MISUSED = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = build_parser().parse_args(arguments)
    run: Callable[[Namespace], int] = options.run
    try:
        return run(options)
    except ConfigError as error:
        return _complain(error, MISUSED)
    except HarkenError as error:
        return _complain(error, FAILED)
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}" if error.filename else error
        return _complain(reason, FAILED)
    except ValueError as error:
        return _complain(error, MISUSED)


def build_parser() -> ArgumentParser:
    """Every command with its options; the reference page is checked against it."""
    parser = ArgumentParser(
        prog="harken",
        description="Talk to a Harken server.",
        epilog="HARKEN_URL and HARKEN_API_KEY (or HARKEN_API_KEY_FILE) say which, and with what.",
    )
    parser.add_argument("--version", action="version", version=f"harken {VERSION}")
    parser.add_argument("--url", help="the server's address; wins over HARKEN_URL")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (_add_push, _add_pull, _add_score, _add_export, add_asking, add_qr):
        add(lambda name, about: commands.add_parser(name, help=about, description=about))
    return parser


AddCommand = Callable[[str, str], ArgumentParser]


def _add_push(add: AddCommand) -> None:
    command = add("push", "Publish survey files, and journey files; only changes are stored.")
    command.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help=".yaml, .yml, .toml or .json; a journey has `stages`, or is named NAME.journey.yaml",
    )
    command.add_argument("--dry-run", action="store_true", help="only say what would change")
    command.set_defaults(run=_push)


def _push(options: Namespace) -> int:
    status = DONE
    with _client(options) as client:
        for file in options.files:
            try:
                said = _push_file(client, Path(file), dry_run=options.dry_run)
            except (ConfigError, OSError):
                raise
            except (HarkenError, ValueError) as error:
                status = _complain(f"{file}: {error}", FAILED)
                continue
            first, *further = said
            _say(f"{file}: {first}")
            for line in further:
                _say(f"  {line}")
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


def _add_pull(add: AddCommand) -> None:
    command = add("pull", "Print a survey's definition as JSON, or write it to a file.")
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument("-o", "--output", metavar="FILE", help="a .json file")
    command.add_argument("--survey-version", type=int, metavar="N", help="an earlier version")
    command.set_defaults(run=_pull)


def _pull(options: Namespace) -> int:
    if options.output and not options.output.endswith(".json"):
        raise ValueError(f"definitions are written as .json, not to {options.output!r}")
    with _client(options) as client:
        survey = client.surveys.get(options.key, options.survey_version)
    text = msgspec.json.format(msgspec.json.encode(survey.definition), indent=2) + b"\n"
    if options.output:
        Path(options.output).write_bytes(text)
    else:
        _say(text.decode(), end="")
    return DONE


def _add_score(add: AddCommand) -> None:
    command = add("score", "Print a survey's scores with their 95 % intervals.")
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument("--question", metavar="KEY", help="only this question")
    _add_filters(command)
    command.set_defaults(run=_score)


def _score(options: Namespace) -> int:
    with _client(options) as client:
        scores = client.scores(options.key, question=options.question, **_filters(options))
    _say(str(scores) if len(scores) else f"{options.key} asks no question that has a score")
    return DONE


def _add_export(add: AddCommand) -> None:
    command = add("export", "Write a survey's responses to a file.")
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument("--format", choices=("csv", "jsonl"), default="csv")
    command.add_argument(
        "--dialect",
        choices=("raw", "spreadsheet"),
        default="raw",
        help="of the CSV: for programs, or for Excel and Sheets",
    )
    command.add_argument("-o", "--output", metavar="FILE", required=True, help="- for the terminal")
    _add_filters(command)
    command.set_defaults(run=_export)


def _export(options: Namespace) -> int:
    target = sys.stdout.buffer if options.output == "-" else options.output
    with _client(options) as client:
        if options.format == "csv":
            client.exports.csv(options.key, target, dialect=options.dialect, **_filters(options))
        else:
            client.exports.jsonl(options.key, target, **_filters(options))
    return DONE


def _add_filters(command: ArgumentParser) -> None:
    command.add_argument("--from", dest="from_", metavar="DAY", help="first day, as 2026-05-31")
    command.add_argument("--to", metavar="DAY", help="last day")
    command.add_argument("--touchpoint", metavar="KEY")
    command.add_argument("--channel", metavar="NAME")
    command.add_argument("--survey-version", type=int, metavar="N")


class _Filters(TypedDict):
    from_: str | None
    to: str | None
    touchpoint: str | None
    channel: str | None
    version: int | None


def _filters(options: Namespace) -> _Filters:
    return {
        "from_": options.from_,
        "to": options.to,
        "touchpoint": options.touchpoint,
        "channel": options.channel,
        "version": options.survey_version,
    }


def _client(options: Namespace) -> Client:
    return Client(options.url)


def _say(text: str, end: str = "\n") -> None:
    print(text, end=end)


def _complain(what: object, status: int) -> int:
    print(f"harken: {what}", file=sys.stderr)
    return status
