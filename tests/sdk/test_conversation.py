"""The logic of sending again: pure, so nothing here sleeps, and no network is near."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken._calls.conversation import Call, Reply, Wait, converse
from harken._calls.retry import RETRYABLE_STATUSES, retry_after_s, wait_before_retry
from harken._errors import RequestTimeoutError, TransportError

LOST = Reply(failure=TransportError("connection reset"))


def call(*, may_repeat: bool = True) -> Call[str]:
    return Call(
        method="POST",
        path="/v1/triggers",
        read=lambda reply: f"read {reply.status}",
        may_repeat=may_repeat,
    )


def hold(
    replies: list[Reply],
    *,
    may_repeat: bool = True,
    budget_s: float | None = None,
    times: Iterator[float] | None = None,
) -> tuple[str, list[Call[Any] | Wait]]:
    """Play the replies to a conversation of 3 attempts; its result and what it wanted done."""
    steps: list[Call[Any] | Wait] = []
    waiting = iter(replies)
    conversation = converse(
        call(may_repeat=may_repeat),
        max_attempts=3,
        random=lambda: 0.5,
        clock=lambda: next(times) if times else 0.0,
        budget_s=budget_s,
    )
    step = next(conversation)
    while True:
        steps.append(step)
        reply = Reply() if isinstance(step, Wait) else next(waiting)
        try:
            step = conversation.send(reply)
        except StopIteration as finished:
            return finished.value, steps


def test_a_good_answer_is_read_at_once() -> None:
    result, steps = hold([Reply(200)])

    assert result == "read 200"
    assert len(steps) == 1


@pytest.mark.parametrize("status", sorted(RETRYABLE_STATUSES))
def test_a_passing_failure_is_tried_again_after_a_wait(status: int) -> None:
    result, steps = hold([Reply(status), Reply(201)])

    assert result == "read 201"
    assert [type(step) for step in steps] == [Call, Wait, Call]


def test_a_lost_connection_is_tried_again() -> None:
    result, steps = hold([LOST, LOST, Reply(200)])

    assert result == "read 200"
    assert [step.seconds for step in steps if isinstance(step, Wait)] == [0.25, 0.5]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 422, 501])
def test_a_refusal_is_read_at_once(status: int) -> None:
    result, steps = hold([Reply(status)])

    assert result == f"read {status}"
    assert len(steps) == 1


def test_after_the_last_attempt_the_answer_is_read_whatever_it_is() -> None:
    result, steps = hold([Reply(503), Reply(503), Reply(503)])

    assert result == "read 503"
    assert len(steps) == 5


def test_after_the_last_attempt_a_lost_connection_is_raised() -> None:
    with pytest.raises(TransportError, match="connection reset"):
        hold([LOST, LOST, LOST])


def test_what_may_not_repeat_is_sent_once() -> None:
    result, steps = hold([Reply(503)], may_repeat=False)

    assert result == "read 503"
    assert len(steps) == 1
    with pytest.raises(TransportError):
        hold([LOST], may_repeat=False)


def test_a_long_retry_after_is_not_slept_but_handed_over() -> None:
    result, steps = hold([Reply(429, {"retry-after": "3600"})])

    assert result == "read 429"
    assert len(steps) == 1


def test_every_attempt_gets_what_is_left_of_the_budget() -> None:
    times = iter([0.0, 0.0, 1.0, 1.5])

    _, steps = hold([Reply(503), Reply(200)], budget_s=3.0, times=times)

    assert [step.timeout_s for step in steps if isinstance(step, Call)] == [3.0, 1.5]


def test_no_wait_begins_that_would_outlast_the_budget() -> None:
    times = iter([0.0, 0.0, 2.9])

    result, steps = hold([Reply(503)], budget_s=3.0, times=times)

    assert result == "read 503"
    assert len(steps) == 1


def test_no_attempt_begins_after_the_budget_is_spent() -> None:
    times = iter([0.0, 0.0, 2.0, 3.1])

    with pytest.raises(RequestTimeoutError):
        hold([LOST], budget_s=3.0, times=times)


@given(
    attempt=st.integers(0, 50),
    chance=st.floats(0, 1, exclude_max=True),
    status=st.sampled_from([None, *sorted(RETRYABLE_STATUSES)]),
)
def test_a_wait_is_never_negative_nor_long(attempt: int, chance: float, status: int | None) -> None:
    wait = wait_before_retry(attempt, status, {}, chance)

    assert wait is not None
    assert 0 <= wait <= min(8.0, 0.5 * 2**attempt)


@given(asked=st.integers(0, 30), chance=st.floats(0, 1, exclude_max=True))
def test_nobody_comes_back_before_the_time_asked_for(asked: int, chance: float) -> None:
    wait = wait_before_retry(0, 503, {"retry-after": str(asked)}, chance)

    assert wait is not None
    assert asked <= wait < asked + 0.5 + 1e-9


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "-7"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "\u0667"}, None),
        ({"retry-after": "Mon, 01 Jun 2026 10:00:09 GMT"}, None),
        (
            {
                "retry-after": "Mon, 01 Jun 2026 10:00:09 GMT",
                "date": "Mon, 01 Jun 2026 10:00:00 GMT",
            },
            9.0,
        ),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date_beside_the_replys_own(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after_s(headers) == seconds
