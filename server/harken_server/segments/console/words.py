"""Conditions in words that people understand, and read again from a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from harken_server.kernel.shown_text import hidden_character
from harken_server.surveys.asking import MAX_FACT_TEXT, RuleOp
from harken_server.surveys.conditions import MAX_NAME, PLAIN, Condition, check_conditions
from harken_server.workspaces.field_errors import Errors

BLANK_ROWS = 3
"""Rows to fill in below those that are there; saving gives new ones."""
SOURCES: dict[str, str] = {
    "trait": "Trait of the customer",
    "context": "Context of the answer",
    "answer": "Answer to",
    "band": "Score group of",
    "touchpoint": "Touchpoint",
    "channel": "Channel",
    "version": "Survey version",
    "locale": "Language",
}
OPS: dict[str, str] = {
    "equals": "is",
    "not_equals": "is not",
    "one_of": "is one of",
    "at_least": "is at least",
    "at_most": "is at most",
    "contains": "contains",
    "exists": "is known",
    "not_exists": "is not known",
}
_OPS: dict[str, RuleOp] = {
    "equals": "equals", "not_equals": "not_equals", "one_of": "one_of", "at_least": "at_least",
    "at_most": "at_most", "contains": "contains", "exists": "exists", "not_exists": "exists",
}  # fmt: skip
_TEXTS = {"band", "touchpoint", "channel", "locale"}
"""What never is a number."""


class Row(NamedTuple):
    """One condition as a form has it."""

    of: str = ""
    name: str = ""
    op: str = "equals"
    value: str = ""


def read_row(row: Row) -> tuple[list[Condition], Errors]:
    """The conditions that a row says, and what is wrong with it, by its fields.

    Who types 7 means the number and the text alike: both are taken.
    """
    errors = _errors_of(row)
    if errors:
        return [], errors
    name = "" if row.of in PLAIN else row.name
    found = [
        msgspec.convert({"of": row.of, "name": name, "op": op, "value": value}, Condition)
        for op, value in _meant(row)
    ]
    for problem in check_conditions(found, "$"):
        field = problem.path.rpartition(".")[2]
        errors.setdefault(field, f"“{OPS[row.op]}” does not go with this: {problem.message}")
    return ([], errors) if errors else (found, {})


def _errors_of(row: Row) -> Errors:
    errors: Errors = {}
    for field, text, most in (("name", row.name, MAX_NAME), ("value", row.value, MAX_FACT_TEXT)):
        if len(text) > most:
            errors[field] = f"At most {most} characters."
        elif hidden := hidden_character(text):
            errors[field] = f"It must not hold {hidden}, which cannot be seen."
    if row.of not in SOURCES:
        errors["of"] = "Choose what is looked at."
    elif row.of not in PLAIN and not row.name:
        errors["name"] = "Give its name, such as “plan”, or the key of a question."
    if row.op not in OPS:
        errors["op"] = "Choose one of the list."
    elif row.op not in {"exists", "not_exists"} and not row.value:
        errors["value"] = f"Say what it {OPS[row.op]}."
    return errors


def rows_of(conditions: Sequence[Condition]) -> tuple[Row, ...]:
    """The rows of a form that say them."""
    return tuple(dict.fromkeys(map(_row, conditions)))


def say_condition(condition: Condition) -> str:
    """In one line, such as “Channel is web”.

    >>> say_condition(Condition(of="trait", name="plan", value="pro"))
    'Trait of the customer plan is pro'
    >>> say_condition(Condition(of="channel", op="one_of", value=("web", "email")))
    'Channel is one of web, email'
    """
    row = _row(condition)
    name = f" {row.name}" if row.name else ""
    return f"{SOURCES[row.of]}{name} {OPS[row.op]} {row.value}".rstrip()


def _meant(row: Row) -> list[tuple[RuleOp, object]]:
    op = _OPS[row.op]
    if op == "exists":
        return [(op, row.op == "exists")]
    if op == "one_of":
        texts = filter(None, map(str.strip, row.value.split(",")))
        return [(op, tuple(value for text in texts for value in _values(row.of, text)))]
    values = _values(row.of, row.value)
    if op in {"at_least", "at_most"}:
        return [(op, values[0])]
    if op == "contains":
        return [(op, row.value)]
    if op == "not_equals":
        return [(op, value) for value in values]
    return [(op, values[0])] if len(values) == 1 else [("one_of", values)]


def _values(of: str, text: str) -> tuple[object, ...]:
    """What is typed as a number or a yes, as such and as a text."""
    if of in _TEXTS:
        return (text,)
    try:
        value = msgspec.json.decode(text, type=int | float | bool)
    except msgspec.DecodeError:
        return (text,)
    return (value,) if of == "version" else (value, text)


def _row(condition: Condition) -> Row:
    value = condition.value
    if condition.op == "exists":
        return Row(condition.of, condition.name, "not_exists" if value is False else "exists")
    values = value if isinstance(value, tuple) else (value,)
    texts = list(dict.fromkeys(map(_text, values)))
    op = "equals" if condition.op == "one_of" and len(texts) == 1 else condition.op
    return Row(condition.of, condition.name, op, ", ".join(texts))


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
