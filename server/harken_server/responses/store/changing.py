"""Change a stored response without a submission: its standing, its flags, its end.

Each change is a change of the feed, in the lane of this process, so that pulls see it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

from harken_server.database.database import Database, Transaction
from harken_server.responses.codes import ERASED, PARTIAL, STANDING_CODES, STANDINGS, STATES
from harken_server.responses.response import ResponseState, Standing
from harken_server.responses.store.counted import Counts
from harken_server.responses.store.releasing import withdraw
from harken_server.responses.store.row import decode_answers
from harken_server.responses.store.selection import OF_SURVEY

Beside: TypeAlias = Callable[[Transaction], Awaitable[None]]
"""What is stored together with a change, and not at all where nothing changes."""

_MOVE_FEED = "UPDATE feed SET position = position + 1 WHERE lane = $1 RETURNING position"
# Statements that change nothing, and lock the row on both databases until the end. The feed comes
# first, then the response, then its counts, as in the writer, which has the same lane: whoever
# began at the other end would meet it half way.
_HOLD_FEED = "UPDATE feed SET position = position WHERE lane = $1"
_HOLD = f"""
UPDATE response SET position = position WHERE {OF_SURVEY} AND id = $3
RETURNING number, survey_number, version, touchpoint, channel, day, state, standing, flags,
  dimensions, answers, block
"""  # noqa: S608  # our own words


class _Held:
    """A response that nobody else can change until the transaction ends."""

    def __init__(
        self, tx: Transaction, lane: int, row: tuple[Any, ...], beside: Beside | None
    ) -> None:
        self._tx = tx
        self._lane = lane
        self._beside = beside
        self.number, self._group = row[0], row[1:6]
        self.state: ResponseState = STATES[row[6]]
        self.standing: Standing = STANDINGS[row[7]]
        self.flags, self._dimensions, self._answers, self._block = row[8:]

    async def move_counts(self, step: int) -> None:
        """Add its visible answers to the counts (1), or take them out (-1): those that are shown
        only with it go with it, for good."""
        counts = Counts()
        if step < 0 and self._block:
            await withdraw(self._tx, self._lane, self._group[0], self._block, self.number, counts)
        counts.add(self._group, self._dimensions, decode_answers(self._answers), step)
        await counts.store(self._tx, self._lane)

    async def change(self, assignments: str, *params: Any) -> int:
        """Set columns, with `$3` and on for values, and tell the feed; gives the new position."""
        moved = await self._tx.execute(_MOVE_FEED, self._lane)
        await self._tx.execute(
            f"UPDATE response SET position = $1, {assignments} WHERE number = $2",  # noqa: S608  # our own words
            moved[0][0],
            self.number,
            *params,
        )
        if self._beside is not None:
            await self._beside(self._tx)
        return moved[0][0]

    def flags_with(self, flags: Iterable[str]) -> str:
        """Its flags and these, as they are stored."""
        return " ".join(sorted({*self.flags.split(), *flags}))


async def set_standing(  # noqa: PLR0917  # which one, and what it becomes
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    response_id: UUID,
    standing: Standing,
    beside: Beside | None = None,
) -> bool:
    """Give a response another standing and move its counts with it; False when there is none.

    The same standing again changes nothing, and so does any for an erased response.
    """
    async with _held(db, workspace_id, survey_id, response_id, beside) as held:
        if held is None or held.state == "erased" or held.standing == standing:
            return held is not None
        if "counted" in {held.standing, standing}:
            await held.move_counts(1 if standing == "counted" else -1)
        await held.change("standing = $3", STANDING_CODES[standing])
    return True


async def reopen_response(
    db: Database, workspace_id: UUID, survey_id: UUID, response_id: UUID
) -> bool:
    """Let a response take answers again; what counted is provisional until it is judged anew.

    For an answer that may be changed by its respondent. False, with nothing changed, when there is
    none or it was erased.
    """
    async with _held(db, workspace_id, survey_id, response_id) as held:
        if held is None or held.state == "erased":
            return False
        is_counted = held.standing == "counted"
        if is_counted:
            await held.move_counts(-1)
        await held.change(
            f"{PARTIAL}, standing = $3",
            STANDING_CODES["provisional" if is_counted else held.standing],
        )
    return True


async def add_flags(
    db: Database, workspace_id: UUID, survey_id: UUID, response_id: UUID, flags: Iterable[str]
) -> None:
    """Mark a response for review; it counts as before. Flags are words without spaces."""
    async with _held(db, workspace_id, survey_id, response_id) as held:
        if held is None or held.state == "erased":
            return
        merged = held.flags_with(flags)
        if merged != held.flags:
            await held.change("flags = $3", merged)


async def quarantine_response(
    db: Database, workspace_id: UUID, survey_id: UUID, response_id: UUID, flags: Iterable[str]
) -> int | None:
    """Flag a response, and take it out of the counts if it is in them; its new position.

    None, with nothing changed, when there is none, it was erased, or it has these flags already:
    whoever counted it since has seen them.
    """
    async with _held(db, workspace_id, survey_id, response_id) as held:
        if held is None or held.state == "erased" or {*flags} <= {*held.flags.split()}:
            return None
        standing = held.standing
        if standing == "counted":
            await held.move_counts(-1)
            standing = "quarantined"
        code = STANDING_CODES[standing]
        return await held.change("standing = $3, flags = $4", code, held.flags_with(flags))


async def erase_response(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    response_id: UUID,
    beside: Beside | None = None,
) -> bool:
    """Blank a response for ever and lower the counts; False when there is none.

    Its id stays taken, so no late repeat brings it back. Erasing again changes nothing.
    """
    async with _held(db, workspace_id, survey_id, response_id, beside) as held:
        if held is None or held.state == "erased":
            return held is not None
        if held.standing == "counted":
            await held.move_counts(-1)
        await held.change(
            f"{ERASED}, digest = $4, locale = '', respondent = NULL, invitation_id = NULL,"
            " context = '{}', started_at = NULL, flags = '', dimensions = '', answers = '{}',"
            " proof = 0, origin_proof = 0, claimed = '', quotas = '', history = '',"
            " probability = NULL, has_text = $3",
            False,
            b"",
        )
    return True


@asynccontextmanager
async def _held(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    response_id: UUID,
    beside: Beside | None = None,
) -> AsyncGenerator[_Held | None]:
    async with db.transaction() as tx:
        lane = db.lane
        await tx.execute(_HOLD_FEED, lane)
        row = await tx.fetch_one(_HOLD, workspace_id, survey_id, response_id)
        yield None if row is None else _Held(tx, lane, row, beside)
