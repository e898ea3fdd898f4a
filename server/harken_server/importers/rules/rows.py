"""What a row says: an item of feedback, an event, or why it is neither."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec.inspect import StrType, StructType, UnionType, type_info

from harken_server.events.rules import ToldEvent, check_event
from harken_server.importers.rules.fields import KEPT, Field, FileKind, fields_of
from harken_server.importers.rules.understood import Choices
from harken_server.importers.rules.written import DAY_ORDERS, read_number, read_time
from harken_server.intake.rules import Item, Scale, problem_of_item

Told = TypeVar("Told", bound=msgspec.Struct)
_TEXTS = ("text", "link", "respondent", "touchpoint", "locale")
SHOWN_CHARS = 40
"""Of a cell that is quoted in a sentence."""


class Flaw(NamedTuple):
    """Why a row is not taken."""

    column: str
    """Its name; empty: the row as a whole."""
    why: str


class Reading(NamedTuple):
    """All that the meaning of a row depends on."""

    kind: FileKind
    names: Sequence[str]
    choices: Choices
    source: str
    """Key of the source; part of the id of a row that has none."""
    scale: Scale
    zone: tzinfo
    now: datetime

    def named(self, field: Field) -> str:
        """The column that is this field; without one what the field is called."""
        columns = self.choices.columns
        is_there = field in columns and columns.index(field) < len(self.names)
        return self.names[columns.index(field)] if is_there else fields_of(self.kind)[field].label


class RowError(Exception):
    """Raised with a `Flaw` in the middle of a row."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.why)
        self.flaw = flaw


def read_row(reading: Reading, cells: Sequence[str]) -> Item | ToldEvent | Flaw:
    """What the row says, or what is wrong with it."""
    width = len(reading.names)
    if any(cell.strip() for cell in cells[width:]):
        return Flaw("", f"there are {len(cells)} cells, and {width} columns: is a quote missing?")
    if any("\x00" in cell for cell in cells):
        return Flaw("", "it holds NUL, a character that nothing may hold")
    row = {name: cells[n] if n < len(cells) else "" for n, name in enumerate(reading.names)}
    columns = zip(reading.choices.columns, row.values(), strict=False)
    said = {field: cell.strip() for field, cell in columns if field in fields_of(reading.kind)}
    try:
        found = _event(reading, row, said) if reading.kind == "events" else _item(
            reading, row, said
        )  # fmt: skip
    except RowError as error:
        return error.flaw
    return found


def _item(reading: Reading, row: Mapping[str, str], said: Mapping[Field, str]) -> Item:
    body: dict[str, Any] = {name: said[name] for name in _TEXTS if said.get(name)}
    # the same name as the command `harken import` gives it, so that either may come again
    body["id"] = said.get("id") or str(
        uuid5(NAMESPACE_URL, repr((reading.source, sorted(row.items()))))
    )
    body["at"] = _time(reading, said)
    if said.get("rating"):
        body["rating"] = _rating(reading, said["rating"])
    item = _convert(reading, body | _kept(reading, row, "context"), Item)
    problem = problem_of_item(item, reading.now)
    if problem is not None:
        raise RowError(Flaw(reading.named(problem.path) if problem.path else "", problem.message))
    return item


def _event(reading: Reading, row: Mapping[str, str], said: Mapping[Field, str]) -> ToldEvent:
    if not said.get("respondent"):
        raise RowError(Flaw(reading.named("respondent"), "it does not say who"))
    name = re.sub(r"[^\w.]+", "_", (said.get("name") or reading.choices.event).lower())
    if not name:
        raise RowError(Flaw(reading.named("name"), "it does not say what happened"))
    body: dict[str, Any] = {
        "id": uuid5(NAMESPACE_URL, said.get("id") or repr(sorted(row.items()))),
        "respondent": said["respondent"],
        "name": name,
        "at": _time(reading, said),
    }
    if said.get("value"):
        body["value"] = _number(reading, "value", said["value"])
    event = _convert(reading, body | _kept(reading, row, "properties"), ToldEvent)
    problem = next(check_event(event, reading.now), None)
    if problem is not None:
        raise RowError(Flaw("", problem.message.removeprefix("$.")))
    return event


def _kept(reading: Reading, row: Mapping[str, str], name: str) -> dict[str, Any]:
    columns = zip(reading.choices.columns, row.items(), strict=False)
    kept = {column: cell for field, (column, cell) in columns if field == KEPT and cell}
    return {name: kept} if kept else {}


def _time(reading: Reading, said: Mapping[Field, str]) -> datetime:
    cell, order = said.get("at", ""), reading.choices.order or "iso"
    if not cell:
        raise RowError(Flaw(reading.named("at"), "the date is missing"))
    try:
        return read_time(cell, order, reading.zone)
    except ValueError:
        why = f"{quoted(cell)} cannot be read as a date like {DAY_ORDERS[order]}"
        raise RowError(Flaw(reading.named("at"), why)) from None


def _rating(reading: Reading, cell: str) -> int:
    number, (low, high) = _number(reading, "rating", cell), (reading.scale.low, reading.scale.high)
    if number != int(number):
        raise RowError(Flaw(reading.named("rating"), f"{quoted(cell)} is no whole number"))
    if not low <= number <= high:
        why = f"{quoted(cell)} does not lie between {low} and {high}"
        raise RowError(Flaw(reading.named("rating"), why))
    return int(number)


def _number(reading: Reading, field: Field, cell: str) -> float:
    try:
        return read_number(cell, reading.choices.decimal)
    except ValueError:
        raise RowError(Flaw(reading.named(field), f"{quoted(cell)} is no number")) from None


def _convert(reading: Reading, body: dict[str, Any], kind: type[Told]) -> Told:
    for field, most in _limits(kind).items():
        if len(str(body.get(field, ""))) > most:
            why = f"at most {most:,} characters, and there are {len(str(body[field])):,}"
            raise RowError(Flaw(reading.named(field), why))
    try:
        return msgspec.convert(body, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        field = re.split(r"[`\[.]", path)[0]
        column = reading.named(field) if field in fields_of(reading.kind) else ""
        raise RowError(Flaw(column, f"{field}: {message}" if field and not column else message)
        ) from None  # fmt: skip


@cache
def _limits(kind: type[msgspec.Struct]) -> dict[str, int]:
    """How many characters each text of it may have."""
    found: dict[str, int] = {}
    for field in cast("StructType", type_info(kind)).fields:
        types = field.type.types if isinstance(field.type, UnionType) else (field.type,)
        for each in types:
            if isinstance(each, StrType) and each.max_length is not None:
                found[field.name] = each.max_length
    return found


def quoted(cell: str) -> str:
    """A cell in a sentence, cut where it is long."""
    return f"“{cell[:SHOWN_CHARS]}…”" if len(cell) > SHOWN_CHARS else f"“{cell}”"
