"""Decide what becomes of a batch of responses, and which rows that means: no SQL, no waiting.

Both databases drive it alike: reserve positions, read what is stored under the batch's ids
(`decide`), make the rows (`build`) and write them. It runs for every response, so it works on plain
tuples and dictionaries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias, cast
from uuid import UUID

from harken_server.database.values import StoredTime, to_time
from harken_server.kernel.ids import NOBODYS
from harken_server.kernel.local.zones import local_day
from harken_server.responses import codes
from harken_server.responses.response import NewResponse, OutcomeKind, StoreOutcome
from harken_server.responses.sequences import hidden_questions, judge
from harken_server.responses.store.counted import Counts, CountTable
from harken_server.responses.store.reviews import REVIEW, REVIEW_AFTER, encode_promise
from harken_server.responses.store.row import decode_answers, encode_answers, has_text

Key: TypeAlias = tuple[Any, Any]
"""(number of the survey, response id), as the database has them."""

PROMISE_COLUMNS = ("id", "workspace_id", "kind", "payload", "created_at", "due_at", "attempts")
"""Of the outbox."""


class Codec(NamedTuple):
    """How the database takes identifiers and times."""

    id: Callable[[UUID], Any]
    time: Callable[[datetime], Any]


class Rows:
    """Everything to write, in the order of the tables' columns."""

    def __init__(self) -> None:
        self.responses: list[tuple[Any, ...]] = []
        self.changes: list[tuple[Any, ...]] = []
        self.counts: dict[CountTable, list[tuple[Any, ...]]] = {}
        """Columns in the order of the table, the last one to be added to what is there."""
        self.claims: list[tuple[Any, Any, Any]] = []
        """(invitation, workspace, response), all three of each."""
        self.promises: list[tuple[Any, ...]] = []
        """Columns in the order of `PROMISE_COLUMNS`."""


class StoredRow(NamedTuple):
    """What is stored under an id of the batch, columns in the order they are read."""

    survey_number: int
    id: Any
    number: int
    version: int
    state: str
    sequence: int
    digest: bytes
    touchpoint: str
    channel: str
    updated_at: Any
    day: int
    standing: str
    dimensions: str
    answers: str
    position: int


class _Entry:
    """A response that this batch stores, as its latest accepted submission has it."""

    __slots__ = ("day", "first", "key", "new", "number", "old", "position")

    def __init__(self, key: Key, new: NewResponse, position: int, old: StoredRow | None) -> None:
        self.key = key
        self.first = new
        self.new = new
        self.old = old
        self.position = position
        if old is None:
            self.number = position
            self.day = local_day(new.answered_at or new.received_at, new.timezone)
        else:
            self.number, self.day = old.number, old.day


class ResponseBatch:
    """One batch on its way; use its methods in the order they are listed."""

    def __init__(self, news: Sequence[NewResponse], codec: Codec) -> None:
        self._news = news
        self._codec = codec
        self._ids: dict[int, Any] = {}
        self.keys: list[Key] = [(new.survey.number, codec.id(new.id)) for new in news]
        self.invitations: list[tuple[Any, Any]] = [
            (codec.id(new.invitation_id), self._id(new.survey.workspace_id))
            for new in news
            if new.is_single_use and new.invitation_id is not None
        ]
        """Single-use ones, each with its workspace, to look up who has claimed them so far."""
        self._entries: dict[Key, _Entry] = {}
        self._outcomes: list[StoreOutcome | None] = [None] * len(news)
        self._claims: list[tuple[Any, Any, Any]] = []

    def decide(
        self, position: int, stored: Iterable[Sequence[Any]], claimed: Iterable[Sequence[Any]]
    ) -> None:
        """Judge each submission.

        `position` is the last one taken before this batch, which has reserved one for each.
        """
        rows = {(row[0], row[1]): _stored_row(row) for row in stored}
        claims = {(row[0], row[1]): row[2] for row in claimed}
        for index, new in enumerate(self._news):
            key = self.keys[index]
            # Three may speak, the first that knows the id: this batch, which may hold the same
            # response twice; the database; nobody, and then it is new. Judging comes before the
            # invitation, so that a repeat of what is stored is never "already answered", and what
            # was refused claims nothing. An erased response answers "erased" to everything.
            entry = self._entries.get(key)
            old = rows.get(key) if rows else None
            if entry is not None:
                latest = entry.new
                there = (latest.sequence, latest.digest, state_of(latest), entry.position)
            else:
                there = old and (old.sequence, old.digest, old.state, old.position)
            if there is None:
                kind = "stored" if new.replaces is None else "outdated"
            else:
                kind = judge(new, there)
            if kind == "stored" and new.is_single_use and not self._claim(new, key, claims):
                kind = "already_answered"
            if kind == "stored":
                self._accept(key, new, position + 1 + index, entry, old)
                self._outcomes[index] = _outcome_of(kind, new)
            elif entry is not None:
                self._outcomes[index] = _outcome_of(kind, entry.new)
            elif old is not None:
                hidden = hidden_questions(decode_answers(old.answers))
                self._outcomes[index] = outcome_of_row(kind, old, hidden)
            else:
                self._outcomes[index] = StoreOutcome(kind)

    def build(self, lane: int) -> tuple[Rows | None, list[StoreOutcome]]:
        """The rows to write (None when there are none) and the outcomes, in the batch's order."""
        outcomes = [outcome for outcome in self._outcomes if outcome is not None]
        if not self._entries:
            return None, outcomes
        rows, counts = Rows(), Counts()
        rows.claims = self._claims
        for entry in self._entries.values():
            self._add_response(rows, counts, entry)
        rows.counts = counts.rows(lane)
        return rows, outcomes

    def _id(self, value: UUID) -> Any:
        """The same few workspaces and surveys come again and again; hashing a UUID is slow."""
        number = value.int
        known = self._ids.get(number)
        if known is None:
            known = self._ids[number] = self._codec.id(value)
        return known

    def _claim(self, new: NewResponse, key: Key, claims: dict[Any, Any]) -> bool:
        """Take the invitation for this response, unless another, perhaps of this batch, has it."""
        if new.invitation_id is None:
            return True
        invitation = (self._codec.id(new.invitation_id), self._id(new.survey.workspace_id))
        if invitation not in claims:
            return False
        holder = claims[invitation]
        own = self._codec.id(NOBODYS) if new.is_anonymous else key[1]
        if holder is None and (new.is_complete or not new.is_anonymous):
            claims[invitation] = own
            self._claims.append((*invitation, own))
        return holder is None or holder == key[1]

    def _accept(
        self, key: Key, new: NewResponse, position: int, entry: _Entry | None, old: StoredRow | None
    ) -> None:
        if entry is None:
            self._entries[key] = _Entry(key, new, position, old)
        else:
            entry.new = new
            entry.position = position

    def _add_response(self, rows: Rows, counts: Counts, entry: _Entry) -> None:
        new, old = entry.new, entry.old
        if new.review_id is not None:
            rows.promises.append(self._promise_row(new, new.review_id))
        survey, day = entry.key[0], entry.day
        if old is None:
            rows.responses.append(self._response_row(entry))
            standing = entry.first.standing
        else:
            rows.changes.append(self._change_row(entry))
            standing = old.standing
            # What was counted is taken back where it was counted: under the old version, touchpoint
            # and channel, and on the day of the first answers, which never moves.
            if standing == "counted":
                before = (survey, old.version, old.touchpoint, old.channel, day)
                counts.add(before, old.dimensions, decode_answers(old.answers), -1)
        if standing == "counted":
            group = (survey, new.version, new.touchpoint, new.channel, day)
            counts.add(group, new.dimensions, new.answers, 1)

    def _response_row(self, entry: _Entry) -> tuple[Any, ...]:
        new, first, time = entry.new, entry.first, self._codec.time
        received = time(new.received_at)
        started = new.started_at or first.started_at
        return (
            entry.number,
            entry.key[1],
            entry.key[0],
            *self._latest(entry),
            None if started is None else time(started),
            received if first is new else time(first.received_at),
            None if first.answered_at is None else time(first.answered_at),
            received,
            entry.day,
            new.is_sample,
            self._id_or_none(first.resume_digest or new.resume_digest),
            codes.STANDING_CODES[entry.first.standing],
            " ".join(sorted(first.flags)),
            *_content(new),
            " ".join(new.quotas),
            new.history,
            new.probability,
            0 if new.is_sheltered else None,
        )

    def _promise_row(self, new: NewResponse, promise_id: UUID) -> tuple[Any, ...]:
        workspace, now = self._id(new.survey.workspace_id), self._codec.time(new.received_at)
        due_at = self._codec.time(new.received_at + REVIEW_AFTER)
        payload = encode_promise(new.survey.id, new.id)
        return self._codec.id(promise_id), workspace, REVIEW, payload, now, due_at, 0

    def _change_row(self, entry: _Entry) -> tuple[Any, ...]:
        """Columns in the order of `change` statements; the number comes last."""
        new, time = entry.new, self._codec.time
        return (
            *self._latest(entry),
            None if new.started_at is None else time(new.started_at),
            time(new.received_at),
            self._id_or_none(new.resume_digest),
            *_content(new),
            " ".join(new.quotas),
            new.history,
            entry.number,
        )

    def _latest(self, entry: _Entry) -> tuple[Any, ...]:
        """Columns from `version` to `claimed`: they are those of the latest submission."""
        new = entry.new
        return (
            new.version,
            entry.position,
            codes.STATE_CODES[state_of(new)],
            new.sequence,
            new.digest,
            new.touchpoint, new.channel, new.locale, new.respondent,
            None if new.is_anonymous else self._id_or_none(new.invitation_id), new.context,
            codes.PROOF_CODES[new.proof], codes.PROOF_CODES[new.origin_proof], new.claimed,
        )  # fmt: skip

    def _id_or_none(self, given: UUID | None) -> Any:
        return None if given is None else self._codec.id(given)


def _stored_row(row: Sequence[Any]) -> StoredRow:
    stored = StoredRow(*row)
    return stored._replace(state=codes.STATES[row[4]], standing=codes.STANDINGS[row[11]])


def _content(new: NewResponse) -> tuple[str, str, bool]:
    """Dimensions, answers and whether there is a text."""
    return new.dimensions, encode_answers(new.answers), has_text(new.answers)


def _outcome_of(kind: OutcomeKind, new: NewResponse) -> StoreOutcome:
    """The outcome when `new` is what is stored."""
    hidden = hidden_questions(new.answers) if any(row[6] for row in new.answers) else ()
    return StoreOutcome(kind, new.version, new.sequence, new.is_complete, new.received_at, hidden)


def state_of(new: NewResponse) -> str:
    """The state that this submission leads to."""
    return "complete" if new.is_complete else "partial"


def outcome_of_row(kind: OutcomeKind, row: StoredRow, hidden: tuple[str, ...]) -> StoreOutcome:
    """The outcome when this row, with these answers hidden, is what is stored."""
    if kind == "erased":
        return StoreOutcome(kind)
    at: datetime = to_time(cast("StoredTime", row.updated_at))
    return StoreOutcome(kind, row.version, row.sequence, row.state == "complete", at, hidden)
