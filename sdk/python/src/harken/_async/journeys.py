"""What a client offers under `journeys` and `programmes`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from harken._calls import journey_calls
from harken._calls.definition_files import DefinitionFormat, read_definition
from harken._types.asking import AnyChannel
from harken._types.journey import Journey, JourneyPush, JourneySummary, JourneyTemplate
from harken._types.numbers.journey_scores import JourneyScoreOptions, JourneyScores
from harken._types.programme import MembersChange, Programme, ProgrammeDefinition, ProgrammeMember
from harken._values import Id

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from harken._async.connection import AsyncConnection


class AsyncJourneys:
    """Push journeys from files, load built-in ones, read them back."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def push(
        self,
        definition: str | os.PathLike[str] | Mapping[str, Any],
        *,
        dry_run: bool = False,
        format: DefinitionFormat | None = None,
    ) -> JourneyPush:
        """Store a journey: a path (.yaml, .yml, .toml, .json), a mapping, or the text itself.

        Touchpoints that it names no longer stay, without a journey. With `dry_run` the server only
        says what would change. Raises InvalidDefinitionError with every problem.
        """
        body, kind = read_definition(definition, format)
        return await self._connection.run(journey_calls.push_journey(body, kind, dry_run=dry_run))

    async def load(self, key: str, *, dry_run: bool = False) -> JourneyPush:
        """Load a built-in journey, such as `customer_lifecycle`.

        Raises ConflictError when there is one of that key that was changed.
        """
        return await self._connection.run(journey_calls.load_journey(key, dry_run=dry_run))

    async def get(self, key: str) -> Journey:
        """One journey as it holds now, with all its touchpoints."""
        return await self._connection.run(journey_calls.get_journey(key))

    async def scores(self, key: str, **wanted: Unpack[JourneyScoreOptions]) -> JourneyScores:
        """A journey in numbers; what can be asked, says `JourneyScoreOptions`."""
        return await self._connection.run(journey_calls.get_journey_scores(key, **wanted))

    async def list(self) -> tuple[JourneySummary, ...]:
        """Every journey of the key's workspace."""
        return await self._connection.run(journey_calls.list_journeys())

    async def templates(self) -> tuple[JourneyTemplate, ...]:
        """The built-in journeys."""
        return await self._connection.run(journey_calls.list_journey_templates())

    async def remove(self, key: str) -> None:
        """Forget a journey; its touchpoints stay and ask as before."""
        await self._connection.run(journey_calls.remove_journey(key))


class AsyncProgrammes:
    """Ask a list of respondents wave by wave."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(
        self,
        key: str,
        *,
        survey: str,
        touchpoint: str,
        every: str,
        channel: AnyChannel | None = None,
        starts_on: date | None = None,
        spread_days: int | None = None,
        timezone: str | None = None,
        is_active: bool = True,
    ) -> Programme:
        """Make or change a programme; once it has begun, its calendar stays.

        `every` is week, month, quarter, half_year, year or once. Unless said: by e-mail, from
        today, spread over the whole of each wave, in UTC. Raises ValidationError.
        """
        fields = {
            "survey": survey,
            "touchpoint": touchpoint,
            "every": every,
            "channel": channel,
            "starts_on": starts_on,
            "spread_days": spread_days,
            "timezone": timezone,
            "is_active": is_active,
        }
        return await self._connection.run(journey_calls.put_programme(key, fields))

    async def get(self, key: str) -> Programme:
        """One programme with the progress of its current wave."""
        return await self._connection.run(journey_calls.get_programme(key))

    async def list(self) -> tuple[ProgrammeDefinition, ...]:
        """Every programme of the key's workspace."""
        return await self._connection.run(journey_calls.list_programmes())

    async def members(
        self, key: str, *, after: str = "", limit: int = 200
    ) -> tuple[ProgrammeMember, ...]:
        """A page of members by name, `limit` (1 to 1000) at most; `after` is the last one's."""
        return await self._connection.run(journey_calls.list_members(key, after, limit))

    async def add_members(
        self, key: str, members: Iterable[Id | Mapping[str, Any]]
    ) -> MembersChange:
        """Take respondents in, or bring what is known of them up to date; safe to repeat.

        Each is a name, or a mapping with `respondent` and any of `email`, `phone`, `locale`,
        `timezone`, `consent` and `traits`. Any number: they are sent 1,000 at a time.
        """
        return await self._change_members(key, "members", members)

    async def remove_members(self, key: str, respondents: Iterable[Id]) -> MembersChange:
        """Let respondents go; they stay known, and other programmes keep them."""
        return await self._change_members(key, "remove", respondents)

    async def _change_members(
        self, key: str, how: Literal["members", "remove"], people: Iterable[Any]
    ) -> MembersChange:
        waiting = iter(people)
        changes: list[MembersChange] = []
        while batch := list(islice(waiting, journey_calls.MEMBERS_AT_ONCE)):
            call = journey_calls.change_members(key, **{how: batch})
            changes.append(await self._connection.run(call))
        return journey_calls.add_up_changes(changes)
