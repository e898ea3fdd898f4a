"""The command `harken`: publish surveys, read scores, take responses away, from a terminal.

Exit status: 0 done, 1 the server or the network said no, 2 wrong usage or settings.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Protocol, cast

from harken._errors import ConfigError, HarkenError
from harken._version import VERSION
from harken.cli.terminal import FAILED, MISUSED, complain

COMMANDS = {
    "check": "Look whether survey and journey files are sound; needs no network.",
    "lint": "The same as check.",
    "list": "List the surveys of the workspace.",
    "open": "Have surveys take responses.",
    "close": "Have surveys take no more responses.",
    "results": "Print a link to a survey's results, for people without a key.",
    "push": "Publish survey files, and journey files; only changes are stored.",
    "pull": "Print a survey's definition as JSON, or write it to a file.",
    "score": "Print a survey's scores with their 95 % intervals.",
    "live": "Print a line with the scores each time responses come.",
    "import": "Take in reviews, tickets or events from a CSV; safe to run again.",
    "trends": "Print a survey's scores over time, drawn as a line.",
    "drivers": "Print which rated items go with a survey's outcome.",
    "annotate": "Note that something happened, such as a deploy; trends show it.",
    "leaderboard": "Print stores or other groups in order, as far as the answers prove one.",
    "journey": "Print a journey in numbers: its stages, their trend, and where people fall out.",
    "export": "Write a survey's responses to a file.",
    "decisions": "Write to a file whether people were asked, and why.",
    "trigger": "Tell the server that a touchpoint happened; print its decision.",
    "explain": "Say why each survey would ask a respondent now, or not.",
    "revoke": "List signed links that were handed out, or end one of them.",
    "links": "Write a CSV with a personal link for each respondent of a list.",
    "qr": "Put a link on paper as a QR, or those of many stores; needs no network.",
}
"""Each has a module of this package, imported when the command is called."""
_MODULES = {
    "check": "lint", "open": "status", "close": "status", "import": "files.imports",
    "export": "files.export", "decisions": "files.decisions",
}  # fmt: skip
"""Of commands that are not named as their module."""


class Command(Protocol):
    """What the module of a command offers."""

    def add_options(self, command: ArgumentParser) -> None:
        """Add what the command takes."""
        ...

    def run(self, options: Namespace) -> int:
        """Do it; the exit status."""
        ...


class CommandParser(ArgumentParser):
    """The options of one command, which its module adds when they are first needed."""

    is_complete = False

    def complete(self) -> None:
        """Import the command, and add its options; `prog` ends in the command's name."""
        if self.is_complete:
            return
        self.is_complete = True
        name = self.prog.rpartition(" ")[2]
        module = import_module(f"harken.cli.{_MODULES.get(name, name)}")
        command = cast("Command", module)
        command.add_options(self)
        self.set_defaults(run=command.run, command=name)

    def parse_known_args(self, *args: Any, **named: Any) -> Any:
        """As every parser; `argparse` calls it for the command that was chosen."""
        self.complete()
        return super().parse_known_args(*args, **named)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser, _ = _make_parsers()
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except ConfigError as error:
        return complain(error, MISUSED)
    except HarkenError as error:
        return complain(error, FAILED)
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}" if error.filename else error
        return complain(reason, FAILED)
    except ValueError as error:
        return complain(error, MISUSED)


def build_parser() -> ArgumentParser:
    """Every command with its options; the reference page is checked against it."""
    parser, commands = _make_parsers()
    for command in commands:
        command.complete()
    return parser


def _make_parsers() -> tuple[ArgumentParser, list[CommandParser]]:
    parser = ArgumentParser(
        prog="harken",
        description="Talk to a Harken server.",
        epilog="HARKEN_URL and HARKEN_API_KEY (or HARKEN_API_KEY_FILE) say which, and with what.",
    )
    parser.add_argument("--version", action="version", version=f"harken {VERSION}")
    parser.add_argument("--url", help="the server's address; wins over HARKEN_URL")
    places = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=CommandParser)
    commands = [  # `argparse` reads a % in `help` as the beginning of a placeholder
        places.add_parser(name, help=about.replace("%", "%%"), description=about)
        for name, about in COMMANDS.items()
    ]
    return parser, commands
