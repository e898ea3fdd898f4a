"""What a client offers about feedback that nobody was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Literal

from harken._calls import intake_calls
from harken._types.intake import IntakeItem, TakenIn

if TYPE_CHECKING:
    from harken._async.connection import AsyncConnection

SENT_AT_ONCE = 200


class AsyncIntake:
    """Take in reviews, social posts, call notes and tickets, as responses of a survey."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def __call__(
        self,
        source: str,
        items: Iterable[IntakeItem],
        *,
        kind: Literal["review", "social", "call", "ticket", "other"] = "review",
        title: str | None = None,
        scale: tuple[int, int] | None = None,
    ) -> TakenIn:
        """Store items under the key `source`, whose survey the first one makes; 200 sent at a time.

        `title` is that of a new source, `scale` what ratings lie between (1 and 5 unless said).
        What was refused is listed with its place and its reason; safe to repeat. Raises
        ConflictError for a key or a scale that is another one's.
        """
        fields = {
            "kind": kind,
            "title": title,
            "scale": None if scale is None else {"low": scale[0], "high": scale[1]},
        }
        waiting, done, taken = iter(items), 0, TakenIn(source=source)
        while some := list(islice(waiting, SENT_AT_ONCE)):
            now = await self._connection.run(intake_calls.take_in(source, some, fields))
            taken = intake_calls.add_up(taken, now, done)
            done += len(some)
        return taken
