"""One row a response: its answers as a document, what of them is counted, and its record.

    {"r": {"recommend": 9}, "c": {"reason": "price"}, "t": {"why": "Too slow."}}

In a document `r` holds ratings and places, `n` numbers, `c` chosen values, `t` texts, each by the
question or by `question.part`; `h` lists questions that were hidden. One answer may stand in two of
them: a ranking has `c` and `r`, an "other" choice `c` and `t`. What is empty is left out.

Counts of a question are a document as well: by the value, or by `part.value`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Row
from harken_server.database.values import to_bool, to_time, to_uuid
from harken_server.responses.codes import PROOFS, STANDINGS, STATES
from harken_server.responses.response import StoredResponse
from harken_server.responses.store.selection import OF_SURVEY
from harken_server.surveys.answers.typed_rows import (
    AnswerRow,
    Sections,
)

CountedValue: TypeAlias = tuple[str, str, str]
"""(question, part, value); part and value are empty in a base."""

_encode = msgspec.json.Encoder().encode
decode_document = msgspec.json.Decoder(Sections).decode
"""The sections of a document."""
_decode_numbers = msgspec.json.Decoder(dict[str, int]).decode


def encode_answers(rows: Iterable[AnswerRow]) -> str:
    """The document of the rows.

    >>> encode_answers([AnswerRow("recommend", rating=9), AnswerRow("why", text="Slow.")])
    '{"r":{"recommend":9},"t":{"why":"Slow."}}'
    """
    document = Sections()
    for question, part, rating, number, choice, text, is_hidden in rows:
        name = f"{question}.{part}" if part else question
        if rating is not None:
            document.ratings[name] = rating
        if number is not None:
            document.numbers[name] = number
        if choice is not None:
            document.choices[name] = choice
        if text is not None:
            document.texts[name] = text
        if is_hidden and question not in document.hidden:
            document.hidden.append(question)
    return _encode(document).decode()


def decode_answers(text: str | bytes) -> list[AnswerRow]:
    """The rows of a document, by question and part.

    >>> decode_answers('{"c":{"reason":"other"},"t":{"reason":"Noise"},"h":["reason"]}')
    [AnswerRow(question='reason', part='', rating=None, number=None, choice='other', text='Noise', \
is_hidden=True)]
    """
    document = decode_document(text)
    rating, number, choice = document.ratings, document.numbers, document.choices
    words, hidden = document.texts, document.hidden
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


def has_text(rows: Iterable[AnswerRow]) -> bool:
    """Whether somebody wrote something that may be listed."""
    return any(row.text is not None and not row.is_hidden for row in rows)


def decode_counts(text: str) -> list[tuple[str, str, int]]:
    """Part, value and number of what a row counts; part and value are empty in a base.

    >>> decode_counts('{"":2,"price.price":2,"9":1}')
    [('', '', 2), ('price', 'price', 2), ('', '9', 1)]
    """
    return [(*split_value(value), n) for value, n in _decode_numbers(text).items()]


def split_value(value: str) -> tuple[str, str]:
    """The part and the value by which a row of counts has a number."""
    part, _, value = value.rpartition(".")
    return part, value


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
    *((name, to_uuid) for name in ("id", "invitation_id", "resume_digest")),
    *((name, to_time) for name in ("started_at", "submitted_at", "answered_at", "updated_at")),
    *((name, to_bool) for name in ("is_sample",)),
    ("state", STATES.__getitem__),
    ("standing", STANDINGS.__getitem__),
    ("proof", PROOFS.__getitem__),
    ("origin_proof", PROOFS.__getitem__),
    ("flags", lambda flags: tuple(flags.split())),
    ("answers", decode_answers),
)
_ANSWERED = "COALESCE(r.answered_at, r.submitted_at)"
SELECTED = ", ".join(_ANSWERED if name == "answered_at" else f"r.{name}" for name in _FIELDS)
"""What to select from `response r` for `stored_response`."""
SELECT_RESPONSES = f"SELECT {SELECTED} FROM response r WHERE r.{OF_SURVEY}"  # noqa: S608  # ours
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
