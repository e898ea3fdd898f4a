"""The survey that a page of Share is about, and where such pages are."""

from __future__ import annotations

from typing import NamedTuple

from harken_server.surveys.catalog import Catalog, LoadedSurvey, url_of_survey
from harken_server.surveys.titles import title_of
from harken_server.workspaces.people.visit import Visit

SHARE = "/share"
SURVEY = "/share/{survey:str}"
"""Its pages, below the workspace's address in the console."""


class Shared(NamedTuple):
    """A survey to share."""

    visit: Visit
    loaded: LoadedSurvey
    title: str
    url: str
    """Its public page."""

    @property
    def key(self) -> str:
        """Of the survey."""
        return self.loaded.record.key

    @property
    def is_live(self) -> bool:
        """Whether it takes answers."""
        return self.loaded.record.status == "live"

    def path(self, further: str = "") -> str:
        """Of a page about it, below the workspace's address."""
        return f"{SHARE}/{self.key}{further}"

    def at(self, further: str = "") -> str:
        """The address of a page about it."""
        return self.visit.path(self.path(further))

    @property
    def crumbs(self) -> tuple[tuple[str, str], ...]:
        """The way to the page of one way of sharing."""
        return (("Share", self.visit.path(SHARE)), (self.title, self.at()))


async def open_shared(visit: Visit, key: str) -> Shared:
    """The workspace's survey with this key. Raises NotFoundError (`survey_unknown`)."""
    loaded = await visit.runtime.of(Catalog).find(key, visit.workspace)
    url = url_of_survey(visit.runtime, visit.workspace, loaded.record.key)
    return Shared(visit, loaded, title_of(loaded.survey), url)
