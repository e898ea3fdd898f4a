"""Signed read-only links: to the results page of a survey, and to its rows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import export_url, results_url
from harken_server.surveys.addresses import slug_in_links
from harken_server.surveys.api.surveys import find_record
from harken_server.workspaces.keyed import Call, post


class LinkBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How long the link is to work."""

    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 90


class LinkReply(msgspec.Struct, kw_only=True):
    """A signed read-only link."""

    url: str
    expires_at: datetime


@post(
    "/surveys/{key:str}/results-link",
    "create_results_link",
    "A signed link to the survey's results page",
    status=201,
    errors=(404,),
    may_be_empty=True,
)
async def results_link(call: Call, key: str, body: LinkBody) -> LinkReply:
    """Whoever has the link may read the results of this one survey until it expires."""
    return await _make_link(call, key, body, results_url)


@post(
    "/surveys/{key:str}/export-link",
    "create_export_link",
    "A signed link to the survey's responses as CSV, for spreadsheets",
    status=201,
    errors=(404,),
    may_be_empty=True,
)
async def export_link(call: Call, key: str, body: LinkBody) -> LinkReply:
    """Whoever has the link may read every response of this one survey until it expires."""
    return await _make_link(call, key, body, export_url)


async def _make_link(call: Call, key: str, body: LinkBody, build: Callable[..., str]) -> LinkReply:
    await find_record(call, key)
    workspace = call.workspace
    expires_at = (call.now() + timedelta(days=body.days)).replace(microsecond=0)
    url = build(
        call.runtime.settings.of(HttpSettings).public_url,
        call.runtime.signing_keys,
        workspace_id=workspace.id,
        survey=key,
        expires_at=expires_at,
        workspace=slug_in_links(call.runtime, workspace),
    )
    return LinkReply(url=url, expires_at=expires_at)
