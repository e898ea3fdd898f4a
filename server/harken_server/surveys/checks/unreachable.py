"""Jumps that go nowhere or back, and questions and endings that nobody can ever reach."""

from __future__ import annotations

from collections.abc import Iterator

from harken_server.kernel.errors import Problem
from harken_server.surveys.checks.contradictions import never_holds
from harken_server.surveys.checks.references import scope_of
from harken_server.surveys.files.draft import Draft
from harken_server.surveys.questions.types import END, Jump, Question

_ENDING = f"{END}:"


def check_reach(draft: Draft) -> Iterator[Problem]:
    """Targets of jumps, contradictory conditions, and what cannot be reached."""
    yield from _check_jumps(draft)
    yield from _check_contradictions(draft)
    yield from _check_questions(draft)
    if "endings" not in draft.unread_fields and not draft.unread_logic:
        yield from _check_endings(draft)


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
        targets = {jump.to for jump in question.jumps if not _is_ending(jump.to)}
        if place in draft.unread_logic or not targets <= places.keys():
            return
        reached.update(places[target] for target in targets)
        if not _always_jumps(question):
            reached.add(number + 1)
    for number, (path, _, question) in enumerate(questions):
        if number not in reached:
            message = f"No way leads to `{question.key}`: a jump without a condition passes it by."
            yield Problem(path, "unreachable", message, question.key)


def _is_ending(target: str) -> bool:
    return target == END or target.startswith(_ENDING)


def _always_jumps(question: Question) -> bool:
    return question.show_if is None and any(jump.when is None for jump in question.jumps)


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
