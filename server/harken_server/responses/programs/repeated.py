"""Which forms came before: in memory, for a day at most, and never as words or addresses."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from harken_server.responses.programs.rules import Limit, passes

MOST_FORMS = 10_000
"""Kept at once, the latest: about 6 MB at most, and 16 MB where twice as many pass."""


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
