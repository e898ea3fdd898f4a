"""What a client offers under `exports`: files of responses, streamed."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable
from contextlib import aclosing
from datetime import date
from typing import TYPE_CHECKING, Literal, overload

from harken._calls import survey_calls
from harken._calls.conversation import Call
from harken._files import Writable, opened_target

if TYPE_CHECKING:
    from harken._async.connection import AsyncConnection


class AsyncExports:
    """Take responses away as files. Nothing is held in memory, however many there are.

    Given a path, the file appears there whole or not at all; given an open binary file, it is
    written to; both return how many bytes. Given neither, the bytes are iterated over.
    `from_` and `to` are days, both included; `segment` and `repeated` are those of scores.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @overload
    def csv(
        self,
        survey: str,
        path_or_file: None = None,
        *,
        dialect: Literal["raw", "spreadsheet"] = "raw",
        from_: date | str | None = None,
        to: date | str | None = None,
        touchpoint: str | None = None,
        channel: str | None = None,
        version: int | None = None,
        where: str | None = None,
        segment: str | None = None,
        repeated: str | None = None,
        standing: str | None = None,
    ) -> AsyncIterator[bytes]: ...

    @overload
    def csv(
        self,
        survey: str,
        path_or_file: str | os.PathLike[str] | Writable,
        *,
        dialect: Literal["raw", "spreadsheet"] = "raw",
        from_: date | str | None = None,
        to: date | str | None = None,
        touchpoint: str | None = None,
        channel: str | None = None,
        version: int | None = None,
        where: str | None = None,
        segment: str | None = None,
        repeated: str | None = None,
        standing: str | None = None,
    ) -> Awaitable[int]: ...

    def csv(
        self,
        survey: str,
        path_or_file: str | os.PathLike[str] | Writable | None = None,
        *,
        dialect: Literal["raw", "spreadsheet"] = "raw",
        from_: date | str | None = None,
        to: date | str | None = None,
        touchpoint: str | None = None,
        channel: str | None = None,
        version: int | None = None,
        where: str | None = None,
        segment: str | None = None,
        repeated: str | None = None,
        standing: str | None = None,
    ) -> AsyncIterator[bytes] | Awaitable[int]:
        """One row a response, one column a question; columns never move.

        The dialect `spreadsheet` opens right in Excel and Sheets and defuses formulas; `raw` is
        for programs.
        """
        call = survey_calls.export(
            survey,
            "csv",
            dialect=dialect,
            from_=from_,
            to=to,
            touchpoint=touchpoint,
            channel=channel,
            version=version,
            where=where,
            segment=segment,
            repeated=repeated,
            standing=standing,
        )
        return self._deliver(call, path_or_file)

    @overload
    def jsonl(
        self,
        survey: str,
        path_or_file: None = None,
        *,
        from_: date | str | None = None,
        to: date | str | None = None,
        touchpoint: str | None = None,
        channel: str | None = None,
        version: int | None = None,
        where: str | None = None,
        segment: str | None = None,
        repeated: str | None = None,
        standing: str | None = None,
    ) -> AsyncIterator[bytes]: ...

    @overload
    def jsonl(
        self,
        survey: str,
        path_or_file: str | os.PathLike[str] | Writable,
        *,
        from_: date | str | None = None,
        to: date | str | None = None,
        touchpoint: str | None = None,
        channel: str | None = None,
        version: int | None = None,
        where: str | None = None,
        segment: str | None = None,
        repeated: str | None = None,
        standing: str | None = None,
    ) -> Awaitable[int]: ...

    def jsonl(
        self,
        survey: str,
        path_or_file: str | os.PathLike[str] | Writable | None = None,
        *,
        from_: date | str | None = None,
        to: date | str | None = None,
        touchpoint: str | None = None,
        channel: str | None = None,
        version: int | None = None,
        where: str | None = None,
        segment: str | None = None,
        repeated: str | None = None,
        standing: str | None = None,
    ) -> AsyncIterator[bytes] | Awaitable[int]:
        """One JSON object a line, one line a response."""
        call = survey_calls.export(
            survey,
            "jsonl",
            from_=from_,
            to=to,
            touchpoint=touchpoint,
            channel=channel,
            version=version,
            where=where,
            segment=segment,
            repeated=repeated,
            standing=standing,
        )
        return self._deliver(call, path_or_file)

    def _deliver(
        self, call: Call[None], path_or_file: str | os.PathLike[str] | Writable | None
    ) -> AsyncIterator[bytes] | Awaitable[int]:
        if path_or_file is None:
            return self._connection.stream(call)
        return self._save(call, path_or_file)

    async def _save(self, call: Call[None], target: str | os.PathLike[str] | Writable) -> int:
        written = 0
        with opened_target(target) as file:
            async with aclosing(self._connection.stream(call)) as pieces:
                async for piece in pieces:
                    file.write(piece)
                    written += len(piece)
        return written
