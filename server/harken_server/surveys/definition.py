"""Survey definitions: from the bytes of a file to a sound `Survey`, and back to canonical bytes."""

from __future__ import annotations

import hashlib
from typing import Any, cast

import msgspec

from harken_server.kernel.documents.canonical import canonical_json
from harken_server.kernel.errors import Problem
from harken_server.surveys.checks import check_draft, check_size
from harken_server.surveys.files.draft import Draft, whole_draft
from harken_server.surveys.files.parsing import Syntax, read_definition, refusal
from harken_server.surveys.files.readable_part import readable_draft
from harken_server.surveys.files.shapes import ShapeReader, shape_of
from harken_server.surveys.survey import Survey


def decode_survey(raw: bytes, format: Syntax) -> Survey:  # noqa: A002 (the word users know)
    """The survey in a file's bytes.

    Raises InvalidDefinitionError with every problem at once: wrong shapes, and unsound parts of
    what could be read. Problems of YAML files name the line and come in its order.
    """
    return read_definition(raw, format, "survey", _judge)


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


def _judge(root: Any, problems: list[Problem]) -> Survey | None:
    """Wrong shapes, and unsound parts of what could be read; nothing without any question."""
    draft = _read_draft(root, problems)
    if draft is None:
        return None
    problems += check_draft(draft)
    problems += [] if problems else check_size(draft.survey)
    return draft.survey


def _read_draft(root: Any, problems: list[Problem]) -> Draft | None:
    reader = ShapeReader()
    reader.read_root(root, shape_of(Survey))
    problems += reader.problems
    if reader.is_cut:
        return None
    if not reader.problems:
        try:
            return whole_draft(msgspec.convert(root, Survey))
        except msgspec.ValidationError as error:
            problems.append(Problem("$", "wrong_shape", str(error)))
            return None
    if not isinstance(root, dict):
        return None
    return readable_draft(cast("dict[str, Any]", root), reader)
