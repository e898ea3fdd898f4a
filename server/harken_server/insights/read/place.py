"""Whose responses are read, and what was asked in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from harken_server.database.database import Database
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question


class Place(NamedTuple):
    """A survey, in a version of it, and a filter."""

    db: Database
    workspace_id: UUID
    survey_id: UUID
    questions: Sequence[Question]
    selection: CountFilter
