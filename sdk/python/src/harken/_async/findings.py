"""What a client finds beside scores: drivers, reliability, and what happened when."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from harken._async.streams import follow_changes, stream_comments
from harken._calls import event_calls, insight_calls, live_calls, survey_calls
from harken._types.comment import Comment, CommentOptions
from harken._types.numbers.chart import ChartOptions
from harken._types.numbers.event import EventFields, EventsTold
from harken._types.numbers.finding import Annotation, BeforeAfter, Drivers, Reliability
from harken._types.numbers.heat_map import HeatMapOptions, HeatMaps, Leaderboard, LeaderboardOptions
from harken._types.numbers.live import LiveChange, LiveOptions
from harken._types.numbers.options import FilterOptions, ScoreOptions
from harken._types.numbers.score import Scores
from harken._types.numbers.trend import TrendOptions, Trends
from harken._values import Id

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from harken._async.connection import AsyncConnection


class AsyncAnnotations:
    """What happened when: deploys, campaigns, incidents."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def list(
        self,
        *,
        from_: date | str | None = None,
        to: date | str | None = None,
        survey: str | None = None,
        touchpoint: str | None = None,
    ) -> tuple[Annotation, ...]:
        """By day, the newest 1,000; of a survey or touchpoint also those that are about all."""
        return await self._connection.run(
            insight_calls.list_annotations(from_=from_, to=to, survey=survey, touchpoint=touchpoint)
        )

    async def get(self, id: Id) -> Annotation:
        """One of them."""
        return await self._connection.run(insight_calls.get_annotation(id))

    async def change(
        self,
        id: Id,
        title: str,
        *,
        kind: str = "other",
        at: datetime | None = None,
        day: date | str | None = None,
        survey: str | None = None,
        touchpoint: str | None = None,
        link: str | None = None,
    ) -> Annotation:
        """Let it say something else; all of it is replaced but its moment, unless that is given."""
        return await self._connection.run(
            insight_calls.change_annotation(
                id, title, kind, at=at, day=day, survey=survey, touchpoint=touchpoint, link=link
            )
        )

    async def remove(self, id: Id) -> None:
        """Forget it."""
        await self._connection.run(insight_calls.remove_annotation(id))


class AsyncFindings:
    """Of a client: scores, what goes with what, and what came before what."""

    _connection: AsyncConnection
    annotations: AsyncAnnotations
    """What happened when."""

    async def scores(self, survey: str, **wanted: Unpack[ScoreOptions]) -> Scores:
        """A survey's scores with their intervals; what can be asked, says `ScoreOptions`."""
        return await self._connection.run(survey_calls.get_scores(survey, **wanted))

    def comments(self, survey: str, **wanted: Unpack[CommentOptions]) -> AsyncIterator[Comment]:
        """What people wrote, latest changed first, with their rating beside it."""
        return stream_comments(self._connection, survey, wanted)

    def live(self, survey: str, **wanted: Unpack[LiveOptions]) -> AsyncIterator[LiveChange]:
        """A survey's scores now and each time they change, with how many responses came.

        It ends when the survey closes; a connection that is lost is begun again where it was.
        """
        return follow_changes(self._connection, survey, wanted)

    async def trends(self, survey: str, **wanted: Unpack[TrendOptions]) -> Trends:
        """A survey's scores over time; what can be asked, says `TrendOptions`."""
        return await self._connection.run(survey_calls.get_trends(survey, **wanted))

    async def chart(self, survey: str, **wanted: Unpack[ChartOptions]) -> bytes:
        """A picture of a survey's numbers, as SVG; what can be asked, says `ChartOptions`."""
        return await self._connection.run(survey_calls.get_chart(survey, **wanted))

    async def report(
        self, *surveys: str, from_: date | str | None = None, to: date | str | None = None
    ) -> bytes:
        """Up to 8 surveys on one page to be printed, as HTML; without days the last 90."""
        return await self._connection.run(live_calls.get_report(surveys, from_, to))

    async def heat_map(self, survey: str, **wanted: Unpack[HeatMapOptions]) -> HeatMaps:
        """A survey's scores by two groupings at once; what can be asked, says `HeatMapOptions`."""
        return await self._connection.run(survey_calls.get_heat_map(survey, **wanted))

    async def leaderboard(self, survey: str, **wanted: Unpack[LeaderboardOptions]) -> Leaderboard:
        """Groups in order, no finer than the answers prove; see `LeaderboardOptions`."""
        return await self._connection.run(survey_calls.get_leaderboard(survey, **wanted))

    async def drivers(
        self,
        survey: str,
        *,
        outcome: str | None = None,
        items: Sequence[str] | None = None,
        method: str | None = None,
        missing: str | None = None,
        **filters: Unpack[FilterOptions],
    ) -> Drivers:
        """Which rated items go with an outcome, with importance and performance of each.

        Not what causes it. Without `outcome` that of the first score, without `items` all others
        that enough people rated; `method` is `shapley` or `relative_weights`, `missing` is
        `pairwise` or `listwise`. `.refused` says why there is nothing.
        """
        return await self._connection.run(
            insight_calls.get_drivers(survey, outcome, items, method, missing, **filters)
        )

    async def reliability(
        self,
        survey: str,
        *,
        items: Sequence[str] | None = None,
        reverse: Sequence[str] | None = None,
        **filters: Unpack[FilterOptions],
    ) -> Reliability:
        """Cronbach's alpha of each matrix, or of `items` as one scale; `reverse` are flipped."""
        return await self._connection.run(
            insight_calls.get_reliability(survey, items, reverse, **filters)
        )

    async def annotate(
        self,
        title: str,
        *,
        kind: str = "other",
        at: datetime | None = None,
        day: date | str | None = None,
        survey: str | None = None,
        touchpoint: str | None = None,
        link: str | None = None,
        id: Id | None = None,
    ) -> Annotation:
        """Note that something happened: now, `at` a moment (aware), or on a whole `day`.

        `kind` is `deploy`, `campaign`, `incident`, `price` or `other`; `link` is https. With an
        `id` (UUID) of your own, such as one made of a build's number, it is noted once for ever.
        """
        return await self._connection.run(
            insight_calls.annotate(
                title, kind, at=at, day=day, survey=survey, touchpoint=touchpoint, link=link, id=id
            )
        )

    async def before_after(
        self,
        survey: str,
        annotation: Id | None = None,
        *,
        days: int | None = None,
        touchpoint: str | None = None,
        channel: str | None = None,
        level: float | None = None,
    ) -> BeforeAfter:
        """Scores of equal spans before and after an annotation, by its id; else the newest one."""
        return await self._connection.run(
            insight_calls.before_after(
                survey, annotation, days=days, touchpoint=touchpoint, channel=channel, level=level
            )
        )

    async def event(self, name: str, respondent: Id, **told: Unpack[EventFields]) -> EventsTold:
        """Tell that a person did something, such as `order`; what more it says: `EventFields`.

        When this returns it is stored, or `refused` says why not. Raises as every request does.
        """
        body = event_calls.event_body(name, respondent, **told)
        return await self._connection.run(event_calls.tell_events([body]))
