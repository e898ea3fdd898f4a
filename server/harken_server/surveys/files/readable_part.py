"""What can still be judged of a definition with shape problems: the rest of it, as a draft."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any, cast

import msgspec

from harken_server.kernel.documents.paths import parent_path
from harken_server.surveys.files.draft import Draft
from harken_server.surveys.files.shapes import STAND_IN, ShapeReader, shape_of
from harken_server.surveys.questions.types import Question, Statement
from harken_server.surveys.survey import Ending, Survey

_BARE_FIELDS = ("key", "text", "help", "show_if", "jumps")
_STAND_INS: dict[str, Any] = {
    "key": "unread",
    "title": STAND_IN,
    "questions": [{"type": "statement", "key": "unread", "text": STAND_IN}],
}


def readable_draft(root: dict[str, Any], reader: ShapeReader) -> Draft | None:
    """The readable questions, endings and fields; None when there is no question at all.

    `reader` has read the tree. A question that is not whole is kept as a bare statement, so that
    its conditions and placeholders are still judged, while its own answers are not.
    """
    damaged = {path for problem in reader.problems for path in _ancestors(problem.path)}
    items = root.get("questions")
    questions = _read_questions(items, reader)
    endings = _convert_each(reader.lists.get("$.endings", {}), Ending)
    if not questions:
        return None
    names = [field.name for field in msgspec.structs.fields(Survey)]
    unread = frozenset(name for name in names if f"$.{name}" in damaged)
    keys = _written_keys(items)
    return Draft(
        _survey(root, unread, questions, endings),
        question_places=tuple(questions),
        ending_places=tuple(endings),
        unread_questions={
            key: at for at, key in keys.items() if at not in questions or questions[at].key != key
        },
        unread_endings=frozenset(_written_keys(root.get("endings")).values()),
        damaged=frozenset(key for at, key in keys.items() if f"$.questions[{at}]" in damaged),
        unread_logic=frozenset(_unread_logic(items, questions, damaged)),
        unread_fields=unread,
    )


def _survey(
    root: dict[str, Any],
    unread: frozenset[str],
    questions: dict[int, Question],
    endings: dict[int, Ending],
) -> Survey:
    names = {field.name for field in msgspec.structs.fields(Survey)} - unread
    names -= {"questions", "endings"}
    fields = {name: value for name, value in root.items() if name in names}
    survey = msgspec.convert({**_STAND_INS, **fields}, Survey)
    return msgspec.structs.replace(
        survey, questions=tuple(questions.values()), endings=tuple(endings.values())
    )


def _read_questions(items: Any, reader: ShapeReader) -> dict[int, Question]:
    """Every question by its place: whole, without what did not fit, or bare."""
    questions: dict[int, Question] = _convert_each(reader.lists.get("$.questions", {}), Question)
    if isinstance(items, list):
        for place, item in enumerate(cast("list[Any]", items)):
            if place not in questions and isinstance(item, dict):
                bare = {place: _bare_question(cast("dict[str, Any]", item), place)}
                questions.update(_convert_each(bare, Question))
    return dict(sorted(questions.items()))


def _bare_question(item: dict[str, Any], place: int) -> dict[str, Any]:
    kept = ShapeReader(most=inf).read_fields(item, shape_of(Statement), "$")
    fields = {name: kept[name] for name in _BARE_FIELDS if name in kept}
    return {"type": "statement", "key": f"unread_{place}", "text": STAND_IN, **fields}


def _convert_each(read: dict[int, Any], kind: Any) -> dict[int, Any]:
    """The items that are whole now that what did not fit is left out, by their place."""
    converted: dict[int, Any] = {}
    for place, value in read.items():
        try:
            converted[place] = msgspec.convert(value, kind)
        except msgspec.ValidationError:
            continue
    return converted


def _unread_logic(items: Any, questions: dict[int, Question], damaged: set[str]) -> Iterator[int]:
    for place in range(len(cast("list[Any]", items)) if isinstance(items, list) else 0):
        path = f"$.questions[{place}]"
        if place not in questions or not damaged.isdisjoint({f"{path}.show_if", f"{path}.jumps"}):
            yield place


def _written_keys(items: Any) -> dict[int, str]:
    """Keys as the file has them, well-formed or not, by place."""
    keys: dict[int, str] = {}
    if isinstance(items, list):
        for place, item in enumerate(cast("list[Any]", items)):
            key = cast("dict[str, Any]", item).get("key") if isinstance(item, dict) else None
            if isinstance(key, str):
                keys[place] = key
    return keys


def _ancestors(path: str) -> Iterator[str]:
    while path:
        yield path
        path = parent_path(path)
