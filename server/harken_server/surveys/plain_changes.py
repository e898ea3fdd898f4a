"""What changed between two versions, in the words of whoever reads the survey."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, cast

from harken_server.surveys.questions.changes import ChangeLine, Weight
from harken_server.surveys.questions.types import Choice, Question
from harken_server.surveys.survey import Survey
from harken_server.surveys.texts import LocalText, resolve_text

_MOST_SHOWN = 80
_TEXTS = {
    "text": "The question",
    "help": "The help of",
    "low_label": "The low end of",
    "high_label": "The high end of",
    "placeholder": "The example of",
}


class PlainChange(NamedTuple):
    """One difference, for people."""

    kind: Weight
    text: str


MEANINGS: dict[Weight, tuple[str, str]] = {
    "breaking": (
        "Starts a new series",
        "Answers before and after cannot be read together. Earlier answers stay as they are.",
    ),
    "additive": (
        "Safe: more can be answered",
        "Everything answered before keeps its meaning.",
    ),
    "cosmetic": (
        "Safe: words and looks",
        "The same things are asked of the same people.",
    ),
}
"""What each kind of change means: a title and a sentence."""


def tell_changes(old: Survey, new: Survey, lines: Iterable[ChangeLine]) -> list[PlainChange]:
    """The differences that `compare_surveys` found, with what people read instead of keys."""
    return [PlainChange(line.kind, _tell(old, new, line)) for line in lines]


def _tell(old: Survey, new: Survey, line: ChangeLine) -> str:
    match line.path.split("."):
        case ["$", "title" | "intro" | "description" as field]:
            before, after = getattr(old, field), getattr(new, field)
            return _renamed(f"The {field}", _say(old, before), _say(new, after)) or line.message
        case ["$", "questions", key]:
            return _tell_question(old, new, key) or line.message
        case ["$", "questions", key, "required"]:
            asked = _question(new, key)
            word = "must be answered" if asked and asked.required else "may be left out"
            return f"The question {_quoted(_asked(new, key))} now {word}."
        case ["$", "questions", key, field]:
            return _tell_field(old, new, key, field) or line.message
        case ["$", "questions", key, field, value]:
            return _tell_choice(old, new, key, field, value) or line.message
        case _:
            return line.message


def _tell_question(old: Survey, new: Survey, key: str) -> str:
    if _question(old, key) is None:
        asked = _question(new, key)
        word = " and must be answered" if asked and asked.required else ""
        return f"The question {_quoted(_asked(new, key))} is new{word}."
    return f"The question {_quoted(_asked(old, key))} is gone."


def _tell_field(old: Survey, new: Survey, key: str, field: str) -> str:
    begins = _TEXTS.get(field)
    if begins is None:
        return ""
    before = _say(old, getattr(_question(old, key), field, None))
    after = _say(new, getattr(_question(new, key), field, None))
    if field == "text":
        return _renamed(begins, before, after)
    return _renamed(f"{begins} {_quoted(_asked(new, key))}", before, after)


def _tell_choice(old: Survey, new: Survey, key: str, field: str, value: str) -> str:
    before = _label(old, key, field, value)
    after = _label(new, key, field, value)
    thing = {"rows": "row", "columns": "column"}.get(field, "choice")
    asked = _quoted(_asked(new, key))
    if before and after:
        if before == after:
            return ""
        return f"In {asked} the {thing} {_quoted(before)} was renamed to {_quoted(after)}."
    if after:
        return f"{asked} has the new {thing} {_quoted(after)}."
    return f"{asked} no longer has the {thing} {_quoted(before)}." if before else ""


def _renamed(thing: str, before: str, after: str) -> str:
    """Empty when the words of the default language are the same: another language changed."""
    if before == after:
        return ""
    if not before:
        return f"{thing} now says {_quoted(after)}."
    if not after:
        return f"{thing} no longer says {_quoted(before)}."
    return f"{thing} {_quoted(before)} now reads {_quoted(after)}."


def _label(survey: Survey, key: str, field: str, value: str) -> str:
    choices: Any = getattr(_question(survey, key), field, None)
    if not isinstance(choices, tuple):
        return ""
    listed = cast("tuple[Choice, ...]", choices)
    return next((_say(survey, each.label) for each in listed if each.value == value), "")


def _question(survey: Survey, key: str) -> Question | None:
    return next((each for each in survey.questions if each.key == key), None)


def _asked(survey: Survey, key: str) -> str:
    found = _question(survey, key)
    return _say(survey, found.text) if found else key


def _say(survey: Survey, text: LocalText | None) -> str:
    return resolve_text(text, survey.locale, survey.locale)


def _quoted(text: str) -> str:
    cut = text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
    return f"“{cut}”"
