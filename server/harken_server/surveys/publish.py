"""Pushing a survey file: compare with what is published, refuse or store a new version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.kernel.errors import ConflictError, InvalidDefinitionError
from harken_server.surveys.definition import encode_survey, read_published, survey_digest
from harken_server.surveys.protection import check_promise
from harken_server.surveys.published import Change, SurveyRecord, SurveySource, SurveyStatus
from harken_server.surveys.questions.changes import ChangeLine
from harken_server.surveys.store import surveys, touchpoints
from harken_server.surveys.survey import Survey
from harken_server.surveys.version_changes import check_key_types, compare_surveys
from harken_server.workspaces.workspace import Workspace

PushChange: TypeAlias = Change | Literal["none"]


class Pushed(msgspec.Struct, kw_only=True, frozen=True):
    """What a push did, or would do."""

    key: str
    status: SurveyStatus
    version: int
    change: PushChange
    changes: tuple[ChangeLine, ...]
    is_stored: bool


async def push_survey(
    db: Database,
    workspace: Workspace,
    survey: Survey,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
    is_dry_run: bool = False,
    status: SurveyStatus = "live",
    source: SurveySource | None = None,
) -> Pushed:
    """Publish a definition as the next version; an unchanged one stores nothing.

    `status` is that of a survey pushed for the first time; later pushes keep the survey's own.
    Raises InvalidDefinitionError for a key that changes its type, ConflictError for two at once.
    """
    record = await surveys.get_survey(db, workspace.id, survey.key)
    definition = encode_survey(survey)
    change, lines = await _compare(db, workspace, record, survey, survey_digest(definition))
    planned = Pushed(
        key=survey.key,
        status=status if record is None else record.status,
        version=1 if record is None else record.version + (change != "none"),
        change=change,
        changes=lines,
        is_stored=change != "none" and not is_dry_run,
    )
    if change == "none" or is_dry_run:
        return planned
    expected, survey_id = (0, new_id()) if record is None else (record.version, record.id)
    async with db.transaction() as tx:
        await surveys.publish_version(
            tx, workspace.id, key=survey.key, definition=definition,
            digest=survey_digest(definition), change=change, expected=expected, now=now,
            survey_id=survey_id, version_id=new_id(), status=planned.status, source=source,
        )  # fmt: skip
        named = survey.touchpoints
        ids = [new_id() for _ in named]
        await touchpoints.assign_touchpoints(tx, workspace.id, survey.key, named, now, ids)
    return planned


async def read_versions(
    db: Database, workspace_id: UUID, record: SurveyRecord
) -> list[tuple[int, Survey]]:
    """All published versions of a survey, oldest first."""
    versions = await surveys.list_versions(db, workspace_id, record.id)
    return [(version.number, read_published(version.definition)) for version in versions]


async def _compare(
    db: Database, workspace: Workspace, record: SurveyRecord | None, survey: Survey, digest: str
) -> tuple[PushChange, tuple[ChangeLine, ...]]:
    if record is None:
        return "first", ()
    versions = await surveys.list_versions(db, workspace.id, record.id)
    if not versions:
        raise ConflictError(
            f"Survey {survey.key} is being published by another request.", code="version_conflict"
        )
    if versions[-1].digest == digest:
        return "none", ()
    older = [read_published(version.definition) for version in versions]
    problems = [*check_key_types(older, survey), *check_promise(older, survey)]
    if problems:
        raise InvalidDefinitionError(
            f"The definition of {survey.key} breaks with its earlier versions.", tuple(problems)
        )
    compared = compare_surveys(older[-1], survey)
    return compared.kind, compared.changes
