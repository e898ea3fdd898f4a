"""Judge a submission beside what is stored under its id."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, cast

from harken_server.database.rows import StoredTime
from harken_server.database.values import to_time
from harken_server.responses.response import NewResponse, OutcomeKind, StoreOutcome


class StoredRow(NamedTuple):
    """What is stored under an id of the batch, columns in the order they are read."""

    survey_id: Any
    id: Any
    number: int
    version: int
    state: str
    sequence: int
    digest: str
    touchpoint: str
    channel: str
    updated_at: Any
    day: int
    standing: str
    dimensions: str
    answers: str


def compare(new: NewResponse, sequence: int, digest: str, state: str) -> OutcomeKind:
    """What a submission is, beside what is stored under its id."""
    # In this order: erasing is final; then a submission is compared with its own sequence, so that
    # a repeat stays one after completion; only a later one can be too late ("finished"), and it is
    # taken when it says that it follows what is stored.
    if state == "erased":
        return "erased"
    if new.sequence == sequence:
        return "repeated" if new.digest == digest else "conflict"
    if new.sequence < sequence:
        return "superseded"
    if state == "complete":
        return "finished"
    return "stored" if new.replaces == sequence else "outdated"


def state_of(new: NewResponse) -> str:
    """The state that this submission leads to."""
    return "complete" if new.is_complete else "partial"


def outcome_of_row(kind: OutcomeKind, row: StoredRow, hidden: tuple[str, ...]) -> StoreOutcome:
    """The outcome when this row, with these answers hidden, is what is stored."""
    if kind == "erased":
        return StoreOutcome(kind)
    updated_at: datetime = to_time(cast("StoredTime", row.updated_at))
    is_complete = row.state == "complete"
    return StoreOutcome(kind, row.version, row.sequence, is_complete, updated_at, hidden)
