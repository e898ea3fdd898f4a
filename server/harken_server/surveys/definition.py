"""Survey definitions: from the bytes of a file to a sound `Survey`, and back to canonical bytes."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any, cast

import msgspec
from msgspec import inspect

from harken_server.kernel.canonical import canonical_json
from harken_server.kernel.errors import Problem
from harken_server.surveys.checks import check_draft, check_size
from harken_server.surveys.files.draft import Draft, whole_draft
from harken_server.surveys.files.parsing import (
    MAX_PROBLEMS,
    Syntax,
    in_file_order,
    read_tree,
    refusal,
    unfit_values,
)
from harken_server.surveys.files.readable_part import readable_draft
from harken_server.surveys.files.schema import survey_schema
from harken_server.surveys.files.shapes import ShapeReader
from harken_server.surveys.survey import Survey

__all__ = [
    "MAX_PROBLEMS",
    "decode_survey",
    "encode_survey",
    "read_published",
    "survey_digest",
    "survey_schema",
]


def decode_survey(raw: bytes, format: Syntax) -> Survey:  # noqa: A002 (the word users know)
    """The survey in a file's bytes.

    Raises InvalidDefinitionError with every problem at once: wrong shapes, and unsound parts of
    what could be read. Problems of YAML files name the line and come in its order.
    """
    tree = read_tree(raw, format)
    if isinstance(tree, Problem):
        raise refusal("survey", [tree])
    problems = list(unfit_values(tree.root))
    if any(problem.code == "too_deep" for problem in problems):
        raise refusal("survey", problems)
    draft, shape_problems = _read_draft(tree.root)
    problems += shape_problems
    if draft is not None:
        problems += check_draft(draft)
        problems += [] if problems else check_size(draft.survey)
    if problems or draft is None:
        raise refusal("survey", in_file_order(problems, tree.lines))
    return draft.survey


def encode_survey(survey: Survey) -> bytes:
    """Canonical JSON: sorted keys, defaults left out, no `$schema`; equal surveys, equal bytes."""
    return canonical_json(msgspec.structs.replace(survey, schema=None))


def survey_digest(encoded: bytes) -> str:
    """SHA-256 (hex) of a canonical definition."""
    return hashlib.sha256(encoded).hexdigest()


def read_published(encoded: bytes) -> Survey:
    """A survey from stored canonical JSON, without the checks that it passed when published.

    Published versions must stay readable when checks grow stricter. Raises InvalidDefinitionError
    when the bytes are no survey at all.
    """
    try:
        return msgspec.json.decode(encoded, type=Survey)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise refusal("survey", [Problem("$", "unreadable", str(error))]) from error


def _read_draft(root: Any) -> tuple[Draft | None, list[Problem]]:
    """What can be read of the survey, and every shape problem; no draft without any question."""
    reader = ShapeReader()
    reader.read(root, _survey_type(), "$")
    if not reader.problems:
        try:
            return whole_draft(msgspec.convert(root, Survey)), []
        except msgspec.ValidationError as error:
            return None, [Problem("$", "wrong_shape", str(error))]
    if not isinstance(root, dict):
        return None, reader.problems
    return readable_draft(cast("dict[str, Any]", root), reader), reader.problems


@cache
def _survey_type() -> inspect.StructType:
    """Looked up when a file is first read: it takes a tenth of a start."""
    return cast("inspect.StructType", inspect.type_info(Survey))
