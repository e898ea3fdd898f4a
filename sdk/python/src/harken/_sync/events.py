# Generated from _async/events.py by tools/make_sync.py: edit that one.
# fmt: off
"""What a client offers about what people did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from harken._calls import event_calls, survey_calls
from harken._types.numbers.event import Behaviour, BehaviourOptions, EventName, EventsTold, Moment
from harken._values import Id

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from harken._sync.connection import Connection

SENT_AT_ONCE = 500


class Events:
    """Tell what people did, and see it beside their ratings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tell(self, events: Iterable[Mapping[str, Any]]) -> EventsTold:
        """Many events, each a mapping of what `client.event` takes; sent 500 at a time.

        What was refused is listed with its place and its reason; safe to repeat where each has an
        `id`. Raises ValidationError for a value that no event can have.
        """
        waiting, done, told = iter(events), 0, EventsTold()
        while some := [event_calls.event_body(**event) for event in islice(waiting, SENT_AT_ONCE)]:
            now = self._connection.run(event_calls.tell_events(some))
            told = event_calls.add_up(told, now, done)
            done += len(some)
        return told

    def names(self) -> tuple[EventName, ...]:
        """The names of all events, how many there are of each and when the last happened."""
        return self._connection.run(event_calls.list_event_names())

    def timeline(self, respondent: Id, *, limit: int = 100) -> tuple[Moment, ...]:
        """What a person was asked, answered and did, newest first."""
        return self._connection.run(event_calls.get_timeline(respondent, limit))

    def behaviour(self, survey: str, **wanted: Unpack[BehaviourOptions]) -> Behaviour:
        """What people did after they answered, by how they had rated: `BehaviourOptions`."""
        path = survey_calls.path_of(survey)
        return self._connection.run(event_calls.get_behaviour(path, **wanted))
