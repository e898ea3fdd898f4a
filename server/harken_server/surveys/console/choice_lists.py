"""Lists of a question in the form: choices, rows and columns, with what is added and removed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple, TypeAlias

from harken_server.surveys.console.form_fields import (
    Language,
    Path,
    TextBox,
    name_of,
    read_at,
    text_box,
)

Sent: TypeAlias = Mapping[str, list[str]]

MAX_VALUE_CHARS = 30
REMOVE = "remove"
"""The field that names whatever is to go: a question or a choice, by its path."""
_LABELS = {"choices": "Choices", "rows": "Rows", "columns": "Columns"}
_MOVE = re.compile(r"(up|down):([0-9]{1,3})")


class ListBox(NamedTuple):
    """What there is to choose; a text field of the list's own name takes new ones, one a line."""

    name: str
    label: str
    choices: tuple[tuple[str, TextBox], ...]
    """The stored value of each, and its label."""


def list_boxes(
    tree: Mapping[str, Any], path: Path, lists: Iterable[str], language: Language
) -> Iterator[ListBox]:
    """The lists that the question at a path has."""
    question = read_at(tree, path)
    for field in lists:
        choices: list[tuple[str, TextBox]] = []
        for place, choice in enumerate(question.get(field, ())):
            value, where = str(choice["value"]), (*path, field, place, "label")
            label = f"Label of {value}"
            choices.append((value, text_box(tree, where, label, language, is_optional=False)))
        label = _LABELS.get(field, field.capitalize())
        yield ListBox(name_of((*path, field)), label, tuple(choices))


def with_moves(tree: Mapping[str, Any], sent: Sent) -> dict[str, Any]:
    """The tree with new choices in it, without what is to go, and with its questions moved."""
    changed = deepcopy(dict(tree))
    gone = frozenset(sent.get(REMOVE, ()))
    for place, question in enumerate(changed["questions"]):
        for field in _LABELS:
            if field in question:
                name = f"questions[{place}].{field}"
                question[field] = _kept(question[field], name, gone)
                _add(question[field], sent.get(name, [""])[0])
    order = _moved(list(range(len(changed["questions"]))), sent.get("do", [""])[0])
    questions = changed["questions"]
    changed["questions"] = [questions[at] for at in order if f"questions[{at}]" not in gone]
    return changed


def _kept(choices: list[dict[str, Any]], name: str, gone: frozenset[str]) -> list[dict[str, Any]]:
    return [each for at, each in enumerate(choices) if f"{name}[{at}]" not in gone]


def _add(choices: list[dict[str, Any]], typed: str) -> None:
    for line in typed.split("\n"):
        if label := line.strip():
            taken = {each["value"] for each in choices}
            choices.append({"value": value_of(label, taken), "label": label})


def value_of(label: str, taken: set[str]) -> str:
    """A stored value for a new choice that no other has.

    >>> value_of("Zu teuer!", set()), value_of("Zu teuer", {"zu_teuer"}), value_of("Other", set())
    ('zu_teuer', 'zu_teuer_2', 'other_2')
    """
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: MAX_VALUE_CHARS - 4] or "choice"
    value, number = stem, 2
    while value in taken or value == "other":
        value, number = f"{stem}_{number}", number + 1
    return value


def _moved(order: list[int], asked: str) -> list[int]:
    found = _MOVE.fullmatch(asked)
    if found is None:
        return order
    at = int(found[2])
    to = at - 1 if found[1] == "up" else at + 1
    if 0 <= at < len(order) and 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    return order
