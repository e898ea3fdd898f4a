"""Placeholders in survey texts: `{{context.name}}`, `{{answer.key}}`, each with `|fallback`.

Plain text in, plain text out: escaping is the work of whoever writes the text into HTML. What was
put in is never read for placeholders again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, cast

from harken_server.kernel.local.numbers import say_number
from harken_server.surveys.questions.types import OTHER, Question
from harken_server.surveys.texts import LocalText, resolve_text

MAX_SHOWN_CHARS = 200
"""A longer value is cut, so that a forged link cannot fill the page with its own text."""

_PLACEHOLDER = re.compile(
    r"\{\{[ ]?(context|answer)\.([a-z][a-z0-9_]{0,31})[ ]?(?:\|([^{}|]{0,200}))?\}\}"
)


class PlaceholderName(NamedTuple):
    """What a placeholder stands for."""

    source: Literal["context", "answer"]
    name: str


def substitute(
    text: str,
    context: Mapping[str, Any],
    answers: Mapping[str, Any],
    fallbacks: Mapping[str, str],
    locale: str = "en",
) -> str:
    """The text with each placeholder replaced by its value, numbers in the signs of the locale.

    A missing or blank value gives the placeholder's own fallback, or else the context name's
    fallback in `fallbacks` (the survey's `context`), or else nothing.

    >>> substitute("Hi {{context.name|you}}!", {"name": "Ada"}, {}, {})
    'Hi Ada!'
    >>> substitute("Hi {{context.name|you}}!", {}, {}, {"name": "friend"})
    'Hi you!'
    """
    if "{{" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        source, name, own_fallback = match.groups()
        shown = _shown((context if source == "context" else answers).get(name), locale)
        if shown:
            return shown
        if own_fallback is not None:
            return own_fallback.strip()
        return fallbacks.get(name, "") if source == "context" else ""

    return _PLACEHOLDER.sub(replace, text)


def with_fallbacks(text: str, fallbacks: Mapping[str, str]) -> str:
    """The text with every placeholder in one form that names its fallback, for the browser.

    >>> with_fallbacks("Hi {{ context.name }}, {{answer.why| well }}", {"name": "friend"})
    'Hi {{context.name|friend}}, {{answer.why|well}}'
    """

    def rewrite(match: re.Match[str]) -> str:
        source, name, own_fallback = match.groups()
        usual = fallbacks.get(name, "") if source == "context" else ""
        fallback = usual if own_fallback is None else own_fallback.strip()
        # Braces would end the placeholder too soon.
        return f"{{{{{source}.{name}|{fallback.replace('}', ')')}}}}}"

    return _PLACEHOLDER.sub(rewrite, text) if "{{" in text else text


def placeholder_names(text: LocalText | None) -> frozenset[PlaceholderName]:
    """Every placeholder used in the text, in any locale."""
    names: set[PlaceholderName] = set()
    for string in _strings(text):
        for match in _PLACEHOLDER.finditer(string):
            source: Literal["context", "answer"] = "context" if match[1] == "context" else "answer"
            names.add(PlaceholderName(source, match[2]))
    return frozenset(names)


def has_malformed_placeholder(string: str) -> bool:
    """Whether the string holds a `{{` that does not begin a well-formed placeholder."""
    return "{{" in _PLACEHOLDER.sub("", string)


def shown_answers(
    questions: Mapping[str, Question], answers: Mapping[str, Any], locale: str, default: str
) -> dict[str, str]:
    """Answers as a person reads them, for `substitute`: labels instead of stored values.

    Matrix answers and consents have no sensible short form and are left out.
    """
    shown: dict[str, str] = {}
    for key, value in answers.items():
        question = questions.get(key)
        if question is not None:
            of_values = question.labels() if question.behaviour.fills_texts else {}
            labels = {
                stored: resolve_text(label, locale, default) for stored, label in of_values.items()
            }
            shown[key] = _with_labels(value, labels) if labels else _shown(value, locale)
    return {key: text for key, text in shown.items() if text}


def _with_labels(value: Any, labels: Mapping[str, str]) -> str:
    items = cast("list[Any]", value) if isinstance(value, list) else [value]
    words = [_label_of(item, labels) for item in items]
    return ", ".join(word for word in words if word)


def _label_of(item: Any, labels: Mapping[str, str]) -> str:
    if isinstance(item, dict):
        return _shown(cast("dict[str, Any]", item).get(OTHER), "en") or labels.get(OTHER, "")
    return labels.get(item, "") if isinstance(item, str) else ""


def _shown(value: Any, locale: str) -> str:
    """A value on one line; empty for what has no plain form (booleans, lists, maps, nothing)."""
    if isinstance(value, bool) or (isinstance(value, int) and value.bit_length() > 64):
        return ""
    if isinstance(value, (int, float)) and abs(value) < 1e15:
        return say_number(value, locale)
    if not isinstance(value, (str, int, float)):
        return ""
    line = " ".join(str(value).split())
    return line if len(line) <= MAX_SHOWN_CHARS else line[: MAX_SHOWN_CHARS - 1] + "…"


def _strings(text: LocalText | None) -> tuple[str, ...]:
    if text is None:
        return ()
    return (text,) if isinstance(text, str) else tuple(text.values())
