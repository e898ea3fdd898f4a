"""Write `weighted.json` anew with statsmodels and SciPy, which the tests themselves do not need.

pip install scipy statsmodels
python tests/vectors/statistics/regenerate_weighted.py
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

CASES: list[dict[str, list[float]]] = [
    {"ratings": [5, 4, 4, 3, 1, 5, 2, 5], "weights": [1, 1, 10, 1, 10, 2.5, 4, 1]},
    {"ratings": [1, 2, 3, 4, 5] * 20, "weights": [1, 2, 3, 4, 5] * 10 + [0.5] * 50},
    {"ratings": [4] * 30 + [2] * 11, "weights": [0.2] * 7 + [1.7] * 34},
]
TABLES: list[dict[str, Any]] = [
    {
        "sizes": [["Oslo", "pro", 10], ["Oslo", "free", 30], ["Bergen", "pro", 5],
                  ["Bergen", "free", 60]],
        "margins": {"store": {"Oslo": 0.5, "Bergen": 0.5}, "plan": {"pro": 0.3, "free": 0.7}},
    },
    {
        "sizes": [["a", "x", 40], ["a", "y", 3], ["b", "x", 7], ["b", "y", 90], ["c", "x", 25],
                  ["c", "y", 11]],
        "margins": {"of": {"a": 0.2, "b": 0.3, "c": 0.5}, "to": {"x": 0.65, "y": 0.35}},
    },
]  # fmt: skip


def described(case: dict[str, list[float]], stats: Any, shares: Any, np: Any) -> dict[str, Any]:
    """Weighted mean, spread and intervals over as many answers as Kish says that they are worth."""
    ratings, weights = np.array(case["ratings"], float), np.array(case["weights"], float)
    worth = weights.sum() ** 2 / (weights**2).sum()
    found = stats.DescrStatsW(ratings, weights=weights / weights.sum() * worth)
    best = ratings >= 4
    hits = float(weights[best].sum() / weights.sum() * worth)
    return {
        **case,
        "effective_n": float(worth),
        "mean": float(found.mean),
        "variance": float(found.var),
        "t": [float(end) for end in found.tconfint_mean(0.05)],
        "share": 100 * hits / float(worth),
        "wilson": [100 * float(end) for end in shares(hits, worth, 0.05, "wilson")],
    }


def raked(table: dict[str, Any], optimize: Any, np: Any) -> dict[str, Any]:
    """Weights nearest to 1 by relative entropy, by solving for the multipliers of the margins."""
    members = [m for shares in table["margins"].values() for m in shares]
    cells = [row[:-1] for row in table["sizes"]]
    n = np.array([row[-1] for row in table["sizes"]], float)
    is_in = np.array([[member in cell for member in members] for cell in cells], float)
    wanted = np.array([s for shares in table["margins"].values() for s in shares.values()])

    def dual(at: Any) -> float:
        return float((n * np.exp(is_in @ at)).sum() - n.sum() * (wanted @ at))

    def slope(at: Any) -> Any:
        return is_in.T @ (n * np.exp(is_in @ at)) - n.sum() * wanted

    start = optimize.minimize(dual, np.zeros(len(members)), jac=slope, method="BFGS").x
    at = optimize.least_squares(slope, start, xtol=1e-15, ftol=1e-15, gtol=1e-15).x
    return {**table, "weights": [float(each) for each in np.exp(is_in @ at)]}


def main() -> None:
    """Write the file."""
    np, optimize = import_module("numpy"), import_module("scipy.optimize")
    stats = import_module("statsmodels.stats.weightstats")
    shares = import_module("statsmodels.stats.proportion").proportion_confint
    told = {
        "described": [described(case, stats, shares, np) for case in CASES],
        "raked": [raked(table, optimize, np) for table in TABLES],
    }
    Path(__file__).with_name("weighted.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
