"""One row a response: its answers as a document, what of them is counted, and its record.

    {"r": {"recommend": 9}, "c": {"reason": "price"}, "t": {"why": "Too slow."}}

In a document `r` holds ratings and places, `n` numbers, `c` chosen values, `t` texts, each by the
question or by `question.part`; `h` lists questions that were hidden. One answer may stand in two of
them: a ranking has `c` and `r`, an "other" choice `c` and `t`. What is empty is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Row, Transaction
from harken_server.database.many_rows import insert_many
from harken_server.database.values import to_bool, to_time, to_uuid
from harken_server.responses.response import StoredResponse
from harken_server.surveys.answers.typed_rows import (
    AnswerRow,
    AnswerValue,
    Sections,
    wire_answers,
)
from harken_server.surveys.questions.types import Question

CountedValue: TypeAlias = tuple[str, str, str]
"""(question, part, value) as the counts table has them; part and value are empty in a base."""
_COUNT_TYPES = (
    ("workspace_id", "uuid"), ("survey_id", "uuid"), ("version", "int"), ("touchpoint", "text"),
    ("channel", "text"), ("day", "int"), ("dimension", "text"), ("member", "text"),
    ("question", "text"), ("part", "text"), ("value", "text"), ("lane", "int"), ("n", "bigint"),
)  # fmt: skip
COUNT_COLUMNS = tuple(name for name, _ in _COUNT_TYPES)
COUNT_KEY = (
    "survey_id, dimension, member, question, part, value, version, touchpoint, channel, day, lane"
)

_ADD_COUNTS = f"({COUNT_KEY}) DO UPDATE SET n = answer_count.n + excluded.n"
_COUNTS_AT_ONCE = 200
"""SQLite takes several times as long to read one statement for thousands of rows."""


class _Document(msgspec.Struct, omit_defaults=True):
    r: dict[str, int] = {}
    n: dict[str, float] = {}
    c: dict[str, str] = {}
    t: dict[str, str] = {}
    h: list[str] = []


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Document).decode


def encode_answers(rows: Iterable[AnswerRow]) -> str:
    """The document of the rows.

    >>> encode_answers([AnswerRow("recommend", rating=9), AnswerRow("why", text="Slow.")])
    '{"r":{"recommend":9},"t":{"why":"Slow."}}'
    """
    document = _Document()
    for question, part, rating, number, choice, text, is_hidden in rows:
        name = f"{question}.{part}" if part else question
        if rating is not None:
            document.r[name] = rating
        if number is not None:
            document.n[name] = number
        if choice is not None:
            document.c[name] = choice
        if text is not None:
            document.t[name] = text
        if is_hidden and question not in document.h:
            document.h.append(question)
    return _encode(document).decode()


def decode_answers(text: str | bytes) -> list[AnswerRow]:
    """The rows of a document, by question and part.

    >>> decode_answers('{"c":{"reason":"other"},"t":{"reason":"Noise"},"h":["reason"]}')
    [AnswerRow(question='reason', part='', rating=None, number=None, choice='other', text='Noise', \
is_hidden=True)]
    """
    document = _decode(text)
    rating, number, choice, words = document.r, document.n, document.c, document.t
    hidden = document.h
    rows: list[AnswerRow] = []
    # A full stop sorts before whatever a key is made of: names sort as (question, part) does.
    for name in sorted({**rating, **number, **choice, **words}):
        question, _, part = name.partition(".")
        rows.append(
            AnswerRow(
                question,
                part,
                rating.get(name),
                number.get(name),
                choice.get(name),
                words.get(name),
                bool(hidden) and question in hidden,
            )
        )
    return rows


def wire_form(
    questions: Mapping[str, Question], text: str | bytes
) -> tuple[dict[str, AnswerValue], dict[str, AnswerValue]]:
    """The visible and the hidden answers of a document, as `wire_answers` gives them."""
    said = _decode(text)
    return wire_answers(questions, Sections(said.r, said.n, said.c, said.t, said.h))


def has_text(rows: Iterable[AnswerRow]) -> bool:
    """Whether somebody wrote something that may be listed."""
    return any(row.text is not None and not row.is_hidden for row in rows)


class Counts:
    """What a transaction adds to the counts."""

    def __init__(self) -> None:
        self._groups: dict[tuple[Any, ...], dict[CountedValue, int]] = {}

    def add(
        self, group: tuple[Any, ...], dimensions: str, answers: Iterable[AnswerRow], step: int
    ) -> None:
        """Count one response in (1) or out (-1) of its group, as a whole and in each dimension.

        A group is (workspace, survey, version, touchpoint, channel, day).
        """
        counted = counted_values(answers)
        for place in [("", ""), *(members_of(dimensions) if dimensions else ())]:
            values = self._groups.setdefault((*group, *place), {})
            for value in counted:
                values[value] = values.get(value, 0) + step

    def rows(self, lane: int) -> list[tuple[Any, ...]]:
        """The rows to add, without those that come to nothing."""
        rows = [
            (*group, *value, lane, n)
            for group, values in self._groups.items()
            for value, n in values.items()
            if n
        ]
        # In one order everywhere: two transactions that met half way would block each other.
        rows.sort()
        return rows

    async def store(self, tx: Transaction, lane: int) -> None:
        """Add them to what is counted in a lane."""
        rows = self.rows(lane)
        for start in range(0, len(rows), _COUNTS_AT_ONCE):
            some = rows[start : start + _COUNTS_AT_ONCE]
            await insert_many(tx, "answer_count", _COUNT_TYPES, some, _ADD_COUNTS)


def encode_members(members: Mapping[str, str]) -> str:
    """The member of each dimension as a response has them: JSON, empty for none.

    >>> encode_members({"store": "17"}), members_of('{"store":"17"}'), encode_members({})
    ('{"store":"17"}', [('store', '17')], '')
    """
    return msgspec.json.encode(members).decode() if members else ""


def members_of(dimensions: str) -> list[tuple[str, str]]:
    """Each dimension with the member of it that a response belongs to."""
    return list(msgspec.json.decode(dimensions, type=dict[str, str]).items())


def counted_values(rows: Iterable[AnswerRow]) -> list[CountedValue]:
    """Under what the counts table counts one response: its values, and one base a question.

    Ratings count by their number, choices by their stored value, a ranking by its place.
    A question answered in several parts also counts once with empty part and value: its base,
    the people who answered it. Hidden answers, texts, numbers and dates are never counted.
    """
    counted: list[CountedValue] = []
    bases: set[str] | None = None  # made when needed: most responses have no such question
    for question, part, rating, _, choice, _, is_hidden in rows:
        if is_hidden:
            continue
        if part:
            bases = set() if bases is None else bases
            if question not in bases:
                bases.add(question)
                counted.append((question, "", ""))
        if rating is not None:
            counted.append((question, part, str(rating)))
        elif choice is not None:
            counted.append((question, part, choice))
    return counted


_FIELDS = StoredResponse.__struct_fields__
_CONVERSIONS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    *((name, to_uuid) for name in ("id", "survey_id", "invitation_id", "resume_digest")),
    *((name, to_time) for name in ("started_at", "submitted_at", "updated_at", "completed_at")),
    *((name, to_bool) for name in ("is_sample", "is_verified")),
    ("flags", lambda flags: tuple(flags.split())),
    ("answers", decode_answers),
)
SELECTED = ", ".join(f"r.{name}" for name in _FIELDS)
"""What to select from `response r` for `stored_response`."""
SELECT_RESPONSES = (
    f"SELECT {SELECTED} FROM response r WHERE r.workspace_id = $1 AND r.survey_id = $2"  # noqa: S608
)
"""For further conditions, with `$3` and on."""


async def get_response(
    db: Database, workspace_id: UUID, survey_id: UUID, response_id: UUID
) -> StoredResponse | None:
    """One response with its answers, from one snapshot; an erased one is an empty tombstone."""
    row = await db.fetch_one(
        f"{SELECT_RESPONSES} AND r.id = $3", workspace_id, survey_id, response_id
    )
    return None if row is None else stored_response(row)


def stored_response(row: Row) -> StoredResponse:
    """The response of a row of `SELECTED`; its answers are in the order of question and part."""
    values = dict(zip(_FIELDS, row, strict=True))
    for name, convert in _CONVERSIONS:
        values[name] = convert(values[name])
    return StoredResponse(**values)
