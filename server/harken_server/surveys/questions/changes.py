"""What changed in one question between two versions; kinds as in `surveys.version_changes`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeAlias

import msgspec

from harken_server.surveys.questions import types as q
from harken_server.surveys.questions.texts import fields_of
from harken_server.surveys.questions.types import as_rating, type_of

Weight: TypeAlias = Literal["cosmetic", "additive", "breaking"]


class ChangeLine(msgspec.Struct, frozen=True):
    """One difference between two versions."""

    kind: Weight
    path: str
    """`$.questions.<key>.<field>`: by key, since places move."""
    message: str


def compare_questions(old: q.Question, new: q.Question) -> Iterator[ChangeLine]:
    """Every difference between two questions of the same key."""
    path = f"$.questions.{new.key}"
    if type(old) is not type(new):
        message = f"The type of {new.key} changes from {type_of(old)} to {type_of(new)}."
        yield ChangeLine("breaking", f"{path}.type", message)
        return
    rated, rated_now = as_rating(old), as_rating(new)
    if rated is not None and rated_now is not None:
        yield from _compare_scale(path, rated, rated_now)
    for name, says in fields_of(type(new)).items():
        before: Any = getattr(old, name)
        after: Any = getattr(new, name)
        if before == after or says is q.Says.SCALE:
            continue
        if says is q.Says.ENTRIES:
            yield from _compare_choices(f"{path}.{name}", new, before, after)
        else:
            yield _field_line(f"{path}.{name}", new.key, says, before, after)


def _compare_scale(path: str, old: q.RatingQuestion, new: q.RatingQuestion) -> Iterator[ChangeLine]:
    before, after = q.scale_of(old), q.scale_of(new)
    if before != after:
        message = (
            f"The scale of {new.key} changes from {before[0]} to {before[1]} "
            f"to {after[0]} to {after[1]}."
        )
        yield ChangeLine("breaking", f"{path}.high", message)


def _field_line(path: str, key: str, says: q.Says, before: Any, after: Any) -> ChangeLine:
    name = path.rpartition(".")[2]
    if name == "required":
        word = "now required" if after else "no longer required"
        return ChangeLine(_weight(bool(after)), path, f"{key} is {word}.")
    if says in (q.Says.TEXT, q.Says.APPEARANCE):
        return ChangeLine("cosmetic", path, f"The {name.replace('_', ' ')} of {key} changed.")
    if says is q.Says.LOGIC:
        message = f"The logic of {key} changed: other respondents are asked."
        return ChangeLine("breaking", path, message)
    if says is q.Says.OFFER:
        return _offered_line(path, key, name, before, after)
    is_narrower = _is_narrower(says, before, after)
    word = "narrower" if is_narrower else "wider"
    message = f"`{name}` of {key} is {word}: {_shown(before)} becomes {_shown(after)}."
    return ChangeLine(_weight(is_narrower), path, message)


def _offered_line(path: str, key: str, name: str, before: Any, after: Any) -> ChangeLine:
    if before is None:
        return ChangeLine("additive", path, f"{key} now offers `{name}`.")
    if after is None:
        return ChangeLine("breaking", path, f"{key} no longer offers `{name}`.")
    if isinstance(before, q.Choice) and isinstance(after, q.Choice) and before.value != after.value:
        message = f"The value of `{name}` of {key} changes from {before.value} to {after.value}."
        return ChangeLine("breaking", path, message)
    return ChangeLine("cosmetic", path, f"The label of `{name}` of {key} changed.")


def _is_narrower(says: q.Says, before: Any, after: Any) -> bool:
    """Whether an answer accepted before may be refused now."""
    if says is q.Says.DEMAND:
        return bool(after)
    if after is None or before is None:
        return after is not None
    if says is q.Says.COUNT:
        return True
    return after > before if says is q.Says.LEAST else after < before


def _compare_choices(
    path: str, question: q.Question, old: Sequence[q.Choice], new: Sequence[q.Choice]
) -> Iterator[ChangeLine]:
    key, field = question.key, path.rpartition(".")[2]
    name = field.removesuffix("s")
    weight = _weight(question.fully_named() == field)
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


def _weight(is_breaking: bool) -> Weight:
    return "breaking" if is_breaking else "additive"


def _shown(value: Any) -> str:
    return "no limit" if value is None else str(value)
