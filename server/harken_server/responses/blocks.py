"""Which waiting answers may be shown by now: only several together, and never otherwise again.

A block is a set of answers that are alike in everything by which answers can be chosen. Whatever is
asked, a block is in the reply as a whole or not at all, so that nothing can be told of fewer people
than a block holds by comparing replies: each reply is a sum of whole blocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

LONGEST_WAIT_DAYS = 7
"""Then an answer is shown with others of other groups, as soon as there are enough of these."""


class Waiting(NamedTuple):
    """An answer that is not shown yet, as far as it is put together with others."""

    number: int
    version: int
    touchpoint: str
    channel: str
    locale: str
    day: int
    proof: str
    """What proves who it is of (`responses.codes`)."""
    origin: str
    """What proves where it comes from."""
    members: Mapping[str, str]
    """Of dimensions."""
    counted: frozenset[str]
    """Questions whose answers enter counts."""
    document: str
    """Of its answers."""

    def group(self, by: str) -> str:
        """What it is put together by."""
        columns = {"touchpoint": self.touchpoint, "channel": self.channel}
        return columns.get(by) or self.members.get(by, "")


class Block(NamedTuple):
    """Answers that are shown together from now on, and what is the same of all."""

    answers: tuple[Waiting, ...]
    rare: frozenset[str]
    """Questions that too few of them answered: these answers are kept out of all counts."""

    @property
    def day(self) -> int:
        """The last one of theirs."""
        return max(each.day for each in self.answers)

    def common(self, name: str) -> str:
        """The touchpoint, channel, locale, proof or origin of all; empty where they differ."""
        values = {str(getattr(each, name)) for each in self.answers}
        return values.pop() if len(values) == 1 else ""

    @property
    def members(self) -> dict[str, str]:
        """The members of dimensions that all have in common."""
        first, *others = (dict(each.members) for each in self.answers)
        return {
            name: member
            for name, member in first.items()
            if all(other.get(name) == member for other in others)
        }


def gather(
    waiting: Sequence[Waiting], minimum: int, *, by: str, is_due: bool = False
) -> list[Block]:
    """The blocks that can be made of what waits; whatever is in none goes on waiting.

    Those of one group (`by`) and version come together, once there are `minimum` of them and each
    counted question has as many answers or none. What `is_due` does not wait for the others of
    its group, nor for more answers to a question.
    """
    blocks: list[Block] = []
    left: list[Waiting] = []
    for group in _sorted_out(waiting, by):
        rare = _rare(group, minimum)
        if len(group) >= minimum and (is_due or not rare):
            blocks.append(Block(tuple(group), rare))
        else:
            left += group
    if is_due:
        rest = [group for group in _sorted_out(left, "") if len(group) >= minimum]
        blocks += [Block(tuple(group), _rare(group, minimum)) for group in rest]
    return blocks


def _sorted_out(waiting: Iterable[Waiting], by: str) -> list[list[Waiting]]:
    groups: dict[tuple[int, str], list[Waiting]] = {}
    for each in waiting:
        groups.setdefault((each.version, each.group(by) if by else ""), []).append(each)
    return [groups[key] for key in sorted(groups)]


def _rare(group: Sequence[Waiting], minimum: int) -> frozenset[str]:
    counts = Counter(question for each in group for question in each.counted)
    return frozenset(question for question, n in counts.items() if n < minimum)
