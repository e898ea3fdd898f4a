"""The command `harken trigger`: tell that a touchpoint happened, see the decision."""

from __future__ import annotations

import logging
from argparse import ArgumentParser, Namespace
from datetime import datetime

from harken._sync.client import Client
from harken.cli.terminal import DONE, FAILED, complain, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("touchpoint", metavar="TOUCHPOINT", help="such as order.delivered")
    command.add_argument("--respondent", metavar="ID", help="your own name for the person")
    command.add_argument("--channel", default="api")
    command.add_argument("--locale", metavar="TAG", help="such as de-AT")
    command.add_argument(
        "--context",
        action="append",
        default=[],
        metavar="NAME=TEXT",
        help="a fact about this moment; may be repeated",
    )
    person = command.add_argument_group("what is kept for the person")
    person.add_argument("--email", metavar="ADDRESS", help="where the channel email sends to")
    person.add_argument("--phone", metavar="NUMBER", help="such as +4722123456")
    person.add_argument(
        "--trait",
        action="append",
        default=[],
        metavar="NAME=TEXT",
        help="a fact about the person; may be repeated",
    )
    person.add_argument("--timezone", metavar="NAME", help="such as Europe/Oslo")
    person.add_argument("--consent", choices=("yes", "no"), help="whether they agreed to be asked")
    command.add_argument(
        "--send-at", metavar="TIME", help="of the mail, such as 2026-05-31T09:00+02:00"
    )
    command.add_argument("--qr", metavar="FILE", help="save the invitation's QR (.svg, .png)")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    logging.getLogger("harken").addHandler(logging.NullHandler())  # said below, once
    send_at = _moment(options.send_at) if options.send_at else None
    with Client(options.url) as client:
        decision = client.trigger(
            options.touchpoint,
            respondent=options.respondent,
            channel=options.channel,
            context=dict(_pair("--context", text) for text in options.context),
            locale=options.locale,
            traits=dict(_pair("--trait", text) for text in options.trait) or None,
            email=options.email,
            phone=options.phone,
            timezone=options.timezone,
            consent={"yes": True, "no": False}.get(options.consent),
            send_at=send_at,
        )
    if decision.error:
        return complain(f"{decision.reason}: {decision.explanation}", FAILED)
    say(f"{decision.reason}: {decision.explanation}")
    if decision.invitation:
        say(decision.invitation.url)
        if options.qr:
            decision.invitation.save_qr(options.qr)
    if decision.delivery:
        say(f"delivery {decision.delivery}")
    return DONE


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(
            f"--send-at takes a time as 2026-05-31T09:00+02:00, not {text!r}"
        ) from None
    if moment.tzinfo is None:
        raise ValueError(f"--send-at needs a zone, as in {text}+02:00 or {text}Z")
    return moment


def _pair(option: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise ValueError(f"{option} takes NAME=TEXT, not {text!r}")
    return name, value
