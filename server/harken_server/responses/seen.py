"""Whether a way of asking has been seen working, in words."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from harken_server.design.times import say_day, say_when
from harken_server.responses.store.seen_sql import Seen, read_seen
from harken_server.surveys.sharing import Shared


class Signal(NamedTuple):
    """What is said of it."""

    kind: Literal["good", "quiet"]
    label: str
    is_working: bool


async def signal_on(shared: Shared, *channels: str) -> Signal:
    """What was seen of a survey on any of these channels."""
    visit, record = shared.visit, shared.loaded.record
    seen = await read_seen(visit.db, visit.workspace_id, record.id)
    return signal_of(seen, visit.now(), *channels)


def signal_of(seen: Seen, now: datetime, *channels: str) -> Signal:
    """What was seen on any of these channels."""
    times = sorted((at for one in channels for at in seen.latest.get(one, ())), reverse=True)
    days = [seen.days[one] for one in channels if one in seen.days]
    if times:
        which = "First" if seen.is_all and len(times) == 1 else "Last"
        return Signal("good", f"{which} answer {say_when(times[0], now)}", is_working=True)
    if days:
        return Signal("good", f"Last answer on {say_day(max(days))}", is_working=True)
    return Signal("quiet", "Nothing yet", is_working=False)
