"""Public addresses of surveys."""

from __future__ import annotations

from urllib.parse import quote

from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.workspaces.workspace import Workspace


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
