"""What changed in one question between two versions; kinds as in `surveys.version_changes`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeAlias

import msgspec

from harken_server.surveys.questions.types import (
    Ces,
    Choice,
    Csat,
    Matrix,
    Nps,
    Question,
    Ranking,
    Rating,
    scale_of,
)

Weight: TypeAlias = Literal["cosmetic", "additive", "breaking"]


class ChangeLine(msgspec.Struct, frozen=True):
    """One difference between two versions."""

    kind: Weight
    path: str
    """`$.questions.<key>.<field>`: by key, since places move."""
    message: str


_COSMETIC = frozenset(
    {"text", "help", "low_label", "high_label", "style", "placeholder", "unit", "label"}
)
_LOWER_BOUNDS = frozenset({"min", "earliest", "min_choices"})
_UPPER_BOUNDS = frozenset({"max", "latest", "max_choices", "max_chars", "max_ranked"})
_SCALE = frozenset({"low", "high", "variant"})
_LISTS = {"choices": "choice", "rows": "row", "columns": "column"}


def kind_of(question: Question) -> str:
    """The question's type as files write it."""
    return str(question.__struct_config__.tag)


def compare_questions(old: Question, new: Question) -> Iterator[ChangeLine]:
    """Every difference between two questions of the same key."""
    path = f"$.questions.{new.key}"
    if type(old) is not type(new):
        message = f"The type of {new.key} changes from {kind_of(old)} to {kind_of(new)}."
        yield ChangeLine("breaking", f"{path}.type", message)
        return
    if isinstance(old, (Nps, Csat, Ces, Rating)) and isinstance(new, (Nps, Csat, Ces, Rating)):
        yield from _compare_scale(path, old, new)
    for field in msgspec.structs.fields(type(old)):
        before: Any = getattr(old, field.name)
        after: Any = getattr(new, field.name)
        if before == after or field.name in _SCALE:
            continue
        if field.name in _LISTS:
            yield from _compare_choices(f"{path}.{field.name}", new, before, after)
        else:
            yield _field_line(path, new.key, field.name, before, after)


def _compare_scale(
    path: str, old: Nps | Csat | Ces | Rating, new: Nps | Csat | Ces | Rating
) -> Iterator[ChangeLine]:
    before, after = scale_of(old), scale_of(new)
    if before != after:
        message = (
            f"The scale of {new.key} changes from {before[0]} to {before[1]} "
            f"to {after[0]} to {after[1]}."
        )
        yield ChangeLine("breaking", f"{path}.high", message)


def _field_line(path: str, key: str, name: str, before: Any, after: Any) -> ChangeLine:
    below = f"{path}.{name}"
    if name == "required":
        word = "now required" if after else "no longer required"
        return ChangeLine(_weight(bool(after)), below, f"{key} is {word}.")
    if name in _COSMETIC:
        return ChangeLine("cosmetic", below, f"The {name.replace('_', ' ')} of {key} changed.")
    if name in ("show_if", "jumps"):
        message = f"The logic of {key} changed: other respondents are asked."
        return ChangeLine("breaking", below, message)
    if name in ("other", "none"):
        return _offered_line(below, key, name, before, after)
    is_narrower = _is_narrower(name, before, after)
    word = "narrower" if is_narrower else "wider"
    message = f"`{name}` of {key} is {word}: {_shown(before)} becomes {_shown(after)}."
    return ChangeLine(_weight(is_narrower), below, message)


def _offered_line(path: str, key: str, name: str, before: Any, after: Any) -> ChangeLine:
    if before is None:
        return ChangeLine("additive", path, f"{key} now offers `{name}`.")
    if after is None:
        return ChangeLine("breaking", path, f"{key} no longer offers `{name}`.")
    if isinstance(before, Choice) and isinstance(after, Choice) and before.value != after.value:
        message = f"The value of `{name}` of {key} changes from {before.value} to {after.value}."
        return ChangeLine("breaking", path, message)
    return ChangeLine("cosmetic", path, f"The label of `{name}` of {key} changed.")


def _is_narrower(name: str, before: Any, after: Any) -> bool:
    """Whether an answer accepted before may be refused now."""
    if name in _LOWER_BOUNDS:
        return after is not None and (before is None or after > before)
    if name in _UPPER_BOUNDS:
        if name == "max_ranked":
            return after is not None and (before is None or after != before)
        return after is not None and (before is None or after < before)
    return bool(after)


def _compare_choices(
    path: str, question: Question, old: Sequence[Choice], new: Sequence[Choice]
) -> Iterator[ChangeLine]:
    key, name = question.key, _LISTS[path.rpartition(".")[2]]
    weight = _weight(_must_name_each(question, name))
    before = {choice.value: choice.label for choice in old}
    after = {choice.value: choice.label for choice in new}
    for value, label in after.items():
        if value not in before:
            yield ChangeLine(weight, f"{path}.{value}", f"{key} has the new {name} {value}.")
        elif before[value] != label:
            message = f"The label of the {name} {value} of {key} changed."
            yield ChangeLine("cosmetic", f"{path}.{value}", message)
    for value in before:
        if value not in after:
            message = f"{key} no longer has the {name} {value}."
            yield ChangeLine("breaking", f"{path}.{value}", message)
    if [value for value in after if value in before] != [v for v in before if v in after]:
        message = f"The {name}s of {key} come in another order."
        yield ChangeLine("cosmetic", path, message)


def _must_name_each(question: Question, name: str) -> bool:
    """Whether a whole answer names every entry, so that one without the new entry is refused."""
    if isinstance(question, Ranking):
        return question.max_ranked is None
    return isinstance(question, Matrix) and name == "row" and question.required


def _weight(is_breaking: bool) -> Weight:
    return "breaking" if is_breaking else "additive"


def _shown(value: Any) -> str:
    return "no limit" if value is None else str(value)
