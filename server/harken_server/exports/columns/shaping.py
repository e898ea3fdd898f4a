"""The columns and rows asked for, made of the typed table that all formats share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from harken_server.exports.options import HowWritten
from harken_server.exports.table import Block, TypedColumn, Value
from harken_server.http.problems import BadRequestError
from harken_server.kernel.numbers import number_text
from harken_server.responses.known import decode_context
from harken_server.workspaces.workspace import Dimension

CONTEXT, TRAIT, CURSOR = "context__", "trait__", "cursor"
MOST_KEY_CHARS = 64
Traits: TypeAlias = Mapping[str, Mapping[str, Any]]
"""What is known of people, by name."""


class Beside(NamedTuple):
    """What a row is made of besides its table's."""

    traits: Traits
    cursor: str


Take: TypeAlias = Callable[[Sequence[Value], Beside], Value]
"""A cell out of a row of the table."""


class Shape(NamedTuple):
    """Columns of a file, and where each one's cells come from."""

    columns: tuple[TypedColumn, ...]
    takes: tuple[Take, ...]

    @property
    def wants_traits(self) -> bool:
        """Whether people have to be looked up."""
        return any(column.name.startswith(TRAIT) for column in self.columns)

    def rows_of(self, block: Block, beside: Iterable[Beside]) -> list[list[Value]]:
        """The rows of the file."""
        return [
            [take(row, own) for take in self.takes] for row, own in zip(block, beside, strict=True)
        ]


def shape_of(
    there: Sequence[TypedColumn], query: HowWritten, dimensions: Sequence[Dimension]
) -> Shape:
    """The columns that the query asks for; BadRequestError names one that is not there, and all
    that are."""
    places = {column.name: place for place, column in enumerate(there)}
    names = _chosen_names(list(places), query.columns, dimensions)
    columns: list[TypedColumn] = []
    takes: list[Take] = []
    for name in names:
        if name in places:
            pairs = _of_table(there[places[name]], places[name], query.labels, places)
        else:
            pairs = [_of_others(name, places)]
        for column, take in pairs:
            columns.append(column)
            takes.append(take)
    return Shape(tuple(columns), tuple(takes))


def _chosen_names(
    known: Sequence[str], asked: str | None, dimensions: Sequence[Dimension]
) -> list[str]:
    if asked is None:
        return [*known]
    names: dict[str, None] = {}
    for each in filter(None, map(str.strip, asked.split(","))):
        found = _names_like(each, known, dimensions)
        if not found:
            raise BadRequestError(_unknown(each, known), code="bad_parameter")
        names |= dict.fromkeys(found)
    if not names:
        raise BadRequestError("columns names no column.", code="bad_parameter")
    return list(names)


def _names_like(asked: str, known: Sequence[str], dimensions: Sequence[Dimension]) -> Sequence[str]:
    if asked == CURSOR or asked in known:
        return [asked]
    for before, source in ((CONTEXT, "context"), (TRAIT, "trait")):
        if asked == f"{before}*":
            return [before + each.key for each in dimensions if each.source == source]
        if asked.startswith(before):
            key = asked.removeprefix(before)
            return [asked] if key and "*" not in key and len(key) <= MOST_KEY_CHARS else []
    if asked.endswith("*"):
        return [name for name in known if name.startswith(asked[:-1])]
    return []


def _unknown(asked: str, known: Sequence[str]) -> str:
    return (
        f"There is no column {asked!r}. There are: {', '.join(known)}; context__NAME and "
        "trait__NAME for a value of the context or of the person (* in place of NAME for the "
        "declared dimensions); cursor."
    )


def _of_table(
    column: TypedColumn, place: int, labels: str, taken: Mapping[str, int]
) -> list[tuple[TypedColumn, Take]]:

    def value(row: Sequence[Value], _: Beside) -> Value:
        return row[place]

    own: tuple[TypedColumn, Take] = column, value
    if labels == "values" or not column.labels or column.kind not in {"choice", "truth"}:
        return [own]
    words = column.labels

    def label(row: Sequence[Value], _: Beside) -> Value:
        cell = row[place]
        if cell is None:
            return None
        key = str(int(cell)) if isinstance(cell, bool) else str(cell)
        return words.get(key, key)

    if labels == "1":
        return [(column._replace(kind="choice", labels={}), label)]
    name = f"{column.name}__label"
    while name in taken:
        name = f"q_{name}"
    return [own, (TypedColumn(name, "choice", column.title, {}), label)]


def _of_others(name: str, places: Mapping[str, int]) -> tuple[TypedColumn, Take]:
    if name == CURSOR:
        title = "Where to go on after this row"
        return TypedColumn(name, "text", title, {}), lambda _, beside: beside.cursor
    for before, column in ((CONTEXT, "context"), (TRAIT, "traits")):
        if name.startswith(before) and column in places:
            return _of_object(name, name.removeprefix(before), places[column])
    key, who, proved = name.removeprefix(TRAIT), places["respondent"], places["respondent_verified"]

    def trait(row: Sequence[Value], beside: Beside) -> Value:
        return _text_of(beside.traits.get(str(row[who]), {}).get(key)) if row[proved] else None

    return TypedColumn(name, "text", key, {}), trait


def _of_object(name: str, key: str, place: int) -> tuple[TypedColumn, Take]:
    def member(row: Sequence[Value], _: Beside) -> Value:
        cell = row[place]
        return None if cell is None else _text_of(_context(str(cell)).get(key))

    return TypedColumn(name, "text", key, {}), member


@lru_cache(maxsize=1024)
def _context(text: str) -> Mapping[str, Any]:
    return decode_context(text)


def _text_of(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if isinstance(value, int | float) else str(value)
