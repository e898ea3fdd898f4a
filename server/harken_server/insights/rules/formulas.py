"""How each number and each interval is computed, and where that comes from: said by the API."""

from __future__ import annotations

import msgspec

from harken_server.insights.rules.estimates import Method
from harken_server.insights.rules.scores import Metric


class Formula(msgspec.Struct, frozen=True):
    """What is computed, in one line, and whose idea it is."""

    formula: str
    source: str


METRICS: dict[Metric, Formula] = {
    "nps": Formula(
        "100 · (answers 9-10 - answers 0-6) / n; 7-8 count in n",
        "Reichheld 2003, Harvard Business Review 81(12), 46-54",
    ),
    "enps": Formula(
        "100 · (answers 9-10 - answers 0-6) / n, of a place to work; 7-8 count in n",
        "as NPS: Reichheld 2003, Harvard Business Review 81(12), 46-54",
    ),
    "csat": Formula(
        "100 · answers in the two best places / n", "customary definition (top-two box)"
    ),
    "ces": Formula(
        "mean of agreement 1-7 that it was made easy; share: answers 5-7",
        "Dixon, Toman, DeLisi 2013, The Effortless Experience (CES 2.0)",
    ),
    "ces_v1": Formula(
        "mean of effort 1-5, where lower is better; share: answers 1-2",
        "Dixon, Freeman, Toman 2010, Harvard Business Review 88(7), 116-122 (CES v1)",
    ),
    "rating": Formula(
        "mean of the ratings; of thumbs 100 · thumbs up / n", "arithmetic mean, share"
    ),
    "share": Formula("100 · answers with the choice / answers that could make it", "share"),
    "sus": Formula(
        "mean of 2.5 · sum(odd statement - 1, 5 - even statement)",
        'Brooke 1996, "SUS: a quick and dirty usability scale"',
    ),
    "umux": Formula(
        "mean of 100/24 · sum(odd statement - 1, 7 - even statement)",
        "Finstad 2010, Interacting with Computers 22(5), 323-327",
    ),
    "umux_lite": Formula(
        "mean of 100/12 · (sum of both statements - 2)", "Lewis, Utesch, Maher 2013, CHI, 2099-2102"
    ),
    "pmf": Formula(
        "100 · very disappointed / (very + somewhat + not disappointed)", "Ellis 2009"
    ),
    "expectation": Formula(
        "100 · (better - worse than expected) / (better + same + worse)",
        "after Oliver 1980, Journal of Marketing Research 17(4), 460-469",
    ),
}  # fmt: skip

METHODS: dict[Method, Formula] = {
    "adjusted_wald": Formula(
        "3 answers added (3/4 promoters, 3/2 passives, 3/4 detractors), then p - d ± "
        "z·√((p + d - (p - d)²)/n)",
        "Rocks 2016, The American Statistician 70(4), 365-372",
    ),
    "wilson": Formula(
        "(p + z²/2n ± z·√(p(1 - p)/n + z²/4n²)) / (1 + z²/n)", "Wilson 1927, JASA 22, 209-212"
    ),
    "adjusted_normal": Formula(
        "2 answers added, spread evenly over the scale, then mean ± z·s/√n",
        "after Agresti, Coull 1998, The American Statistician 52(2), 119-126",
    ),
    "wald": Formula(
        "number ± z·√(variance/n), clipped to the range", "textbook normal approximation"
    ),
    "agresti_coull": Formula(
        "z² answers added, half of them hits, then p ± z·√(p(1 - p)/n)",
        "Agresti, Coull 1998, The American Statistician 52(2), 119-126",
    ),
    "exact": Formula(
        "quantiles of the beta distribution", "Clopper, Pearson 1934, Biometrika 26(4), 404-413"
    ),
    "t": Formula(
        "mean ± t·s/√n with n - 1 degrees of freedom, clipped to the scale",
        "Student 1908, Biometrika 6(1), 1-25",
    ),
    "bootstrap": Formula(
        "2 answers added, spread evenly over the scale, then quantiles of the means of 10,000 "
        "samples of n + 2 drawn from these",
        "Efron 1979, Annals of Statistics 7(1), 1-26",
    ),
    "clustered": Formula(
        "the usual interval of the number over n/deff · (z/t)² answers; deff = m/(m - 1) · "
        "Σ(yᵢ - R·nᵢ)² / Σ(y - R)² over m people, who gave nᵢ answers that sum to yᵢ, R = Σyᵢ/Σnᵢ; "
        "at least 1; t with m - 1 degrees of freedom",
        "Korn, Graubard 1998, Survey Methodology 24(2), 193-201; Cochran 1977, Sampling Techniques",
    ),
}
