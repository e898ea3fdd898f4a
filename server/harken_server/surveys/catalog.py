"""Surveys by address, compiled and kept in memory for a moment.

Versions never change, so they are kept as long as there is room. Which version is current, and
whether the survey is live, is asked again after `FRESH_S`.
"""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.http.resources import Resource
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.kernel.cache import Cached
from harken_server.kernel.errors import NotFoundError
from harken_server.surveys.answers.validation import CompiledSurvey, compile_survey
from harken_server.surveys.definition import read_published
from harken_server.surveys.protection import minimum_of
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.store import surveys
from harken_server.surveys.survey import Survey
from harken_server.workspaces.access import FRESH_S, WorkspaceCatalog
from harken_server.workspaces.store import workspaces
from harken_server.workspaces.workspace import Workspace

SURVEY = Resource("survey", "survey_unknown")


class LoadedSurvey(msgspec.Struct, frozen=True):
    """One version of a survey, ready to check answers with."""

    workspace: Workspace
    record: SurveyRecord
    number: int
    survey: Survey
    compiled: CompiledSurvey
    minimum: int
    """How many people's answers are shown together at least; 0: each is shown for itself."""


class Catalog:
    """Finds surveys without asking the database each time."""

    def __init__(self, db: Database, workspaces: WorkspaceCatalog) -> None:
        self.workspaces = workspaces
        self._db = db
        self._generation = 0
        self._current: Cached[LoadedSurvey] = Cached(FRESH_S)
        self._records: Cached[tuple[Workspace, SurveyRecord] | None] = Cached(FRESH_S)
        self._versions: Cached[tuple[Survey, CompiledSurvey, int] | None] = Cached(float("inf"))
        workspaces.on_forget(self._forget)

    async def find(self, address: str, workspace: Workspace | None = None) -> LoadedSurvey:
        """The current version of a survey by key, or by `workspace.key`.

        A bare key is looked up in the given workspace, else in the first one. Raises
        NotFoundError (`survey_unknown`).
        """
        asked = (address, None if workspace is None else workspace.id)
        kept = self._current.fresh(asked)
        if kept is not None:
            return kept
        generation = self._generation
        found = await self._records.get(asked, lambda: self._load_record(address, workspace))
        if found is None:
            raise SURVEY.missing(address)
        loaded = await self.load(*found)
        if generation == self._generation:
            self._current.keep(asked, loaded)
        return loaded

    async def load(
        self, workspace: Workspace, record: SurveyRecord, number: int | None = None
    ) -> LoadedSurvey:
        """A version of a survey; the current one unless a number is given.

        Raises NotFoundError (`version_unknown`) when there is no such version.
        """
        wanted = record.version if number is None else number
        asked = (record.id, wanted)
        kept = await self._versions.get(asked, lambda: self._load_version(record, wanted))
        if kept is None:
            self._versions.forget(asked)
            raise NotFoundError(
                f"Survey {record.key} has no version {wanted}; the current one is "
                f"{record.version}.",
                code="version_unknown",
            )
        return LoadedSurvey(workspace, record, wanted, *kept)

    async def by_id(self, workspace_id: UUID, survey_id: UUID) -> LoadedSurvey:
        """The current version of a survey by its id, as an invitation names it."""
        asked = ("id", survey_id)
        found = await self._records.get(asked, lambda: self._load_by_id(workspace_id, survey_id))
        if found is None:
            raise SURVEY.missing(survey_id)
        return await self.load(*found)

    def forget(self) -> None:
        """Ask again at once: something was just changed by this process."""
        self.workspaces.forget()

    def _forget(self) -> None:
        self._generation += 1
        self._current.clear()
        self._records.clear()

    async def _load_record(
        self, address: str, workspace: Workspace | None
    ) -> tuple[Workspace, SurveyRecord] | None:
        slug, _, key = address.rpartition(".")
        owner = workspace
        if slug:
            named = await workspaces.find_workspace(self._db, slug)
            if workspace is not None and (named is None or named.id != workspace.id):
                return None
            owner = named
        elif owner is None:
            owner = await workspaces.first_workspace(self._db)
        if owner is None:
            return None
        record = await surveys.get_survey(self._db, owner.id, key)
        return None if record is None else (owner, record)

    async def _load_by_id(
        self, workspace_id: UUID, survey_id: UUID
    ) -> tuple[Workspace, SurveyRecord] | None:
        record = await surveys.get_survey_by_id(self._db, workspace_id, survey_id)
        return None if record is None else (await self.workspaces.get(workspace_id), record)

    async def _load_version(
        self, record: SurveyRecord, number: int
    ) -> tuple[Survey, CompiledSurvey, int] | None:
        version = await surveys.get_version(self._db, record.workspace_id, record.id, number)
        if version is None:
            return None
        survey = read_published(version.definition)
        return survey, compile_survey(survey), minimum_of(survey)


def slug_in_links(runtime: Runtime, workspace: Workspace) -> str | None:
    """The workspace's part of public addresses; None for the first one."""
    return None if workspace.id == runtime.home else workspace.slug


def survey_address(survey: str, workspace: str | None) -> str:
    """`post_purchase`, or `acme.post_purchase` outside the first workspace; quoted for a path."""
    return quote(survey if workspace is None else f"{workspace}.{survey}")


def survey_url(public_url: str, survey: str, *, workspace: str | None = None) -> str:
    """Give the public page of a survey; `workspace` is the slug of any but the default one."""
    return f"{public_url.rstrip('/')}/s/{survey_address(survey, workspace)}"


def url_of_survey(runtime: Runtime, workspace: Workspace, key: str) -> str:
    """The public page of a survey of this workspace."""
    return survey_url(
        runtime.settings.of(HttpSettings).public_url,
        key,
        workspace=slug_in_links(runtime, workspace),
    )
