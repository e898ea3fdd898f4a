"""Triggers as `Call`s: one, or many at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from harken._calls.conversation import Call, Reply
from harken._calls.failures import error_from, unexpected
from harken._calls.reading import read_as
from harken._calls.request import JSON, without_none
from harken._errors import APIError
from harken._types.asking import TriggerOptions
from harken._types.decision import Decision
from harken._values import UnusableError, entries, flag_of, name_of, plain_value, text_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

TRIGGERS_AT_ONCE = 500
MOST_BATCH_BYTES = 3_500_000
"""Below the server's limit of 4 MiB."""
MOST_TRIGGER_BYTES = 1_000_000
"""More than the longest context and traits that the server takes."""
LONGEST_TRIGGER_S = 3.0
"""A trigger's time limit unless told otherwise: it runs where a customer waits for a page."""
BATCH_TIMEOUT_S = 30.0

_log = logging.getLogger("harken")

Outcome: TypeAlias = Decision | APIError
"""What became of one trigger of a batch."""


class _Result(msgspec.Struct, frozen=True):
    status: int
    decision: Decision | None = None
    problem: msgspec.Raw = msgspec.Raw(b"{}")


class _Results(msgspec.Struct, frozen=True):
    results: tuple[_Result, ...]


def trigger_body(touchpoint: str, **told: Unpack[TriggerOptions]) -> bytes:
    """One trigger as JSON. TypeError and ValueError for what cannot be one.

    What is told of person and moment is left out, with a warning, where it cannot be sent.
    """
    if unknown := told.keys() - TriggerOptions.__annotations__.keys():
        raise TypeError(f"a trigger takes no {', '.join(sorted(unknown))}")
    left_out: list[str] = []
    fields: dict[str, object] = {"touchpoint": name_of("touchpoint", touchpoint)}
    for field, value in without_none(told).items():
        fields[field] = _as_sent(field, value, left_out)
    for line in left_out:
        _log.warning("trigger %.64r goes without what cannot be sent: %s", touchpoint, line)
    body = msgspec.json.encode(without_none(fields))
    if len(body) > MOST_TRIGGER_BYTES:
        raise ValueError(f"a trigger has at most {MOST_TRIGGER_BYTES} bytes, not {len(body)}")
    return body


def _as_sent(field: str, value: Any, left_out: list[str]) -> object:
    """None for what is told in vain; a line is added to `left_out` where it should not be."""
    match field:
        case "respondent" | "channel" | "idempotency_key":
            return name_of(field, value)
        case "consent":
            return flag_of(field, value)
        case "send_at":
            if not isinstance(value, datetime) or value.tzinfo is None:
                raise ValueError("send_at must be an aware time: give it a zone, such as UTC")
            return plain_value(value)
        case "context" | "traits":
            found, lines = entries(field, value)
            left_out += lines
            return found
        case _:
            try:
                return text_of(field, value).strip() or None
            except UnusableError as error:
                left_out.append(str(error))
                return None


def trigger(body: bytes, idempotency_key: str) -> Call[Decision]:
    """POST /v1/triggers; the idempotency key makes a repeat get the first decision."""
    return Call(
        method="POST",
        path="/v1/triggers",
        headers=(JSON, ("Idempotency-Key", idempotency_key)),
        body=body,
        read=read_as(Decision),
        may_repeat=True,
    )


def trigger_batch(bodies: Sequence[bytes], *, may_repeat: bool) -> Call[tuple[Outcome, ...]]:
    """POST /v1/triggers with up to 500 bodies; each should have an idempotency key of its own."""
    return Call(
        method="POST",
        path="/v1/triggers",
        headers=(JSON,),
        body=b'{"triggers":[' + b",".join(bodies) + b"]}",
        read=_results_of(len(bodies)),
        may_repeat=may_repeat,
        timeout_s=BATCH_TIMEOUT_S,
    )


def batches(bodies: Sequence[bytes | None]) -> Iterator[list[int]]:
    """The places of the bodies that are sent together; what is None is left out."""
    places: list[int] = []
    size = 0
    for place, body in enumerate(bodies):
        if body is None:
            continue
        if len(places) == TRIGGERS_AT_ONCE or size + len(body) > MOST_BATCH_BYTES:
            yield places
            places, size = [], 0
        places.append(place)
        size += len(body) + 1
    if places:
        yield places


def _results_of(count: int) -> Callable[[Reply], tuple[Outcome, ...]]:
    read = read_as(_Results)

    def read_outcomes(reply: Reply) -> tuple[Outcome, ...]:
        results = read(reply).results
        if len(results) != count:
            raise unexpected(reply, f"{len(results)} results for {count} triggers")
        return tuple(_outcome(result) for result in results)

    return read_outcomes


def _outcome(result: _Result) -> Outcome:
    if result.decision is not None:
        return result.decision
    return error_from(Reply(status=result.status, content=bytes(result.problem)))
