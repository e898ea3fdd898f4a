"""Jumps that go nowhere or back, and questions and endings that nobody can ever reach."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import NamedTuple, TypeAlias

from harken_server.kernel.errors import Problem
from harken_server.surveys.checks.references import scope_of
from harken_server.surveys.files.draft import Draft
from harken_server.surveys.questions import conditions as c
from harken_server.surveys.questions.conditions import folded
from harken_server.surveys.questions.types import END, Jump

_ENDING = f"{END}:"
_Operand: TypeAlias = tuple[str | None, str | None, str | None]
_Exact: TypeAlias = tuple[bool, c.Scalar]
"""A value and whether it is a truth value, because `True == 1`."""


def check_reach(draft: Draft) -> Iterator[Problem]:
    """Targets of jumps, contradictory conditions, and what cannot be reached."""
    yield from _check_jumps(draft)
    yield from _check_contradictions(draft)
    yield from _check_questions(draft)
    if "endings" not in draft.unread_fields and not draft.unread_logic:
        yield from _check_endings(draft)


class _Room(NamedTuple):
    """What an operand may still be once some comparisons hold."""

    low: float = -inf
    high: float = inf
    allowed: frozenset[_Exact] | None = None
    refused: frozenset[_Exact] = frozenset()

    def is_empty(self) -> bool:
        if self.low > self.high:
            return True
        if self.allowed is None:
            return False
        return not any(self._fits(exact) for exact in self.allowed - self.refused)

    def _fits(self, exact: _Exact) -> bool:
        is_truth, value = exact
        if self.low == -inf and self.high == inf:
            return True
        return not is_truth and not isinstance(value, str) and self.low <= value <= self.high


def never_holds(condition: c.Condition) -> bool:
    """Whether no answers and no context can make it true.

    Found are bounds and values that exclude each other among conditions that must hold together.
    False means only that no contradiction was seen.
    """
    if isinstance(condition, c.AnyOf):
        return all(never_holds(part) for part in condition.of)
    if not isinstance(condition, c.All):
        return False
    rooms: dict[_Operand, _Room] = {}
    for part in _joined(condition):
        operand = (part.answer, part.row, part.context)
        rooms[operand] = _narrow(rooms.get(operand, _Room()), part)
    if any(room.is_empty() for room in rooms.values()):
        return True
    return any(never_holds(part) for part in condition.of)


def _check_jumps(draft: Draft) -> Iterator[Problem]:
    known = scope_of(draft).known
    endings = {ending.key for _, ending in draft.endings()} | draft.unread_endings
    for path, place, question in draft.questions():
        is_decided = False
        for number, jump in enumerate(question.jumps):
            where = f"{path}.jumps[{number}]"
            if is_decided:
                message = "An earlier jump without a condition is always taken first."
                yield Problem(where, "unreachable", message, question.key)
            is_decided = is_decided or jump.when is None
            problem = _target_problem(jump, f"{where}.to", question.key, endings)
            if jump.to in known and known[jump.to][0] <= place:
                message = f"A jump only goes forward; `{jump.to}` is not after `{question.key}`."
                problem = Problem(f"{where}.to", "backward_jump", message, question.key)
            elif jump.to in known:
                continue
            if problem is not None:
                yield problem


def _target_problem(jump: Jump, path: str, key: str, endings: set[str]) -> Problem | None:
    if jump.to == END:
        return None
    shown = ascii(jump.to)[1:-1]
    if not jump.to.startswith(_ENDING):
        message = f"There is no question `{shown}` to jump to."
        return Problem(path, "unknown_target", message, key)
    if jump.to[len(_ENDING) :] in endings:
        return None
    return Problem(path, "unknown_target", f"There is no ending for `{shown}`.", key)


def _check_contradictions(draft: Draft) -> Iterator[Problem]:
    message = "This condition contradicts itself and never holds."
    for path, _, question in draft.questions():
        if question.show_if is not None and never_holds(question.show_if):
            yield Problem(f"{path}.show_if", "never_true", message, question.key)
        for number, jump in enumerate(question.jumps):
            if jump.when is not None and never_holds(jump.when):
                where = f"{path}.jumps[{number}].when"
                yield Problem(where, "never_true", message, question.key)
    for path, ending in draft.endings():
        if ending.show_if is not None and never_holds(ending.show_if):
            yield Problem(f"{path}.show_if", "never_true", message)


def _check_questions(draft: Draft) -> Iterator[Problem]:
    """Questions that every way through the survey passes by, shown or not."""
    questions = list(draft.questions())
    places = {question.key: number for number, (_, _, question) in enumerate(questions)}
    reached = {0}
    for number, (_, place, question) in enumerate(questions):
        if number not in reached:
            continue
        targets = {jump.to for jump in question.jumps if jump.to.partition(":")[0] != END}
        if place in draft.unread_logic or not targets <= places.keys():
            return
        reached.update(places[target] for target in targets)
        if question.show_if is not None or all(jump.when for jump in question.jumps):
            reached.add(number + 1)
    for number, (path, _, question) in enumerate(questions):
        if number not in reached:
            message = f"No way leads to `{question.key}`: a jump without a condition passes it by."
            yield Problem(path, "unreachable", message, question.key)


def _check_endings(draft: Draft) -> Iterator[Problem]:
    named = {
        jump.to[len(_ENDING) :]
        for question in draft.survey.questions
        for jump in question.jumps
        if jump.to.startswith(_ENDING)
    }
    is_decided = False
    for path, ending in draft.endings():
        if is_decided and ending.key not in named:
            message = f"The ending `{ending.key}` is never shown: one before it has no condition."
            yield Problem(path, "unreachable", message)
        is_decided = is_decided or (ending.show_if is None and ending.key not in named)


def _joined(condition: c.All) -> Iterator[c.Comparison]:
    """Comparisons that must all hold, those of nested `all` included."""
    for part in condition.of:
        if isinstance(part, c.All):
            yield from _joined(part)
        elif isinstance(part, c.Comparison):
            yield part


def _narrow(room: _Room, part: c.Comparison) -> _Room:
    match part:
        case c.AtLeast():
            return room._replace(low=max(room.low, part.value))
        case c.AtMost():
            return room._replace(high=min(room.high, part.value))
        case c.Equals():
            return _keep(room, frozenset({_exact(part.value)}))
        case c.OneOf():
            return _keep(room, frozenset(_exact(value) for value in part.values))
        case c.NotEquals():
            return room._replace(refused=room.refused | {_exact(part.value)})
        case _:
            return room


def _keep(room: _Room, values: frozenset[_Exact]) -> _Room:
    return room._replace(allowed=values if room.allowed is None else room.allowed & values)


def _exact(value: c.Scalar) -> _Exact:
    return isinstance(value, bool), folded(value) if isinstance(value, str) else value
