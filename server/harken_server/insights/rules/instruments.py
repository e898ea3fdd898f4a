"""Numbers of published instruments, which several answers or a certain choice make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from harken_server.insights.rules.estimates import (
    USUAL,
    Certainty,
    mean_estimate,
    net_estimate,
    share_estimate,
)
from harken_server.insights.rules.scores import Score, score_of
from harken_server.surveys.instruments import (
    DISAPPOINTED,
    EXPECTED,
    STATEMENTS,
    instrument_question,
)
from harken_server.surveys.survey import Survey

StatementMetric: TypeAlias = Literal["sus", "umux", "umux_lite"]


def statement_score(
    metric: StatementMetric, points: Mapping[int, float], certainty: Certainty = USUAL
) -> Score:
    """The mean of people's numbers, 0..100 and no percentage; `points` to how many had them.

    A positive statement gives its rating less the scale's lowest, a negative one the highest less
    its rating; their sum, as a share of the most there can be, is a person's number. Only who
    rated all statements is in it. Of SUS that is 2.5 times the sum of (odd - 1, 5 - even):
    Brooke 1996, "SUS: a quick and dirty usability scale". Of UMUX the sum of (odd - 1, 7 - even)
    times 100/24: Finstad 2010, Interacting with Computers 22(5), 323-327. Of UMUX-Lite (sum - 2)
    times 100/12: Lewis, Utesch, Maher 2013, CHI 2099-2102. Interval: `mean_interval` over all
    possible numbers.

    >>> score = statement_score("sus", {20: 1, 30: 1})
    >>> score.score, score.n, score.range_high
    (62.5, 2, 100)
    >>> statement_score("umux_lite", {12: 1, 6: 1}).score
    75.0
    """
    most = STATEMENTS[metric].most_points
    step = 100 / most
    return score_of(
        metric,
        metric,
        mean_estimate(points, 0, most, certainty, step),
        n=sum(points.values()),
        unit="index",
        range_=(0, 100),
        counts={f"{step * at:.4g}": points.get(at, 0) for at in range(most + 1)},
        groups={},
    )


def choice_score(
    survey: Survey, counts: Mapping[str, float], certainty: Certainty = USUAL
) -> Score | None:
    """The number of an instrument that one question's choices make; None of other surveys."""
    match survey.instrument:
        case "product_market_fit":
            return product_market_fit(instrument_question(survey), counts, certainty)
        case "expectation_match":
            return expectation_match(instrument_question(survey), counts, certainty)
        case "sus" | "umux" | "umux_lite" | None:
            return None


def product_market_fit(
    question: str, counts: Mapping[str, float], certainty: Certainty = USUAL
) -> Score:
    """Share "very disappointed" of those who still use the product, in percent.

    `counts` are those of the choices; others than `very`, `somewhat` and `not` are left out, such
    as "I no longer use it". 40 % is the usual mark. Source: Ellis 2009; interval: `share_interval`.

    >>> score = product_market_fit("miss", {"very": 9, "somewhat": 8, "not": 3, "no_longer": 5})
    >>> score.score, score.n
    (45.0, 20)
    """
    groups = {f"{choice}_disappointed": counts.get(choice, 0) for choice in DISAPPOINTED}
    n = sum(groups.values())
    share = share_estimate(groups["very_disappointed"], n, certainty)
    return score_of(
        question,
        "pmf",
        share,
        n=n,
        unit="percent",
        range_=(0, 100),
        counts={choice: counts.get(choice, 0) for choice in DISAPPOINTED},
        groups=groups,
        share=share,
    )


def expectation_match(
    question: str, counts: Mapping[str, float], certainty: Certainty = USUAL
) -> Score:
    """Share for whom it was better than expected less share for whom it was worse, -100..100.

    Other choices are left out. Source: the disconfirmation of expectations, Oliver 1980, Journal
    of Marketing Research 17(4), 460-469, counted as a net share; interval: `net_promoter_interval`.

    >>> expectation_match("expected", {"better": 5, "same": 3, "worse": 2}).score
    30.0
    """
    groups = {choice: counts.get(choice, 0) for choice in EXPECTED}
    n = sum(groups.values())
    return score_of(
        question,
        "expectation",
        net_estimate(groups["better"], groups["worse"], n, certainty),
        n=n,
        unit="points",
        range_=(-100, 100),
        counts=dict(groups),
        groups=groups,
        share=share_estimate(groups["better"], n, certainty),
    )
