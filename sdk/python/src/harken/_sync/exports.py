# Generated from _async/exports.py by tools/make_sync.py: edit that one.
# fmt: off
"""What a client offers under `exports`: files of responses, streamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, TypeAlias, overload

from harken._calls import survey_calls
from harken._calls.conversation import Call
from harken._files import Writable, opened_target
from harken._types.export import CsvOptions, ExportOptions

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from harken._sync.connection import Connection

Target: TypeAlias = "str | os.PathLike[str] | Writable"
"""Where a file goes."""


class Exports:
    """Take responses away as files. Nothing is held in memory, however many there are.

    Given a path, the file appears there whole or not at all; given an open binary file, it is
    written to; both return how many bytes. Given neither, the bytes are iterated over.
    What can be asked, says `ExportOptions`.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @overload
    def csv(
        self, survey: str, path_or_file: None = None, **wanted: Unpack[CsvOptions]
    ) -> Iterator[bytes]: ...

    @overload
    def csv(
        self, survey: str, path_or_file: Target, **wanted: Unpack[CsvOptions]
    ) -> int: ...

    def csv(
        self, survey: str, path_or_file: Target | None = None, **wanted: Unpack[CsvOptions]
    ) -> Iterator[bytes] | int:
        """One row a response, one column a question; columns never move."""
        return self._deliver(survey_calls.export(survey, "csv", **wanted), path_or_file)

    @overload
    def jsonl(
        self, survey: str, path_or_file: None = None, **wanted: Unpack[ExportOptions]
    ) -> Iterator[bytes]: ...

    @overload
    def jsonl(
        self, survey: str, path_or_file: Target, **wanted: Unpack[ExportOptions]
    ) -> int: ...

    def jsonl(
        self, survey: str, path_or_file: Target | None = None, **wanted: Unpack[ExportOptions]
    ) -> Iterator[bytes] | int:
        """One JSON object a line, one line a response."""
        return self._deliver(survey_calls.export(survey, "jsonl", **wanted), path_or_file)

    @overload
    def xlsx(
        self, survey: str, path_or_file: None = None, **wanted: Unpack[ExportOptions]
    ) -> Iterator[bytes]: ...

    @overload
    def xlsx(
        self, survey: str, path_or_file: Target, **wanted: Unpack[ExportOptions]
    ) -> int: ...

    def xlsx(
        self, survey: str, path_or_file: Target | None = None, **wanted: Unpack[ExportOptions]
    ) -> Iterator[bytes] | int:
        """A workbook: typed cells, no formulas, a codebook; texts stay texts."""
        return self._deliver(survey_calls.export(survey, "xlsx", **wanted), path_or_file)

    @overload
    def parquet(
        self, survey: str, path_or_file: None = None, **wanted: Unpack[ExportOptions]
    ) -> Iterator[bytes]: ...

    @overload
    def parquet(
        self, survey: str, path_or_file: Target, **wanted: Unpack[ExportOptions]
    ) -> int: ...

    def parquet(
        self, survey: str, path_or_file: Target | None = None, **wanted: Unpack[ExportOptions]
    ) -> Iterator[bytes] | int:
        """Typed columns with their labels; the server needs its extra `parquet`."""
        return self._deliver(survey_calls.export(survey, "parquet", **wanted), path_or_file)

    @overload
    def spss(
        self, survey: str, path_or_file: None = None, **wanted: Unpack[ExportOptions]
    ) -> Iterator[bytes]: ...

    @overload
    def spss(
        self, survey: str, path_or_file: Target, **wanted: Unpack[ExportOptions]
    ) -> int: ...

    def spss(
        self, survey: str, path_or_file: Target | None = None, **wanted: Unpack[ExportOptions]
    ) -> Iterator[bytes] | int:
        """A `.sav` file with labels; the server needs its extra `spss`, and limits the rows."""
        return self._deliver(survey_calls.export(survey, "sav", **wanted), path_or_file)

    def _deliver(
        self, call: Call[None], path_or_file: Target | None
    ) -> Iterator[bytes] | int:
        if path_or_file is None:
            return self._connection.stream(call)
        return self._save(call, path_or_file)

    def _save(self, call: Call[None], target: Target) -> int:
        written = 0
        with opened_target(target) as file:
            with closing(self._connection.stream(call)) as pieces:
                for piece in pieces:
                    file.write(piece)
                    written += len(piece)
        return written
