"""The command `harken revoke`: the links that were handed out, and the end of one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken._types.link import PersonalLink, SignedLink
from harken.cli.terminal import DONE, remark, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument(
        "id",
        metavar="ID",
        nargs="?",
        help="of the link to end; without one all are listed",
    )
    command.add_argument(
        "--of", metavar="RESPONDENT", help="personal links, those of one respondent"
    )


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    with Client(options.url) as client:
        if options.id is not None:
            is_personal = options.of is not None
            (client.links.revoke_personal if is_personal else client.links.revoke)(options.id)
            remark(f"link {options.id} is revoked")
            return DONE
        personal = client.links.personal(options.of) if options.of is not None else None
        for line in map(_line, client.links.list()) if personal is None else map(_own, personal):
            say(line)
    return DONE


def _line(link: SignedLink) -> str:
    until = f"{link.expires_at:%Y-%m-%d}"
    state = f"until {until}" if link.revoked_at is None else f"revoked {link.revoked_at:%Y-%m-%d}"
    return f"{link.id}  {link.kind:12}  {link.subject:24}  {state}"


def _own(link: PersonalLink) -> str:
    until = "for ever" if link.expires_at is None else f"until {link.expires_at:%Y-%m-%d}"
    state = f"{until}, answered" if link.answered else until
    return f"{link.id}  {link.survey:20}  {link.touchpoint:20}  {link.channel:8}  {state}"
