"""Somebody who asks again and again, and takes one reply from another: what do they find out?

Each reply is a sum over a set of people, so a row of zeros and ones. What can be told from all of
them together is their row space: a group of people is found out when its own row lies in there.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harken_server.responses.blocks import Block, Waiting, gather

STORES = ("Oslo", "Bergen", "Bodø", "")
PLACES = ("desk", "gate")
CHANNELS = ("web", "email")
Cell = dict[str, Any]


class Told(NamedTuple):
    """A set of people of whom a reply tells the sum."""

    people: frozenset[int]


class Shop:
    """Answers that come in one after another, shown by one rule."""

    def __init__(self, dice: random.Random, minimum: int) -> None:
        self.dice, self.minimum = dice, minimum
        self.people: list[Waiting] = []
        self.waiting: dict[int, Waiting] = {}
        self.blocks: dict[int, Block] = {}
        self.day = 700_000

    def come(self) -> None:
        """One more answer, at times after some days."""
        dice = self.dice
        self.day += dice.choice((0, 0, 0, 1, 5))
        one = Waiting(
            len(self.people), dice.choice((1, 1, 2)), dice.choice(PLACES), dice.choice(CHANNELS),
            "en", self.day, "0", "0", {"store": dice.choice(STORES)}, frozenset({"q"}), "",
        )  # fmt: skip
        self.people.append(one)
        self.waiting[one.number] = one
        self.show(is_due=dice.random() < 0.05)

    def show(self, *, is_due: bool) -> None:
        for block in gather([*self.waiting.values()], self.minimum, by="store", is_due=is_due):
            self.blocks[block.answers[0].number] = block
            for answer in block.answers:
                del self.waiting[answer.number]

    def erase(self) -> None:
        """Somebody who is shown goes, and takes the others of the block out of sight."""
        if not self.blocks:
            return
        del self.blocks[self.dice.choice([*self.blocks])]

    def ask(self) -> Iterator[Told]:
        """Some filter, or all groups of one, as they are stored: the same for a whole block."""
        wanted = {name: self.dice.choice(values) for name, values in _ASKED.items()}
        by = self.dice.choice([*_ASKED])
        narrowed = {name: wanted[name] for name in wanted if self.dice.random() < 0.3}
        since = self.day - self.dice.choice((0, 3, 10, 10_000))
        groups: dict[Any, set[int]] = {}
        for block in self.blocks.values():
            cell = cell_of(block)
            if block.day >= since and narrowed.items() <= cell.items():
                groups.setdefault(cell[by], set()).update(each.number for each in block.answers)
        everybody = frozenset(chain.from_iterable(groups.values()))
        yield from (Told(frozenset(people)) for people in (*groups.values(), everybody))


_ASKED: dict[str, tuple[Any, ...]] = {
    "store": STORES, "touchpoint": PLACES, "channel": CHANNELS, "version": (1, 2),
}  # fmt: skip


def cell_of(block: Block) -> Cell:
    """By what a block's answers can be asked for."""
    return {
        "store": block.members.get("store", ""),
        "touchpoint": block.common("touchpoint"),
        "channel": block.common("channel"),
        "version": block.answers[0].version,
    }


class Attacker:
    """Has all replies, and looks for people in what follows from them."""

    def __init__(self, told: Iterable[Told], n: int) -> None:
        rows = np.zeros((0, n)) if n == 0 else _matrix({each.people for each in told}, n)
        _, sizes, basis = np.linalg.svd(rows, full_matrices=False)
        self._basis = basis[sizes > 1e-9]

    def shares(self) -> npt.NDArray[np.float64]:
        """For each person how much of their own row follows: 1 is all, they are found out."""
        return np.asarray((self._basis**2).sum(axis=0))

    def finds(self, people: Iterable[int]) -> bool:
        """Whether the sum over just these people follows."""
        row = np.zeros(self._basis.shape[1])
        row[[*people]] = 1
        left = row - self._basis.T @ (self._basis @ row)
        return bool(np.linalg.norm(left) < 1e-6)


def _matrix(sets: set[frozenset[int]], n: int) -> npt.NDArray[np.float64]:
    rows = np.zeros((len(sets), n))
    for place, people in enumerate(sets):
        rows[place, [*people]] = 1
    return rows
