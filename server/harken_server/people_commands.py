"""`harken-server people`: accounts of the house, for whoever runs the server."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from harken_server.kernel.settings import Settings
from harken_server.kernel.shown_text import visible

if TYPE_CHECKING:
    from harken_server.http.runtime import Runtime

T = TypeVar("T")
ROLES = ("owner", "editor", "analyst", "viewer")
"""Without the front line, whose stores are chosen in the console."""


def list_people(_: argparse.Namespace, settings: Settings) -> int:
    """Print everybody who has an account."""
    from harken_server.workspaces.people import by_hand

    people = asyncio.run(_within(settings, by_hand.list_people))
    _say("\n".join(people) or "nobody yet: `serve` prints a link to set it up")
    return 0


def add_person(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make an account and print the link by which its owner chooses a password."""
    from harken_server.workspaces.people import by_hand

    address, role, name = arguments.address, arguments.role, arguments.name
    _say(asyncio.run(_within(settings, lambda at: by_hand.add_person(at, address, role, name))))
    return 0


def reset_person(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print a link by which somebody chooses a new password."""
    from harken_server.workspaces.people import by_hand

    address, takes = arguments.address, arguments.second_factor
    work = _within(
        settings, lambda at: by_hand.reset_person(at, address, takes_second_factor=takes)
    )
    _say(asyncio.run(work))
    return 0


def add_people_commands(commands: Any) -> None:
    """Teach the parser `people` and what stands below it."""
    people = commands.add_parser("people", help="accounts of the console")
    below = people.add_subparsers(required=True, metavar="COMMAND")
    below.add_parser("list", help="print everybody who has an account").set_defaults(
        run=list_people, no_entry="it changes nothing that is stored"
    )
    add = below.add_parser(
        "add", help="make an account in the first workspace and print a link to choose a password"
    )
    add.add_argument("address", metavar="ADDRESS", help="their e-mail address")
    add.add_argument("--role", choices=ROLES, default="viewer", help="default: viewer")
    add.add_argument("--name", default="", help="what they are called (default: the address)")
    add.set_defaults(run=add_person)
    reset = below.add_parser(
        "reset",
        help="print a link, good once within an hour, to choose a new password; it ends all "
        "sessions",
    )
    reset.add_argument("address", metavar="ADDRESS", help="whose password")
    reset.add_argument(
        "--second-factor", action="store_true", help="take their second factor away as well, now"
    )
    reset.set_defaults(run=reset_person)


async def _within(settings: Settings, work: Callable[[Runtime], Awaitable[T]]) -> T:
    from harken_server.app import open_runtime

    async with open_runtime(settings) as runtime:
        return await work(runtime)


def _say(text: str) -> None:
    sys.stdout.write(f"{visible(text)}\n")
