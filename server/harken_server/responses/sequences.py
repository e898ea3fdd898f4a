"""What several submissions of one response come to, in whatever order they arrive.

Each name that a submission has something to say about (an answer, a key taken back, a touchpoint,
one name of the context) belongs to the highest sequence that says it. A lower one that arrives late
adds what no higher one says: what that gave or took back stays. So the order of arrival makes no
difference. A response of one first submission has no history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from harken_server.responses.response import NewResponse, OutcomeKind, StoredResponse, StoreOutcome
from harken_server.responses.submission import Submission
from harken_server.surveys.answers.typed_rows import AnswerRow

MOST_TAKEN = 200
"""Sequences that are remembered one by one. A repeat of an earlier one changes nothing, and its
receipt is made as for one that comes late."""
_FACTS = ("touchpoint", "channel", "locale", "respondent", "started_at")
"""What stays when a later sequence leaves it out, besides answers and context."""


class Taken(msgspec.Struct, array_like=True, frozen=True):
    """One sequence that was stored: what a repeat of it is compared and answered with."""

    digest: bytes
    by: bytes
    """Whose it was, as `giver` has it."""
    received_at: datetime
    is_complete: bool
    hidden: tuple[str, ...]


class History(msgspec.Struct, omit_defaults=True, frozen=True):
    """All sequences of a response, and which one of them has the say about what."""

    taken: dict[int, Taken] = msgspec.field(default={}, name="s")
    named: dict[str, int] = msgspec.field(default={}, name="n")
    """By name the highest sequence that says something; what is not in it: 1, or none."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(History).decode


def judge(new: NewResponse, there: tuple[int, bytes, str, int]) -> OutcomeKind:
    """What becomes of it beside the sequence, digest, state and position that are there."""
    kind = compare(new.sequence, new.digest, there[:3])
    if kind is not None and (kind == "erased" or not new.is_late):
        return kind
    # It is taken when it says that it goes on from exactly what is stored.
    is_unchanged = new.replaces == there[0] and new.seen_position in {None, there[3]}
    return "stored" if is_unchanged else "outdated"


def compare(sequence: int, digest: bytes, stored: tuple[int, bytes, str]) -> OutcomeKind | None:
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


def find_outcome(stored: StoredResponse, sequence: int, digest: bytes) -> StoreOutcome | None:
    """What a submission comes to without storing anything; None when it must be merged.

    A repeat is answered as it was the first time, whatever came since.
    """
    kind = compare(sequence, digest, (stored.sequence, stored.digest, stored.state))
    if kind is None or kind in {"erased", "finished"}:
        return kind and StoreOutcome(kind)
    taken = history_of(stored).taken.get(sequence)
    if taken is None:
        return None
    is_same = digest == taken.digest
    return _outcome("repeated" if is_same else "conflict", stored.version, sequence, taken)


def outcome_of(history: str, sequence: int, outcome: StoreOutcome) -> StoreOutcome:
    """The outcome for one sequence, given that of the response."""
    return _outcome(outcome.kind, outcome.version, sequence, _decode(history).taken[sequence])


def history_of(stored: StoredResponse) -> History:
    """What is known of the sequences; the row itself tells it while there is only the first."""
    if stored.history:
        return _decode(stored.history)
    hidden = hidden_questions(stored.answers)
    is_complete = stored.state == "complete"
    by = giver(stored.resume_digest)
    taken = Taken(stored.digest, by, stored.updated_at, is_complete, hidden)
    return History({stored.sequence: taken})


def add_to_history(
    stored: StoredResponse | None, submission: Submission, taken: Taken, keys: Collection[str]
) -> str:
    """The history with a submission, as it is stored. `keys` are those of all questions."""
    sequence = submission.sequence
    if stored is None and sequence == 1:
        return ""
    before = History() if stored is None else history_of(stored)
    sequences = before.taken | {sequence: taken}
    latest = sorted({*sorted(sequences)[-MOST_TAKEN:], sequence})
    named = dict(before.named)
    for name in _names(submission, keys):
        named[name] = max(sequence, named.get(name, 0))
    after = History({number: sequences[number] for number in latest}, named)
    return _encode(after).decode()


def without_said(submission: Submission, stored: StoredResponse) -> Submission:
    """A submission that comes late, without what a higher sequence says."""
    named, sequence = history_of(stored).named, submission.sequence

    def is_news(name: str) -> bool:
        return named.get(name, 0) < sequence

    said: dict[str, Any] = {name: None for name in _FACTS if not is_news(f":{name}")}
    return msgspec.structs.replace(
        submission,
        answers={key: given for key, given in submission.answers.items() if is_news(key)},
        cleared=tuple(key for key in submission.cleared if is_news(key)),
        context={name: said for name, said in submission.context.items() if is_news(f"@{name}")},
        **said,
    )


def answered_by(stored: StoredResponse, by: bytes) -> frozenset[str]:
    """Keys of the stored answers that came with this secret."""
    history = history_of(stored)
    own = {number for number, taken in history.taken.items() if taken.by == by}
    keys = {row.question for row in stored.answers}
    return frozenset(key for key in keys if history.named.get(key, 1) in own)


def giver(resume_digest: UUID | None) -> bytes:
    """Whoever knows a secret: 64 bits of its digest; nothing for those who have none."""
    return b"" if resume_digest is None else resume_digest.bytes[:8]


def _outcome(kind: OutcomeKind, version: int, sequence: int, taken: Taken) -> StoreOutcome:
    told = taken.is_complete, taken.received_at, taken.hidden
    return StoreOutcome(kind, version, sequence, *told)


def hidden_questions(rows: Iterable[AnswerRow]) -> tuple[str, ...]:
    """Keys of hidden answers, sorted, so that a repeat gets the same receipt."""
    hidden = {row[0] for row in rows if row[6]}
    return tuple(sorted(hidden)) if hidden else ()


def _names(submission: Submission, keys: Collection[str]) -> Iterator[str]:
    yield from (key for key in (*submission.answers, *submission.cleared) if key in keys)
    yield from (f":{name}" for name in _FACTS if getattr(submission, name) is not None)
    yield from (f"@{name}" for name in submission.context)
