"""Signed read-only links: to the results page of a survey, and to its rows."""

from typing import Annotated

import msgspec

from harken_server.invitations.links import EXPORT, RESULTS, LinkReply, SurveyLink, sign_link
from harken_server.surveys.api.surveys import find_record
from harken_server.workspaces.keyed import Call, post


class LinkBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How long the link is to work."""

    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 90


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
    return await _make_link(call, key, body, RESULTS)


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
    return await _make_link(call, key, body, EXPORT)


async def _make_link(call: Call, key: str, body: LinkBody, link: SurveyLink) -> LinkReply:
    await find_record(call, key)
    return await sign_link(call.runtime, link, key, call.workspace, days=body.days)
