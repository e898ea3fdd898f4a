"""Which responses `harken score` and `harken export` take in."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TypedDict

from harken._types.numbers.options import WeightOptions


def add_filters(command: ArgumentParser) -> None:
    """Add the options."""
    command.add_argument("--from", dest="from_", metavar="DAY", help="first day, as 2026-05-31")
    command.add_argument("--to", metavar="DAY", help="last day")
    command.add_argument("--touchpoint", metavar="KEY")
    command.add_argument("--channel", metavar="NAME")
    command.add_argument("--where", metavar="NAME:MEMBER", help="of a dimension, as store:Oslo")
    command.add_argument("--segment", metavar="KEY", help="a saved segment")
    command.add_argument(
        "--repeated", metavar="HOW", help="of one person all, the latest, or clustered"
    )
    command.add_argument("--survey-version", type=int, metavar="N")


class Filters(TypedDict):
    """As the client takes them."""

    from_: str | None
    to: str | None
    touchpoint: str | None
    channel: str | None
    where: str | None
    segment: str | None
    repeated: str | None
    version: int | None


def read_filters(options: Namespace) -> Filters:
    """What the options say."""
    return {
        "from_": options.from_,
        "to": options.to,
        "touchpoint": options.touchpoint,
        "channel": options.channel,
        "where": options.where,
        "segment": options.segment,
        "repeated": options.repeated,
        "version": options.survey_version,
    }


def add_weights(command: ArgumentParser) -> None:
    """Add what answers may count for."""
    command.add_argument(
        "--weight", choices=("asked", "raked"), help="by being asked, or to the shares of --margins"
    )
    command.add_argument("--margins", metavar="SHARES", help="as store:Oslo=0.6,Bergen=0.4")
    command.add_argument("--trim", type=float, metavar="5", help="the highest weight")
    command.add_argument(
        "--unknown", choices=("leave_out", "refuse"), help="answers without a weight"
    )


def read_weights(options: Namespace) -> WeightOptions:
    """What the options say."""
    return {
        "weight": options.weight,
        "margins": options.margins,
        "trim": options.trim,
        "unknown": options.unknown,
    }
