"""The pivot: a response with its answers becomes one line of a file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

from harken_server.database.database import Row
from harken_server.exports.forms import Quote, Spelling, form_of, written
from harken_server.exports.rules import Column
from harken_server.exports.store.lines import text_of_id, text_of_time
from harken_server.kernel.numbers import number_text
from harken_server.kernel.sheet_cells import guard_text
from harken_server.kernel.sheet_files import Dialect
from harken_server.responses.codes import PROOFS, STANDINGS, STATES, claimed_names
from harken_server.responses.known import decode_context
from harken_server.responses.store.row import decode_document
from harken_server.surveys.answers.typed_rows import Sections, wire_answers
from harken_server.surveys.questions.types import Question

_TRUTH = ("0", "1")
_PROOF_CELLS = tuple(f"{_TRUTH[code > 0]},{proof}" for code, proof in enumerate(PROOFS))
T = TypeVar("T")
Pivot: TypeAlias = Callable[[Sections], list[T]]
"""From the answers of a response to the cells of the columns."""
_EXPONENT = re.compile(r"\d[eE][+-]?\d")


class Sheet(NamedTuple):
    """The columns of a file, and the questions that fill them."""

    columns: Sequence[Column]
    versions: Mapping[int, Mapping[str, Question]]
    """What each version asked."""
    latest: Mapping[str, Question]
    """All questions that ever were, as their latest versions have them."""

    def pivots(self, spelling: Spelling[T]) -> Callable[[int], Pivot[T]]:
        """The pivot of a version, made once."""

        @cache
        def pivot_of(version: int) -> Pivot[T]:
            asked = self.versions.get(version, self.latest)
            return make_pivot(self.columns, self.latest, asked, spelling)

        return pivot_of


def line_maker(survey: str, sheet: Sheet, dialect: Dialect) -> Callable[[Iterable[Row]], bytes]:
    """A function from responses to the bytes of their lines; texts are quoted, numbers bare.

    Rows are as `exports.store.lines` reads them.
    """
    quote, time_cell, line_end = _spelling_of(dialect)
    pivot_of, way_cells = sheet.pivots(written(quote)), _way_cells(quote)
    context_cell = _context_cell(quote)

    def make_lines(rows: Iterable[Row]) -> bytes:
        lines: list[str] = []
        # Unpacked rather than named in a record: that would be a tenth of the time of a line.
        for (
            id_, version, code, submitted_at, answered_at, started_at, updated_at, channel,
            touchpoint, locale, respondent, is_sample, context, proof, claimed,
            probability, origin, standing, flags, document,
        ) in rows:  # fmt: skip
            state = STATES[int(code)]
            completed = updated_at if state == "complete" else None
            answered = submitted_at if answered_at is None else answered_at
            # Of what waited on a device the end is when it was answered.
            ended = answered if completed == submitted_at else completed
            submitted, took = time_cell(submitted_at), duration_s(started_at, ended)
            said = decode_document(document)
            hidden = said.hidden and wire_answers(sheet.latest, said)[1]
            lines.append(
                f'{text_of_id(id_)},"{survey}",{version},"{state}",'
                f"{submitted},{submitted if answered_at is None else time_cell(answered)},"
                f"{time_cell(started_at)},{time_cell(completed)},{'' if took is None else took},"
                f"{way_cells(channel, touchpoint, locale)},"
                f"{'' if respondent is None else quote(respondent)},{_TRUTH[is_sample]},"
                f"{context_cell(context)},{_quoted(json_text(hidden)) if hidden else ''},"
                f"{_PROOF_CELLS[proof]},{claimed and quote(claimed_json(claimed, context))},"
                f"{'' if probability is None else number_text(probability)},{PROOFS[origin]},"
                f'"{STANDINGS[standing]}",{flags and _quoted(flags)},'
                f"{','.join(pivot_of(version)(said))}{line_end}"
            )
        return "".join(lines).encode()

    return make_lines


def _spelling_of(dialect: Dialect) -> tuple[Quote, Callable[[int | None], str], str]:
    """How a dialect writes a text, a time and the end of a line."""
    if dialect == "raw":
        return _quoted, text_of_time, "\n"
    return _quoted_and_guarded, _plain_time, "\r\n"


def _way_cells(quote: Quote) -> Callable[[str, str, str], str]:
    """The cells of channel, touchpoint and locale: many responses came the same way."""
    return lru_cache(maxsize=1024)(lambda *way: ",".join(map(quote, way)))


def _context_cell(quote: Quote) -> Callable[[str], str]:
    """The cell of a context: many responses came with the same."""

    @lru_cache(maxsize=1024)
    def cell(context: str) -> str:
        return quote(plain_json(context))

    return cell


def make_pivot(
    columns: Sequence[Column],
    latest: Mapping[str, Question],
    asked: Mapping[str, Question],
    spelling: Spelling[T],
) -> Pivot[T]:
    """For responses to the version of a survey that asked this; hidden answers stay out.

    What a column needs is looked up once, not for each line.
    """
    places: dict[str, dict[str, int]] = {}
    for place, column in enumerate(columns):
        places.setdefault(column.question, {})[column.part] = place
    forms = [
        (key, form_of(latest[key], of, spelling, _parts(asked.get(key))))
        for key, of in places.items()
    ]
    blank = [spelling.blank] * len(columns)

    def pivot(said: Sections) -> list[T]:
        cells, hidden = blank.copy(), said.hidden
        for key, fill in forms:
            if not hidden or key not in hidden:
                fill(said, cells)
        return cells

    return pivot


def _parts(question: Question | None) -> set[str]:
    return set() if question is None else {*question.sheet_columns()}


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _quoted_and_guarded(text: str) -> str:
    return _quoted(guard_text(text))


@lru_cache(maxsize=1024)
def _plain_time(time: int | None) -> str:
    return text_of_time(time)[:19].replace("T", " ")


def duration_s(started: int | None, ended: int | None) -> int | None:
    """Whole seconds between the seconds of both; None when a clock was wrong."""
    if started is None or ended is None or ended < started:
        return None
    return ended // 1000 - started // 1000


def claimed_json(claimed: str, context: str) -> str:
    """The list of the names of a context that are only claimed."""
    return json_text(claimed_names(claimed, decode_context(context)))


def plain_json(context: str) -> str:
    """A context as it is stored, with no exponent in its numbers."""
    return json_text(decode_context(context)) if _EXPONENT.search(context) else context


def json_text(value: Any) -> str:
    """JSON with numbers as they are in cells."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return (
            "{"
            + ",".join(f"{json_text(key)}:{json_text(item)}" for key, item in members.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, cast("list[Any]", value))) + "]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(value)
    return json.dumps(value, ensure_ascii=False)
