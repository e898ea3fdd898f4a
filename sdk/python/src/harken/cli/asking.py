"""The commands about asking people: `harken trigger`, `harken explain` and `harken links`."""

from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import datetime

from harken._sync.client import Client

AddCommand = Callable[[str, str], ArgumentParser]


def add_asking(add: AddCommand) -> None:
    """Add the commands with their options."""
    _add_trigger(add)
    _add_explain(add)
    _add_links(add)


def _add_trigger(add: AddCommand) -> None:
    command = add("trigger", "Tell the server that a touchpoint happened; print its decision.")
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
    command.set_defaults(run=_trigger)


def _trigger(options: Namespace) -> int:
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
        sys.stderr.write(f"harken: {decision.reason}: {decision.explanation}\n")
        return 1
    _say(f"{decision.reason}: {decision.explanation}")
    if decision.invitation:
        _say(decision.invitation.url)
        if options.qr:
            decision.invitation.save_qr(options.qr)
    if decision.delivery:
        _say(f"mail {decision.delivery}")
    return 0


def _add_explain(add: AddCommand) -> None:
    command = add("explain", "Say why each survey would ask a respondent now, or not.")
    command.add_argument("respondent", metavar="RESPONDENT", help="your own name for the person")
    command.set_defaults(run=_explain)


def _explain(options: Namespace) -> int:
    with Client(options.url) as client:
        explained = client.respondents.explain(options.respondent)
    for prospect in explained.surveys:
        place = f"{prospect.survey} at {prospect.touchpoint or 'no touchpoint'}"
        _say(f"{place}: {prospect.reason}: {prospect.explanation}")
    if not explained.surveys:
        _say("there is no survey")
    return 0


def _add_links(add: AddCommand) -> None:
    command = add("links", "Write a CSV with a personal link for each respondent of a list.")
    command.add_argument("survey", metavar="SURVEY", help="the survey's key")
    command.add_argument(
        "--from",
        dest="people",
        metavar="CSV",
        required=True,
        help="with a column `respondent`; `locale` and the survey's context are read too",
    )
    command.add_argument("-o", "--output", metavar="FILE", required=True, help="- for the terminal")
    command.add_argument("--touchpoint", metavar="KEY", help="what responses are filed under")
    command.add_argument("--days", type=int, default=30, metavar="N", help="the links work; 30")
    command.add_argument("--wave", default="", metavar="NAME", help="another wave, other links")
    command.add_argument("--column", default="link", metavar="NAME", help="of the links")
    command.add_argument(
        "--answers", action="store_true", help="a column for each answer that one click gives"
    )
    command.add_argument("--dialect", choices=("raw", "spreadsheet"), default="spreadsheet")
    command.set_defaults(run=_links)


def _links(options: Namespace) -> int:
    target = sys.stdout.buffer if options.output == "-" else options.output
    with Client(options.url) as client:
        client.mail.links(
            options.survey,
            options.people,
            target,
            touchpoint=options.touchpoint,
            ttl_days=options.days,
            wave=options.wave,
            link_column=options.column,
            answers=options.answers,
            dialect=options.dialect,
        )
    return 0


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


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
