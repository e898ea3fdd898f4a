"""Every text of a question with its place, for whoever must look at all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from harken_server.surveys.questions.types import (
    Ces,
    Choice,
    Consent,
    Csat,
    LongText,
    Matrix,
    MultipleChoice,
    Nps,
    Number,
    Question,
    Ranking,
    Rating,
    ShortText,
    SingleChoice,
)
from harken_server.surveys.texts import LocalText

PlacedText: TypeAlias = tuple[str, LocalText]
"""Path below the question, such as `.choices[1].label`, and the text."""


def question_texts(question: Question) -> Iterator[PlacedText]:
    """All texts that the question has, with their paths below it."""
    for path, text in _all_texts(question):
        if text is not None:
            yield path, text


def _all_texts(question: Question) -> Iterator[tuple[str, LocalText | None]]:
    yield ".text", question.text
    yield ".help", question.help
    match question:
        case Nps() | Csat() | Ces() | Rating():
            yield ".low_label", question.low_label
            yield ".high_label", question.high_label
        case SingleChoice():
            yield from _choice_texts("choices", question.choices)
            yield ".other", question.other
        case MultipleChoice():
            yield from _choice_texts("choices", question.choices)
            yield ".other", question.other
            yield ".none.label", question.none.label if question.none else None
        case Matrix():
            yield from _choice_texts("rows", question.rows)
            yield from _choice_texts("columns", question.columns)
        case Ranking():
            yield from _choice_texts("choices", question.choices)
        case ShortText() | LongText():
            yield ".placeholder", question.placeholder
        case Number():
            yield ".unit", question.unit
        case Consent():
            yield ".label", question.label
        case _:
            return


def _choice_texts(field: str, choices: Sequence[Choice]) -> Iterator[tuple[str, LocalText]]:
    for place, choice in enumerate(choices):
        yield f".{field}[{place}].label", choice.label
