"""How often somebody shows a receipt that is not genuine."""

from __future__ import annotations

from collections import OrderedDict

MAX_COUNTED_STORES = 10_000


class ForgedCounts:
    """How many receipts that were not genuine each store has seen since the start."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, int] = OrderedDict()

    def add(self, store: str) -> int:
        """Count one more; gives how many there are."""
        self._counts[store] = self._counts.pop(store, 0) + 1
        if len(self._counts) > MAX_COUNTED_STORES:
            self._counts.popitem(last=False)
        return self._counts[store]
