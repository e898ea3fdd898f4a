"""Triggers as `Call`s: one, or many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from harken._calls.conversation import Call, Reply
from harken._calls.failures import error_from, unexpected
from harken._calls.reading import read_as
from harken._calls.request import JSON, without_none
from harken._errors import APIError
from harken._types.decision import Decision

TRIGGERS_AT_ONCE = 500
MOST_BATCH_BYTES = 3_500_000
"""Below the server's limit of 4 MiB."""
MOST_TRIGGER_BYTES = 1_000_000
"""More than the longest context and traits that the server takes."""
LONGEST_TRIGGER_S = 3.0
"""A trigger's time limit unless told otherwise: it runs where a customer waits for a page."""
BATCH_TIMEOUT_S = 30.0

Outcome: TypeAlias = Decision | APIError
"""What became of one trigger of a batch."""


class _Result(msgspec.Struct, frozen=True):
    status: int
    decision: Decision | None = None
    problem: msgspec.Raw = msgspec.Raw(b"{}")


class _Results(msgspec.Struct, frozen=True):
    results: tuple[_Result, ...]


def trigger_body(
    touchpoint: str,
    *,
    respondent: str | None = None,
    channel: str = "api",
    context: Mapping[str, Any] | None = None,
    locale: str | None = None,
    traits: Mapping[str, Any] | None = None,
    email: str | None = None,
    phone: str | None = None,
    timezone: str | None = None,
    consent: bool | None = None,
    send_at: datetime | None = None,
    idempotency_key: str | None = None,
) -> bytes:
    """One trigger as JSON. TypeError and ValueError for what cannot be one."""
    if not touchpoint:
        raise ValueError("touchpoint must not be empty")
    if send_at is not None and send_at.tzinfo is None:
        raise ValueError("send_at must be aware: give it a time zone, such as UTC")
    fields = {
        "touchpoint": touchpoint,
        "respondent": respondent,
        "channel": channel,
        "context": None if context is None else dict(context),
        "locale": locale,
        "traits": None if traits is None else dict(traits),
        "email": email,
        "phone": phone,
        "timezone": timezone,
        "consent": consent,
        "send_at": send_at,
        "idempotency_key": idempotency_key,
    }
    body = msgspec.json.encode(without_none(fields))
    if len(body) > MOST_TRIGGER_BYTES:
        raise ValueError(f"a trigger has at most {MOST_TRIGGER_BYTES} bytes, not {len(body)}")
    return body


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
