"""The logic of one request, without I/O: a generator that says what to do next and is told how it
went. Both clients run it; tests run it without a network or a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Generic, TypeVar

import msgspec

from harken._calls.retry import wait_before_retry
from harken._errors import RequestTimeoutError, TransportError

T = TypeVar("T")


class Reply(msgspec.Struct, frozen=True):
    """How an attempt went: an answer with a status, or a failure without one."""

    status: int | None = None
    headers: Mapping[str, str] = {}
    content: bytes = b""
    failure: TransportError | None = None
    """Why there is no answer, when there is none."""


class Call(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One request as a value, with the function that reads its answer."""

    method: str
    path: str
    read: Callable[[Reply], T]
    """Turns any answer into the result, or raises the error it stands for."""
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    may_repeat: bool = False
    """Sending it twice does no more than sending it once: idempotent, or carrying a key."""
    timeout_s: float | None = None
    """Seconds for connecting and for each wait for bytes; None is the client's own."""


class Wait(msgspec.Struct, frozen=True):
    """Do nothing for this long."""

    seconds: float


def converse(
    call: Call[T],
    *,
    max_attempts: int,
    random: Callable[[], float],
    clock: Callable[[], float],
    budget_s: float | None = None,
) -> Generator[Call[T] | Wait, Reply, T]:
    """Send, and send again while that may help; return the decoded answer or raise.

    Yields what to do and is sent the Reply to a Call (a Wait's is ignored). With `budget_s`, no
    attempt is given more than what is left of it, and no wait is begun that would outlast it.
    """
    ends_at = None if budget_s is None else clock() + budget_s
    reply = Reply()
    for attempt in range(max_attempts):
        reply = yield _within(call, None if ends_at is None else ends_at - clock())
        wait = None
        if call.may_repeat and attempt + 1 < max_attempts and _failed(reply):
            wait = wait_before_retry(attempt, reply.status, reply.headers, random())
        if wait is None or (ends_at is not None and clock() + wait >= ends_at):
            break
        yield Wait(wait)
    if reply.status is None:
        raise reply.failure or TransportError("no answer came back")
    return call.read(reply)


def _failed(reply: Reply) -> bool:
    return reply.status is None or reply.status >= 400


def _within(call: Call[T], left_s: float | None) -> Call[T]:
    if left_s is None:
        return call
    if left_s <= 0:
        raise RequestTimeoutError("the time allowed ran out before an answer came")
    return msgspec.structs.replace(call, timeout_s=left_s)
