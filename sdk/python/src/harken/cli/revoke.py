"""The command `harken revoke`: the signed links that were handed out, and the end of one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken._types.link import SignedLink
from harken.cli.terminal import DONE, remark, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument(
        "id",
        metavar="ID",
        nargs="?",
        help="of the link to end; without one all are listed",
    )


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    with Client(options.url) as client:
        if options.id is not None:
            client.links.revoke(options.id)
            remark(f"link {options.id} is revoked")
            return DONE
        for link in client.links.list():
            say(_line(link))
    return DONE


def _line(link: SignedLink) -> str:
    until = f"{link.expires_at:%Y-%m-%d}"
    state = f"until {until}" if link.revoked_at is None else f"revoked {link.revoked_at:%Y-%m-%d}"
    return f"{link.id}  {link.kind:12}  {link.subject:24}  {state}"
