"""What tells a program from a person: its speed, a field that people do not see, equal forms.

A sign moves a response out of the scores and deletes nothing. So nothing is one that a person might
give: no address or browser by itself, no missing script, no short answer that many give alike.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID

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
FEWEST_CHARACTERS = min(limit.min_characters for limit in LIMITS)
"""Of comments that are compared at all, blanks at their ends left out."""

MOST_PASSES = 40
"""However lax the judgement is: which ones passed is remembered."""
MOST_FORMS = 10_000
"""Kept at once, the latest: about 6 MB at most, and 16 MB where twice as many pass."""


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
    if length < FEWEST_CHARACTERS:
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


class _Equal:
    """Forms that are equal: since when, and the first responses with them."""

    __slots__ = ("ids", "since")

    def __init__(self, since: datetime) -> None:
        self.since = since
        self.ids: list[int] = []


class RepeatedForms:
    """What this process has been sent lately, by digests whose key goes with the process.

    Each process counts for itself, so that of several each lets as many pass.
    """

    def __init__(self, key: bytes, strictness: int) -> None:
        self.key = key
        self.strictness = strictness
        """In percent; 0: nothing is judged."""
        self._seen: OrderedDict[bytes, _Equal] = OrderedDict()

    def digests(self) -> list[bytes]:
        """All that is known of the forms, the latest last."""
        return list(self._seen)

    def is_repeated(
        self, digests: Iterable[tuple[Limit, bytes]], response_id: UUID, now: datetime
    ) -> bool:
        """Whether there were as many responses with an equal form as pass; notes this one.

        The same response is one, however often it is sent.
        """
        repeated = [self._is_one_more(*each, hash(response_id), now) for each in digests]
        return any(repeated)

    def _is_one_more(self, limit: Limit, digest: bytes, number: int, now: datetime) -> bool:
        equal = self._seen.pop(digest, None)
        if equal is None or not equal.since <= now < equal.since + limit.within:
            equal = _Equal(now)
        self._seen[digest] = equal
        if len(self._seen) > MOST_FORMS:
            self._seen.popitem(last=False)
        if number in equal.ids:
            return False
        if len(equal.ids) >= passes(limit, self.strictness):
            return True
        equal.ids.append(number)
        return False


def _digest(key: bytes, number: int, place: bytes, client: bytes, said: object) -> bytes:
    content = b"\0".join((b"%d" % number, place, client, msgspec.json.encode(said)))
    return hashlib.blake2b(content, key=key, digest_size=16).digest()
