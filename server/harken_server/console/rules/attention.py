"""What needs somebody's attention: one sentence each, and where to go on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias, get_args

Urgency: TypeAlias = Literal["bad", "middle", "note"]
CLOSES_WITHIN = timedelta(days=7)


class Notice(NamedTuple):
    """One thing."""

    urgency: Urgency
    text: str
    path: str = ""
    """Of the console's page that leads on; empty: there is none for this role."""
    label: str = ""


def by_urgency(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """What is to be acted on first; what is as urgent stays in its order."""
    order = get_args(Urgency)
    return tuple(sorted(notices, key=lambda notice: order.index(notice.urgency)))


def is_pressing(notices: Iterable[Notice]) -> bool:
    """Whether somebody has to act or to look, and not to take note alone."""
    return any(notice.urgency != "note" for notice in notices)


def of_escalations(n: int) -> list[Notice]:
    """Customers whom somebody should call.

    >>> of_escalations(1)[0].text, of_escalations(0)
    ('One customer answered poorly more than once and waits for a call.', [])
    """
    if not n:
        return []
    text = (
        "One customer answered poorly more than once and waits for a call."
        if n == 1
        else f"{n:,} customers answered poorly more than once and wait for a call."
    )
    return [Notice("bad", text, "/escalations", "See who")]


def of_failed_mail(n: int, days: int) -> list[Notice]:
    """Messages that were given up."""
    if not n:
        return []
    what = "One message" if n == 1 else f"{n:,} messages"
    text = f"{what} of the last {days} days could not be sent."
    return [Notice("bad", text, "/settings", "Test the mail server")]


def of_waiting_mail() -> Notice:
    """There is no mail server, and mail that waits for one."""
    text = "Mail waits to be sent, and no mail server is set."
    return Notice("bad", text, "/settings", "See the settings")


def of_silence(touchpoint: str, quiet: int, survey: str) -> Notice:
    """A touchpoint of this survey from which no answers come any more."""
    text = f"No answer from {touchpoint} for {quiet} days; they used to come steadily."
    return Notice("middle", text, f"/results/{survey}", "Look at its results")


def of_quota(title: str, names: list[str], survey: str) -> list[Notice]:
    """Quotas of a survey that are full."""
    if not names:
        return []
    which = f"The quota {names[0]}" if len(names) == 1 else f"{len(names)} quotas"
    verb = "is" if len(names) == 1 else "are"
    text = f"{which} of “{title}” {verb} full: people who belong to it find the survey closed."
    return [Notice("note", text, f"/surveys/{survey}", "Open the survey")]


def of_closing(title: str, closes_at: datetime | None, now: datetime, survey: str) -> list[Notice]:
    """A survey that closes by itself soon.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 21, tzinfo=UTC)
    >>> of_closing("Your order", now + timedelta(days=2, hours=1), now, "order")[0].text
    '“Your order” closes in 2 days.'
    """
    if closes_at is None or not now < closes_at <= now + CLOSES_WITHIN:
        return []
    days = (closes_at - now).days
    span = "within a day" if days < 1 else "in a day" if days == 1 else f"in {days} days"
    return [Notice("note", f"“{title}” closes {span}.", f"/surveys/{survey}", "Open the survey")]


def of_samples() -> Notice:
    """Answers that were made up are among the numbers."""
    text = "Sample answers are among these numbers; each is marked as one."
    return Notice("note", text)
