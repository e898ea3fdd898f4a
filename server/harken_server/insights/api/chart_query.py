"""What a chart is asked for."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from harken_server.http.problems import BadRequestError
from harken_server.insights.page.pictures.standalone import Theme
from harken_server.insights.read.weights import WeightQuery
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.trends import Period

Kind: TypeAlias = Literal[
    "score", "distribution", "trend", "breakdown", "heat_map", "importance_performance", "journey"
]
_WEIGHTED_KINDS = frozenset({"score", "trend", "breakdown"})


class ChartQuery(
    WeightQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """What is drawn, of which answers, and for what it is to be put on."""

    kind: Kind = "score"
    """breakdown needs `by`."""
    question: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    """Left out: the survey's first one with a score."""
    by: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    """Of a breakdown: touchpoint, stage, channel, version, wave or a declared dimension."""
    rows: Annotated[str, msgspec.Meta(max_length=32)] = "touchpoint"
    """Of a heat map: as of a breakdown, or locale, weekday, hour."""
    columns: Annotated[str, msgspec.Meta(max_length=32)] = "channel"
    """Another one of these."""
    period: Period | None = None
    """Of a trend: left out, days for a fortnight or less, months beyond two years, else weeks."""
    journey: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    """Key of the journey that is drawn; left out: the first one by key that asks this survey. It
    takes from, to, channel and where of the filter, and of these days 30 unless said."""
    level: float = USUAL_LEVEL
    """Of all intervals: 0.8, 0.9, 0.95 or 0.99."""
    theme: Theme = "auto"
    """auto: light or dark as the reader's device has it."""
    width: int | None = None
    """240 to 2,000 pixels; left out: whatever it is given, its texts keeping their size."""


def check_kind(query: ChartQuery) -> None:
    """BadRequestError for a picture of weighted numbers that there is not."""
    if query.weight is not None and query.kind not in _WEIGHTED_KINDS:
        raise BadRequestError(
            f"weight is of kind={', '.join(sorted(_WEIGHTED_KINDS))}, not of {query.kind}.",
            code="bad_parameter",
        )
