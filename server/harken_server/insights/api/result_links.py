"""Signed read-only links: to the results page of a survey, and to its rows."""

from functools import partial
from typing import Annotated

import msgspec

from harken_server.invitations.links import EXPORT, RESULTS, LinkReply, SurveyLink, sign_link
from harken_server.surveys.catalog import SURVEY
from harken_server.surveys.store.surveys import get_survey
from harken_server.workspaces.access import Acting
from harken_server.workspaces.keyed import Call, post

MADE = {RESULTS: "create_results_link", EXPORT: "create_export_link"}
"""Under what the audit log says that somebody made one."""
_making = partial(post, status=201, errors=(404,), may_be_empty=True)


class LinkBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How long the link is to work."""

    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 90


@_making(
    "/surveys/{key:str}/results-link", MADE[RESULTS], "A signed link to the survey's results page"
)
async def results_link(call: Call, key: str, body: LinkBody) -> LinkReply:
    """Whoever has the link may read the results of this one survey until it expires."""
    return await make_link(call, key, RESULTS, days=body.days)


@_making(
    "/surveys/{key:str}/export-link",
    MADE[EXPORT],
    "A signed link to the survey's responses as CSV, for spreadsheets",
)
async def export_link(call: Call, key: str, body: LinkBody) -> LinkReply:
    """Whoever has the link may read every response of this one survey until it expires."""
    return await make_link(call, key, EXPORT, days=body.days)


async def make_link(acting: Acting, key: str, link: SurveyLink, *, days: int) -> LinkReply:
    """A link to something of one survey. Raises NotFoundError, and as `sign_link`."""
    SURVEY.found(await get_survey(acting.db, acting.workspace_id, key), key)
    act = acting.act(MADE[link])
    return await sign_link(acting.runtime, link, key, acting.workspace, days=days, act=act)
