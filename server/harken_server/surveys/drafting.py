"""Working on a survey before it is published: its text, whether it is sound, who saved it last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from harken_server.database.database import Database
from harken_server.kernel.errors import InvalidDefinitionError, Problem
from harken_server.surveys.catalog import SURVEY
from harken_server.surveys.definition import decode_survey, read_published
from harken_server.surveys.files.parsing import Syntax, read_tree, refusal
from harken_server.surveys.files.places import PlacedProblem, place_problems
from harken_server.surveys.files.writing import write_survey
from harken_server.surveys.published import SurveyDraft, SurveyRecord, SurveySource
from harken_server.surveys.store import drafts, surveys
from harken_server.surveys.survey import Survey


class Judged(NamedTuple):
    """A text, and what is wrong with it."""

    survey: Survey | None
    """None: it cannot be published."""
    problems: tuple[PlacedProblem, ...] = ()


class Work(NamedTuple):
    """What there is of a survey: published, drafted, or both."""

    key: str
    record: SurveyRecord | None
    draft: SurveyDraft | None
    text: str
    """Of the draft, else of the current version."""
    syntax: Syntax

    @property
    def revision(self) -> int:
        """Of the draft; 0 when there is none."""
        return self.draft.revision if self.draft else 0

    @property
    def version(self) -> int:
        """The current published one; 0 when there is none."""
        return self.record.version if self.record else 0

    @property
    def is_behind(self) -> bool:
        """Whether somebody published since the draft was begun."""
        return self.draft is not None and self.draft.version != self.version


def judge_text(text: str, syntax: Syntax, key: str = "") -> Judged:
    """The survey in a text, or every problem with its place; `key` is the only one allowed."""
    try:
        survey = decode_survey(text.encode(), syntax)
    except InvalidDefinitionError as error:
        return Judged(None, tuple(place_problems(text, syntax, error.problems)))
    if key and survey.key != key:
        message = (
            f"This is the survey `{key}`, and its key never changes; here it is `{survey.key}`."
        )
        problem = Problem("$.key", "key_changed", message)
        return Judged(None, tuple(place_problems(text, syntax, [problem])))
    return Judged(survey)


def tree_of(text: str, syntax: Syntax) -> dict[str, Any]:
    """The plain tree of a text that is a sound survey; a new one each time."""
    tree = read_tree(text.encode(), syntax)
    if isinstance(tree, Problem):
        raise refusal("survey", [tree])
    return tree.root


async def find_work(db: Database, workspace_id: UUID, key: str) -> Work:
    """What there is under a key. Raises NotFoundError (`survey_unknown`) when that is nothing."""
    record = await surveys.get_survey(db, workspace_id, key)
    draft = await drafts.get_draft(db, workspace_id, key)
    if draft is not None:
        return Work(key, record, draft, draft.text, draft.format)
    record = SURVEY.found(record, key)
    text, syntax = await text_of_version(db, workspace_id, record, record.version)
    return Work(key, record, None, text, syntax)


async def text_of_version(
    db: Database, workspace_id: UUID, record: SurveyRecord, number: int
) -> tuple[str, Syntax]:
    """A version as it was pushed, else written anew. Raises NotFoundError (`survey_unknown`)."""
    source = await surveys.get_source(db, workspace_id, record.id, number)
    if source is not None:
        return source.text, source.format
    found = await surveys.get_version(db, workspace_id, record.id, number)
    version = SURVEY.found(found, f"{record.key} version {number}")
    return write_survey(read_published(version.definition)), "yaml"


async def save_work(
    db: Database,
    workspace_id: UUID,
    key: str,
    *,
    text: str,
    syntax: Syntax,
    revision: int,
    version: int,
    account_id: UUID,
    now: datetime,
    new_id: Callable[[], UUID],
) -> bool:
    """Save the draft that was begun at this revision; False when somebody was faster."""
    draft = SurveyDraft(
        id=new_id(),
        key=key,
        text=text,
        format=syntax,
        revision=revision + 1,
        version=version,
        account_id=account_id,
        updated_at=now,
    )
    return await drafts.save_draft(db, workspace_id, draft)


def source_of(text: str, syntax: Syntax) -> SurveySource | None:
    """What is kept of a text beside the version that it becomes; JSON has no comments to keep."""
    return None if syntax == "json" else SurveySource(text, syntax)
