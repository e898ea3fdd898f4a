"""Many triggers at once: each stands for itself, and those about one person keep their order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from harken_server.asking.decision import TriggerResult
from harken_server.asking.requests import TriggerRequest
from harken_server.kernel.errors import HarkenError

MAX_TRIGGERS = 500
AT_ONCE = 64
"""Triggers of one batch that wait at the same time: as many as are decided together."""

Fire: TypeAlias = Callable[[TriggerRequest], Awaitable[TriggerResult]]
Outcome: TypeAlias = TriggerResult | HarkenError


async def trigger_each(
    requests: Sequence[TriggerRequest | HarkenError], fire: Fire
) -> list[Outcome]:
    """The outcome of each, in the order given; what fails by itself leaves the others alone.

    An item that is an error already stays what it is. Triggers for the same respondent, or with the
    same idempotency key, happen one after the other in their order.
    """
    outcomes: list[Outcome | None] = [None] * len(requests)
    waiting = iter(_in_chains(requests))

    async def work() -> None:
        for chain in waiting:
            for place in chain:
                outcomes[place] = await _outcome(requests[place], fire)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, len(requests))):
            group.create_task(work())
    return [outcome for outcome in outcomes if outcome is not None]


async def _outcome(request: TriggerRequest | HarkenError, fire: Fire) -> Outcome:
    if isinstance(request, HarkenError):
        return request
    try:
        return await fire(request)
    except HarkenError as error:
        return error


def _in_chains(requests: Sequence[TriggerRequest | HarkenError]) -> list[list[int]]:
    """Places that must follow one another, in the order of their first one."""
    chains: dict[object, list[int]] = {}
    for place, request in enumerate(requests):
        chains.setdefault(_chain_of(request, place), []).append(place)
    return list(chains.values())


def _chain_of(request: TriggerRequest | HarkenError, place: int) -> object:
    if isinstance(request, HarkenError):
        return place
    if request.respondent is not None:
        return "respondent", request.respondent
    return place if request.idempotency_key is None else ("key", request.idempotency_key)
