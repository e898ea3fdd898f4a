"""Counts of many rows add up, of ratings and of choices alike."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from harken_server.responses.store.sums import sum_counts

VALUES = st.one_of(st.integers(0, 12).map(str), st.sampled_from(["", "price", "row.a", "01"]))


@given(st.lists(st.dictionaries(VALUES, st.integers(1, 2**40)), min_size=1))
def test_rows_add_up_by_value(rows: list[dict[str, int]]) -> None:
    whole: Counter[str] = Counter()
    for row in rows:
        whole.update(row)

    assert sum_counts(",".join(map(json.dumps, rows))) == dict(whole)
