"""Many requests in a row, and what of them a server may not do: how to send one again is told."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from asgi_caller import Sent, Told
from fuzz_requests import Requests
from fuzz_shop import renew
from fuzz_stage import Stage

RENEWED_EVERY = 500
MOST_TOLD = 5
COUNT, SEED, ONLY = "HARKEN_TEST_FUZZ", "HARKEN_TEST_FUZZ_SEED", "HARKEN_TEST_FUZZ_ONLY"
"""How many requests in all, the seed, and the number of the only request to send."""
IN_ALL = {"quick": 2_000, "test": 20_000, "nightly": 1_000_000}
FIXED_SEED = 11
Send = Callable[[Sent], Awaitable[Told]]


def seed_of(tier: str) -> int:
    """The same one each time, but in `nightly` another, which is printed."""
    if said := os.environ.get(SEED):
        return int(said)
    seed = secrets.randbelow(2**31) if tier == "nightly" else FIXED_SEED
    print(f"{SEED}={seed}")
    return seed


def numbers_of(tier: str, share: float, part: int, parts: int) -> Iterable[int]:
    """The numbers of one part of a share of all requests."""
    if only := os.environ.get(ONLY):
        return [int(only)]
    count = int(float(os.environ.get(COUNT) or IN_ALL[tier]) * share / parts)
    return range(part * count, (part + 1) * count)


async def failures_among(
    stage: Stage, seed: int, numbers: Iterable[int], send: Send
) -> tuple[list[str], Counter[int]]:
    """Send the requests; what went wrong, with each request as it was, and how many of each status.

    Anything logged as an error belongs to the request before it.
    """
    requests, failures, statuses = Requests(stage, seed), list[str](), Counter[int]()
    with _errors() as logged:
        for count, number in enumerate(numbers):
            if count % RENEWED_EVERY == RENEWED_EVERY - 1:
                await renew(stage)
            sent = requests.make(number)
            told = await send(sent)
            statuses[told.status] += 1
            faults = [*told.faults, *logged]
            logged.clear()
            if faults:
                failures.append(
                    f"{SEED}={seed} {ONLY}={number}\n{sent}\n"
                    + "\n".join(faults)
                    + f"\n{told.body[:300]!r}"
                )
            if len(failures) >= MOST_TOLD:
                break
    return failures, statuses


@contextmanager
def _errors() -> Iterator[list[str]]:
    """What is logged as an error, or raised where nobody waits for it."""
    logged: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logged.append(self.format(record))

    def keep(_: Any, context: dict[str, Any]) -> None:
        logged.append(f"{context['message']}: {context.get('exception')!r}")

    handler, loop = Keep(logging.ERROR), asyncio.get_running_loop()
    before = loop.get_exception_handler()
    logging.getLogger().addHandler(handler)
    loop.set_exception_handler(keep)
    try:
        yield logged
    finally:
        logging.getLogger().removeHandler(handler)
        loop.set_exception_handler(before)
