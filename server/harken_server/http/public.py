"""Operations that need no key: for anybody at all, or for as often as one client may ask."""

from functools import partial

from harken_server.http.declared import Arrival, Caller, declare
from harken_server.http.runtime import admit


async def _anyone(arrival: Arrival) -> Arrival:
    return arrival


async def _visitor(arrival: Arrival) -> Arrival:
    admit(arrival.runtime, arrival.scope)
    return arrival


ANYONE = Caller(_anyone)
VISITOR = Caller(_visitor, (429,))
"""Counted for the rate limit before anything of the request is read."""

get = partial(declare, "GET")
post = partial(declare, "POST")
