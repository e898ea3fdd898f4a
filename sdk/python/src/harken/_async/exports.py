"""What a client offers under `exports`: files of responses, streamed or made in the background."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import aclosing
from typing import TYPE_CHECKING, Literal, TypeAlias, overload

from harken._calls import export_calls, survey_calls
from harken._calls.conversation import Call
from harken._errors import RequestTimeoutError, TransportError
from harken._files import Writable, opened_target
from harken._types.export import CsvOptions, DecisionOptions, ExportJob, ExportOptions
from harken._values import Id

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from harken._async.connection import AsyncConnection

Target: TypeAlias = "str | os.PathLike[str] | Writable"
"""Where a file goes."""
DecisionFormat: TypeAlias = Literal["csv", "jsonl", "xlsx", "parquet"]
POLL_S = 1.0
MOST_BREAKS = 20
"""A download that breaks off so often without a byte between two breaks is given up."""


class AsyncExports:
    """Take responses away as files. Nothing is held in memory, however many there are.

    Given a path, the file appears there whole or not at all; given an open binary file, it is
    written to; both return how many bytes. Given neither, the bytes are iterated over.
    `from_` and `to` are days, both included.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @overload
    def csv(
        self, survey: str, path_or_file: None = None, **options: Unpack[CsvOptions]
    ) -> AsyncIterator[bytes]: ...

    @overload
    def csv(
        self, survey: str, path_or_file: Target, **options: Unpack[CsvOptions]
    ) -> Awaitable[int]: ...

    def csv(
        self, survey: str, path_or_file: Target | None = None, **options: Unpack[CsvOptions]
    ) -> AsyncIterator[bytes] | Awaitable[int]:
        """One row a response, one column a question; columns never move.

        The dialect `spreadsheet` opens right in Excel and Sheets and defuses formulas; `raw` is
        for programs. `columns`, `labels`, `header`, `tz`, `layout`, `locale`, `latest` and `after`
        say what stands in the file.
        """
        return self._deliver(survey_calls.export(survey, "csv", options), path_or_file)

    @overload
    def jsonl(
        self, survey: str, path_or_file: None = None, **options: Unpack[ExportOptions]
    ) -> AsyncIterator[bytes]: ...

    @overload
    def jsonl(
        self, survey: str, path_or_file: Target, **options: Unpack[ExportOptions]
    ) -> Awaitable[int]: ...

    def jsonl(
        self, survey: str, path_or_file: Target | None = None, **options: Unpack[ExportOptions]
    ) -> AsyncIterator[bytes] | Awaitable[int]:
        """One JSON object a line, one line a response; by column where columns are asked for."""
        return self._deliver(survey_calls.export(survey, "jsonl", options), path_or_file)

    @overload
    def xlsx(
        self, survey: str, path_or_file: None = None, **options: Unpack[ExportOptions]
    ) -> AsyncIterator[bytes]: ...

    @overload
    def xlsx(
        self, survey: str, path_or_file: Target, **options: Unpack[ExportOptions]
    ) -> Awaitable[int]: ...

    def xlsx(
        self, survey: str, path_or_file: Target | None = None, **options: Unpack[ExportOptions]
    ) -> AsyncIterator[bytes] | Awaitable[int]:
        """A workbook: typed cells and no formula, a codebook; texts stay texts."""
        return self._deliver(survey_calls.export(survey, "xlsx", options), path_or_file)

    @overload
    def parquet(
        self, survey: str, path_or_file: None = None, **options: Unpack[ExportOptions]
    ) -> AsyncIterator[bytes]: ...

    @overload
    def parquet(
        self, survey: str, path_or_file: Target, **options: Unpack[ExportOptions]
    ) -> Awaitable[int]: ...

    def parquet(
        self, survey: str, path_or_file: Target | None = None, **options: Unpack[ExportOptions]
    ) -> AsyncIterator[bytes] | Awaitable[int]:
        """Typed columns with their labels; the server needs its extra `parquet`."""
        return self._deliver(survey_calls.export(survey, "parquet", options), path_or_file)

    @overload
    def spss(
        self, survey: str, path_or_file: None = None, **options: Unpack[ExportOptions]
    ) -> AsyncIterator[bytes]: ...

    @overload
    def spss(
        self, survey: str, path_or_file: Target, **options: Unpack[ExportOptions]
    ) -> Awaitable[int]: ...

    def spss(
        self, survey: str, path_or_file: Target | None = None, **options: Unpack[ExportOptions]
    ) -> AsyncIterator[bytes] | Awaitable[int]:
        """A `.sav` file with labels; the server needs its extra `spss`, and limits the rows."""
        return self._deliver(survey_calls.export(survey, "sav", options), path_or_file)

    @overload
    def decisions(
        self,
        path_or_file: None = None,
        *,
        format: DecisionFormat = "csv",
        **options: Unpack[DecisionOptions],
    ) -> AsyncIterator[bytes]: ...

    @overload
    def decisions(
        self,
        path_or_file: Target,
        *,
        format: DecisionFormat = "csv",
        **options: Unpack[DecisionOptions],
    ) -> Awaitable[int]: ...

    def decisions(
        self,
        path_or_file: Target | None = None,
        *,
        format: DecisionFormat = "csv",
        **options: Unpack[DecisionOptions],
    ) -> AsyncIterator[bytes] | Awaitable[int]:
        """Whether people were asked, and why: one row a decision, of all surveys unless one is
        named."""
        return self._deliver(export_calls.export_decisions(format, options), path_or_file)

    async def start(
        self, survey: str, format: str = "csv", **options: Unpack[CsvOptions]
    ) -> ExportJob:
        """Have the server make a file in the background; `wait` for it, then `download` it."""
        return await self._connection.run(export_calls.start_export(survey, format, options))

    async def get(self, id: Id) -> ExportJob:
        """How far it is."""
        return await self._connection.run(export_calls.get_export(id))

    async def list(self) -> tuple[ExportJob, ...]:
        """The newest 100, newest first."""
        return await self._connection.run(export_calls.list_exports())

    async def remove(self, id: Id) -> None:
        """Take the file away; its address ends."""
        await self._connection.run(export_calls.remove_export(id))

    async def wait(self, job: ExportJob | Id, *, timeout_s: float = 600) -> ExportJob:
        """The job when nothing more will become of it: `done`, `failed` or `removed`.

        Raises RequestTimeoutError when that takes longer; the server goes on.
        """
        # Imported here because it brings what imports of `harken` alone do without.
        from harken._async.waiting import pause

        ends_at = time.monotonic() + timeout_s
        while True:
            found = await self.get(job.id if isinstance(job, ExportJob) else job)
            if found.is_over:
                return found
            if time.monotonic() + POLL_S > ends_at:
                raise RequestTimeoutError(
                    f"export {found.id} is not done within {timeout_s:g} s: "
                    f"{found.rows_done} rows of {found.rows_total}"
                )
            await pause(POLL_S)

    async def download(self, job: ExportJob, path_or_file: Target) -> int:
        """The finished file, as `csv` writes it; taken up where the connection breaks.

        Raises ConfigError when there is no file, and says why.
        """
        written, breaks = 0, 0
        with opened_target(path_or_file) as file:
            while True:
                begin = written
                try:
                    call = export_calls.take_file(job, begin)
                    async with aclosing(self._connection.stream(call)) as pieces:
                        async for piece in pieces:
                            file.write(piece)
                            written += len(piece)
                except TransportError:
                    breaks = breaks + 1 if written == begin else 0
                    if breaks >= MOST_BREAKS:
                        raise
                if written >= (job.size or 0):
                    return written

    def _deliver(
        self, call: Call[None], path_or_file: Target | None
    ) -> AsyncIterator[bytes] | Awaitable[int]:
        if path_or_file is None:
            return self._connection.stream(call)
        return self._save(call, path_or_file)

    async def _save(self, call: Call[None], target: Target) -> int:
        written = 0
        with opened_target(target) as file:
            async with aclosing(self._connection.stream(call)) as pieces:
                async for piece in pieces:
                    file.write(piece)
                    written += len(piece)
        return written
