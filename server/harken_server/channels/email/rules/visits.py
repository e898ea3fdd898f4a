"""Tell people from programs that open the links of a message, by when the links were visited.

Mail filters fetch every link when a message arrives or is opened; some run the page's script and
send its form. Neither their names nor their addresses can be relied on, so that only what happened
is judged: who reads takes a second at least, and presses one rating at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import msgspec

VisitKind: TypeAlias = Literal["open", "head", "prefetch", "trap", "confirm", "seen"]
"""open: a page was fetched. head: asked for without its content. prefetch: fetched in advance, as
the browser said. trap: a link that people do not see. confirm: a page was sent. seen: the script of
an open page reported that somebody was there."""

Sign: TypeAlias = Literal[
    "several_ratings", "trap", "head", "prefetch", "unopened", "too_quick", "at_hand_over"
]
"""Why a visit is taken for a program's (`judge_visit`)."""

BURST = timedelta(seconds=10)
"""Visits so near to each other belong together."""
FASTEST_PERSON = timedelta(seconds=1)
"""Nobody sends a page sooner after opening it."""
HAND_OVER = timedelta(seconds=5)
"""Nobody has a message open sooner after the mail server took it."""
LONGEST_HAND_OVER = timedelta(seconds=60)
"""A filter may open links while the mail server still takes the message."""
SETTLES_AFTER = timedelta(seconds=12)
"""When a visit is judged: its burst is over, and every visit of it is written down."""


class LinkVisit(msgspec.Struct, frozen=True, kw_only=True):
    """One visit to a link of a message."""

    kind: VisitKind
    value: str = ""
    """The answer that the link stands for; empty for a link without one."""
    visited_at: datetime


def judge_visit(
    visit: LinkVisit, visits: Iterable[LinkVisit], handed_over: Sequence[datetime] = ()
) -> tuple[Sign, ...]:
    """The signs that a program, and not a person, made this visit; none means a person.

    `visits` are all of the same invitation, this one included or not, in any order. `handed_over`
    is when its messages were given to the mail server. The burst of a visit is what happened within
    10 seconds of it, or of the opening of the page that it came from.
    """
    opened_at = _opened_at(visit, visits := tuple(visits))
    burst = [
        other
        for other in visits
        if _is_near(other.visited_at, visit.visited_at)
        or (opened_at is not None and _is_near(other.visited_at, opened_at))
    ]
    kinds = {other.kind for other in burst}
    signs: dict[Sign, bool] = {
        "several_ratings": _has_several_ratings([*burst, visit]),
        "trap": "trap" in kinds,
        "head": "head" in kinds,
        "prefetch": "prefetch" in kinds,
        "unopened": opened_at is None,
        "too_quick": visit.kind == "confirm"
        and opened_at is not None
        and visit.visited_at - opened_at < FASTEST_PERSON,
        "at_hand_over": any(
            -LONGEST_HAND_OVER <= visit.visited_at - moment < HAND_OVER for moment in handed_over
        ),
    }
    return tuple(sign for sign, is_given in signs.items() if is_given)


def _opened_at(visit: LinkVisit, visits: Iterable[LinkVisit]) -> datetime | None:
    """When the page was last opened that this visit came from."""
    moments = (
        other.visited_at
        for other in visits
        if other.kind == "open"
        and other.value == visit.value
        and other.visited_at <= visit.visited_at
    )
    return max(moments, default=None)


def _is_near(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= BURST


def _has_several_ratings(burst: Iterable[LinkVisit]) -> bool:
    """Whether two different links were visited within 10 seconds of each other."""
    rated = sorted(
        ((visit.visited_at, visit.value) for visit in burst if visit.value),
        key=lambda pair: pair[0],
    )
    return any(
        later[1] != earlier[1] and _is_near(later[0], earlier[0])
        for place, earlier in enumerate(rated)
        for later in rated[place + 1 :]
    )
