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


def compare(sequence: int, digest: str, stored: tuple[int, str, str]) -> OutcomeKind | None:
    """What a submission is beside what is stored under its id; None when it goes on from there.

    `stored` is the sequence, digest and state found there.
    """
    # In this order: erasing is final; then a submission is compared with its own sequence, so that
    # a repeat stays one after completion; only a later one can be too late ("finished").
    stored_sequence, stored_digest, state = stored
    if state == "erased":
        return "erased"
    if sequence == stored_sequence:
        return "repeated" if digest == stored_digest else "conflict"
    if sequence < stored_sequence:
        return "superseded"
    return "finished" if state == "complete" else None


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
