"""What tells a program from a person: its speed, a field that people do not see, equal forms.

A sign moves a response out of the scores and deletes nothing. So nothing is one that a person might
give: no address or browser by itself, no missing script, no short answer that many give alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from harken_server.surveys.answers.typed_rows import AnswerRow

Sign: TypeAlias = Literal["too_quick", "hidden_field", "repeated_form"]
"""Kept as flags of the response.

too_quick: a page came back sooner than anybody reads and presses. hidden_field: it has something in
a field that is shown to nobody. repeated_form: the same words came too often."""

FASTEST_PAGE = timedelta(milliseconds=500)
"""From making a page to its return: seeing something and choosing between two keys alone takes 0.4
to 0.5 s (Card, Moran and Newell 1983), and the page travels twice and is drawn besides."""
FASTEST_CHOICE = timedelta(milliseconds=100)
"""For each further choice: nobody taps faster than 6 to 8 times a second."""


class Limit(NamedTuple):
    """How often equal forms are nobody's concern."""

    is_of_client: bool
    """Whether only those of one client are equal."""
    is_whole: bool
    """Whether all answers must be equal, and not only the comments."""
    min_characters: int
    """Shorter comments are given alike by many people."""
    passes: int
    within: timedelta


LIMITS = (
    Limit(True, True, 12, 10, timedelta(minutes=10)),
    Limit(False, True, 25, 20, timedelta(hours=1)),
    Limit(False, False, 60, 5, timedelta(hours=24)),
)

MOST_PASSES = 40
"""However lax the judgement is: which ones passed is remembered."""


def is_too_quick(
    opened_at: datetime | None, sent_at: datetime, choices: int, strictness: int
) -> bool:
    """Whether no person can have read a page and made so many choices on it.

    `opened_at` is when the server made the first page of the sitting; None: it cannot be told. What
    a link, a browser or an app filled in is no choice.
    """
    if opened_at is None:
        return False
    fastest = FASTEST_PAGE + FASTEST_CHOICE * max(0, choices - 1)
    return sent_at - opened_at < fastest * strictness / 100


def choices_in(rows: Iterable[AnswerRow], made: Collection[str]) -> int:
    """How many choices were made in these questions; what is written is none.

    >>> choices_in([AnswerRow("nps", rating=9), AnswerRow("why", text="Quick")], {"nps", "why"})
    1
    """
    chosen = (row for row in rows if row.rating is not None or row.choice is not None)
    return sum(row.question in made for row in chosen)


def passes(limit: Limit, strictness: int) -> int:
    """How many equal forms count: the first two always do, and never more than can be remembered.

    >>> [passes(LIMITS[2], strictness) for strictness in (1, 50, 100, 400)]
    [40, 10, 5, 2]
    """
    return max(2, min(MOST_PASSES, limit.passes * 100 // strictness))


def digests_of(
    key: bytes, place: bytes, client: bytes, rows: Iterable[AnswerRow], comments: Collection[str]
) -> list[tuple[Limit, bytes]]:
    """What equal forms have in common under each limit that the comments are long enough for.

    `place` is the survey, `comments` are its questions that are answered in own words. Nobody
    without the key, which no file has, can find words, answers or clients in it.
    """
    rows = [row for row in rows if not row.is_hidden]
    said = sorted(
        (row.question, " ".join(row.text.casefold().split()))
        for row in rows
        if row.text and row.question in comments
    )
    length = sum(len(text) for _, text in said)
    if length < min(limit.min_characters for limit in LIMITS):
        return []
    others = sorted(
        (row.question, row.part, row.rating, row.number, row.choice, row.text)
        for row in rows
        if row.question not in comments
    )
    return [
        (limit, _digest(key, number, place, client if limit.is_of_client else b"", (said, whole)))
        for number, limit in enumerate(LIMITS)
        if length >= limit.min_characters
        for whole in (others if limit.is_whole else (),)
    ]


def _digest(key: bytes, number: int, place: bytes, client: bytes, said: object) -> bytes:
    content = b"\0".join((b"%d" % number, place, client, msgspec.json.encode(said)))
    return hashlib.blake2b(content, key=key, digest_size=16).digest()
