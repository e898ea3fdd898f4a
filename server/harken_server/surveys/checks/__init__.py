"""Whether a survey definition is sound: everything its types cannot say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import msgspec

from harken_server.kernel.errors import Problem
from harken_server.surveys.checks.asking import check_asking
from harken_server.surveys.checks.keys import check_keys
from harken_server.surveys.checks.placeholder_use import check_wording
from harken_server.surveys.checks.rating_scales import check_scales
from harken_server.surveys.checks.references import check_references
from harken_server.surveys.checks.targeting import check_targeting
from harken_server.surveys.checks.theme import check_appearance
from harken_server.surveys.checks.unreachable import check_reach
from harken_server.surveys.files.draft import Draft, whole_draft
from harken_server.surveys.files.parsing import first_problems
from harken_server.surveys.instruments import check_instrument
from harken_server.surveys.protection import check_small_groups
from harken_server.surveys.survey import MAX_DEFINITION_BYTES, MAX_QUESTIONS, Survey


def check_survey(survey: Survey) -> list[Problem]:
    """Every soundness problem of a survey; none for one that can be published."""
    return [*check_draft(whole_draft(survey)), *check_size(survey)]


def check_draft(draft: Draft) -> list[Problem]:
    """Every soundness problem of what could be read of a survey."""
    checks = (
        _check_count,
        check_keys,
        check_scales,
        check_instrument,
        check_limits,
        check_references,
        check_reach,
        check_appearance,
        check_targeting,
        check_asking,
        check_wording,
        check_small_groups,
    )
    found = chain.from_iterable(check(draft) for check in checks)
    return list(dict.fromkeys(first_problems(found)))


def check_size(survey: Survey) -> Iterator[Problem]:
    """A definition that is too large once encoded, or holds what cannot be encoded."""
    try:
        size = len(msgspec.json.encode(survey))
    except (UnicodeEncodeError, OverflowError):
        message = "The definition holds a text or a number that cannot be stored."
        yield Problem("$", "unstorable", message)
        return
    if size > MAX_DEFINITION_BYTES:
        message = f"A definition may have {MAX_DEFINITION_BYTES} bytes at most; it has {size}."
        yield Problem("$", "definition_too_large", message, limit=MAX_DEFINITION_BYTES)


def _check_count(draft: Draft) -> Iterator[Problem]:
    questions = draft.survey.questions
    if "questions" in draft.unread_fields:
        return
    if not any(each.behaviour.takes_answer for each in questions):
        message = "A survey needs at least one question that takes an answer."
        yield Problem("$.questions", "nothing_to_answer", message)
    if len(questions) > MAX_QUESTIONS:
        message = f"There may be {MAX_QUESTIONS} entries at most, not {len(questions)}."
        yield Problem("$.questions", "too_many", message, limit=MAX_QUESTIONS)


def check_limits(draft: Draft) -> Iterator[Problem]:
    """Lower limits above upper ones, limits beyond the choices, days that do not exist."""
    for path, _, question in draft.questions():
        if question.required and not question.behaviour.takes_answer:
            message = "A statement takes no answer, so it cannot be required."
            yield Problem(f"{path}.required", "statement_required", message, question=question.key)
        if question.key not in draft.damaged:
            for each in question.broken_limits():
                path_of = f"{path}.{each.field}"
                yield Problem(path_of, each.code, each.message, question.key, each.limit)
