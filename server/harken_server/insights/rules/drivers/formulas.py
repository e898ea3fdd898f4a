"""How drivers and reliability are computed, and where that comes from: said by the API."""

from __future__ import annotations

from harken_server.insights.rules.drivers.records import Method, Missing
from harken_server.insights.rules.formulas import Formula

NOT_CAUSAL = (
    "Items that go with the outcome. That is not what causes it: whoever rates one thing well "
    "often rates all things well, and what was not asked is not among them."
)
IMPORTANCE: dict[Method, Formula] = {
    "shapley": Formula(
        "mean gain in R² over all orders in which items are taken in",
        "Lindeman, Merenda, Gold 1980; Lipovetsky, Conklin 2001, Applied Stochastic Models in "
        "Business and Industry 17(4), 319-330",
    ),
    "relative_weights": Formula(
        "R² shared out among the nearest uncorrelated items, and from these to the items",
        "Johnson 2000, Multivariate Behavioral Research 35(1), 1-19",
    ),
}
INTERVALS = Formula(
    "percentiles of 200 draws of responses with replacement, of more than 1,000 responses in 1,000 "
    "blocks that chance put together; the same draws each time",
    "Efron, Tibshirani 1993, An Introduction to the Bootstrap, 13.3",
)
MISSING: dict[Missing, Formula] = {
    "pairwise": Formula(
        "skipped and not applicable are missing: each correlation is that of the responses which "
        "rate both; a table that contradicts itself is replaced by the nearest that does not",
        "Little, Rubin 2019, Statistical Analysis with Missing Data, 3.4",
    ),
    "listwise": Formula(
        "skipped and not applicable are missing: only responses that rate everything count",
        "Little, Rubin 2019, Statistical Analysis with Missing Data, 3.2",
    ),
}
ALPHA = Formula(
    "k/(k - 1) · (1 - sum of the items' variances / variance of their sum), of responses that rate "
    "every item; reverse keyed items flipped first; interval from F",
    "Cronbach 1951, Psychometrika 16(3), 297-334; Feldt 1965, Psychometrika 30(3), 357-370",
)
