"""The `harken-server` command. Each command imports what it needs only when it runs."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harken_server import __version__
from harken_server.configuration import load_settings
from harken_server.kernel.errors import HarkenError
from harken_server.kernel.settings import Settings, describe_settings
from harken_server.kernel.shown_text import visible
from harken_server.people_commands import add_people_commands
from harken_server.upkeep.exit_statuses import EX_DATAERR, EX_UNAVAILABLE, EXIT_STATUS

if TYPE_CHECKING:
    from harken_server.upkeep.doctor import Findings

READS = "it changes nothing that is stored"
"""Why a command leaves no entry in the audit log: its default `no_entry`. All others leave one."""
DEMO_DATA_DIR = "./harken-demo"


def main(argv: list[str] | None = None) -> int:
    """Run one command and give its exit status; failures are one line on standard error."""
    arguments = _parser().parse_args(argv)
    environ = dict(os.environ)
    if arguments.run is demo:
        environ.setdefault("HARKEN_DATA_DIR", DEMO_DATA_DIR)
    try:
        return arguments.run(arguments, load_settings(environ))
    except HarkenError as error:
        _say(f"harken-server: {error.message}", file=sys.stderr)
        return EXIT_STATUS.get(error.code, 1)
    except KeyboardInterrupt:
        return 130
    finally:
        gc.enable()


def serve(_: argparse.Namespace, settings: Settings) -> int:
    """Serve, migrating first; the first start prints an API key."""
    gc.disable()  # nothing is let go while loading; `run_server` starts it again
    from harken_server.start import serve_workspace

    return _run(settings, lambda: serve_workspace(settings))


def demo(_: argparse.Namespace, settings: Settings) -> int:
    """Serve a workspace filled with sample responses and print where to look."""
    gc.disable()  # as in `serve`
    from harken_server.start import serve_demo

    return _run(settings, lambda: serve_demo(settings))


def migrate(_: argparse.Namespace, settings: Settings) -> int:
    """Bring the database to this version's schema."""
    from harken_server.app import bring_up, prepare_data_dir

    prepare_data_dir(settings)
    applied = asyncio.run(bring_up(settings))
    print("\n".join(f"applied {name}" for name in applied) or "nothing to do: up to date")
    return 0


def create_key(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make an API key and print it: it is not shown again."""
    from harken_server.start import create_api_key

    secret = asyncio.run(
        create_api_key(
            settings, arguments.name, arguments.scope or ["manage"], arguments.origin or ()
        )
    )
    print(secret)
    return 0


def worker(_: argparse.Namespace, settings: Settings) -> int:
    """Do the work that waits, such as sending mail, beside servers on the same PostgreSQL."""
    from harken_server.start import run_worker

    return _run(settings, lambda: run_worker(settings))


def test_mail(arguments: argparse.Namespace, settings: Settings) -> int:
    """Send a test message and print each step."""
    from harken_server.channels.email.sending.trial import try_mail
    from harken_server.kernel.clock import system_clock

    talk = try_mail(settings, arguments.address, system_clock(), say=partial(_say, flush=True))
    return 0 if asyncio.run(talk) else EX_UNAVAILABLE


def back_up(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write everything to a file and say where the secret key is."""
    from harken_server.kernel.clock import system_clock
    from harken_server.upkeep import backup

    _say("\n".join(asyncio.run(backup.back_up(settings, arguments.file, system_clock()))))
    return 0


def restore(arguments: argparse.Namespace, settings: Settings) -> int:
    """Fill an empty database from a backup."""
    from harken_server.app import prepare_data_dir
    from harken_server.upkeep.restore import restore

    prepare_data_dir(settings)
    return _report(*asyncio.run(restore(settings, arguments.file)))


def move(arguments: argparse.Namespace, settings: Settings) -> int:
    """Copy everything to an empty database elsewhere."""
    from harken_server.upkeep import move as moving

    return _report(*asyncio.run(moving.move(settings, arguments.to)))


def doctor(_: argparse.Namespace, settings: Settings) -> int:
    """Look at everything and print every difference."""
    from harken_server.upkeep.doctor import check_up

    return _report([], asyncio.run(check_up(settings)))


def check_config(_: argparse.Namespace, settings: Settings) -> int:
    """Print the effective settings, secrets redacted, and ask for the names that are missing."""
    from harken_server.channels.email.settings import missing_names

    rows = describe_settings(settings)
    width = max(len(name) for name, _ in rows)
    lines = [f"{name:<{width}}  {value or '(not set)'}" for name, value in rows]
    _say("\n".join([*lines, *(f"\n{sentence}" for sentence in missing_names(settings))]))
    return 0


def print_schema(arguments: argparse.Namespace, _: Settings) -> int:
    """Print the JSON Schema of survey files, or of journey files."""
    import json

    from harken_server.journeys.rules.schema import journey_schema
    from harken_server.surveys.files.schema import survey_schema

    schema = journey_schema() if arguments.of == "journey" else survey_schema()
    text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    if arguments.output is None:
        print(text, end="")
    else:
        Path(arguments.output).write_text(text, encoding="utf-8")
    return 0


def _report(said: list[str], findings: Findings) -> int:
    _say("\n".join([*said, *findings.lines()]))
    return EX_DATAERR if findings.differences else 0


def _say(text: str, **options: Any) -> None:
    print(visible(text), **options)  # what would command a terminal is shown as its escape


def _run(settings: Settings, work: Callable[[], Coroutine[Any, Any, None]]) -> int:
    from harken_server.kernel.logs import LogSettings, set_up_logging

    logs = settings.of(LogSettings)
    set_up_logging(logs.log_format, logs.log_level)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(work())
    return 0


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="harken-server",
        description="A self-hosted customer feedback server.",
        epilog="Settings come from HARKEN_… variables; see `harken-server config check`.",
    )
    parser.add_argument("--version", action="version", version=f"harken-server {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    promised = "it does what was promised by what has its entry"
    for name, run, help_text, no_entry in (
        ("serve", serve, "start the server", ""),
        ("demo", demo, "start the server with a lively sample workspace", ""),
        ("worker", worker, "do the work that waits, such as sending mail (PostgreSQL)", promised),
        ("migrate", migrate, "bring the database to this version's schema", ""),
    ):
        commands.add_parser(name, help=help_text).set_defaults(run=run, no_entry=no_entry)
    _add_upkeep_commands(commands)
    schema = commands.add_parser("schema", help="print the JSON Schema of survey or journey files")
    kinds = ("survey", "journey")
    schema.add_argument("of", nargs="?", choices=kinds, default="survey", help="default: survey")
    schema.add_argument("-o", "--output", metavar="FILE", help="write to a file instead")
    schema.set_defaults(run=print_schema, no_entry=READS)
    config = commands.add_parser("config", help="look at the settings")
    config_commands = config.add_subparsers(required=True, metavar="COMMAND")
    check = config_commands.add_parser("check", help="print the settings, secrets redacted")
    check.set_defaults(run=check_config, no_entry=READS)
    mail = commands.add_parser("mail", help="look at how mail is sent")
    mail_commands = mail.add_subparsers(required=True, metavar="COMMAND")
    trial = mail_commands.add_parser("test", help="send a test message and print each step")
    trial.add_argument("address", metavar="ADDRESS", help="who gets the message")
    trial.set_defaults(run=test_mail, no_entry=READS)
    _add_key_commands(commands)
    add_people_commands(commands)
    return parser


def _add_upkeep_commands(commands: Any) -> None:
    for name, run, help_text, file_text, no_entry in (
        (
            "backup",
            back_up,
            "write everything to a file while the server runs",
            "a new file",
            READS,
        ),
        ("restore", restore, "fill an empty database from a backup", "a backup", ""),
    ):
        command = commands.add_parser(name, help=help_text)
        command.add_argument("file", metavar="FILE", type=Path, help=file_text)
        command.set_defaults(run=run, no_entry=no_entry)
    to = commands.add_parser("move", help="copy everything to an empty database elsewhere")
    to.add_argument(
        "--to",
        required=True,
        metavar="URL",
        help="the empty database, written as in HARKEN_DATABASE_URL; the one that is set stays "
        "as it is",
    )
    to.set_defaults(run=move)
    commands.add_parser(
        "doctor", help="recount and check everything that is stored; changes nothing"
    ).set_defaults(run=doctor, no_entry=READS)


def _add_key_commands(commands: Any) -> None:
    keys = commands.add_parser("keys", help="make API keys")
    key_commands = keys.add_subparsers(required=True, metavar="COMMAND")
    create = key_commands.add_parser("create", help="make an API key and print it once")
    create.add_argument("--name", default="command line", help="what the key is called")
    create.add_argument(
        "--scope",
        action="append",
        choices=("read", "write", "manage", "public"),
        help="what it may do (docs/reference/http-api.md#scopes), several times; default: manage",
    )
    create.add_argument(
        "--origin",
        action="append",
        metavar="ORIGIN",
        help="a site whose pages may use the key, such as https://shop.example; may be given "
        "several times (default: any site)",
    )
    create.set_defaults(run=create_key)


if __name__ == "__main__":
    sys.exit(main())
