"""Signed read-only links: to the results page of a survey, and to its rows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath

from harken_server.http.bodies import decode_json
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import json_reply
from harken_server.http.runtime import runtime_of
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import export_url, results_url
from harken_server.surveys.addresses import slug_in_links
from harken_server.surveys.api.surveys import find_record
from harken_server.workspaces.access import workspace_of


class LinkBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How long the link is to work."""

    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 90


class LinkReply(msgspec.Struct, kw_only=True):
    """A signed read-only link."""

    url: str
    expires_at: datetime


_links = msgspec.json.Decoder(LinkBody)


@post(
    "/surveys/{key:str}/results-link",
    opt=describe(
        Operation(
            "create_results_link",
            "A signed link to the survey's results page",
            body=LinkBody,
            reply=LinkReply,
            status=201,
            errors=(400, 404, 413, 422),
        )
    ),
)
async def results_link(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """Whoever has the link may read the results of this one survey until it expires."""
    return await _make_link(request, key, results_url)


@post(
    "/surveys/{key:str}/export-link",
    opt=describe(
        Operation(
            "create_export_link",
            "A signed link to the survey's responses as CSV, for spreadsheets",
            body=LinkBody,
            reply=LinkReply,
            status=201,
            errors=(400, 404, 413, 422),
        )
    ),
)
async def export_link(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """Whoever has the link may read every response of this one survey until it expires."""
    return await _make_link(request, key, export_url)


async def _make_link(
    request: Request[Any, Any, Any], key: str, build: Callable[..., str]
) -> Response[bytes]:
    runtime = runtime_of(request)
    body = decode_json(await request.body() or b"{}", _links)
    await find_record(request, key)
    workspace = workspace_of(request)
    expires_at = (runtime.clock() + timedelta(days=body.days)).replace(microsecond=0)
    url = build(
        runtime.settings.of(HttpSettings).public_url,
        runtime.signing_keys,
        workspace_id=workspace.id,
        survey=key,
        expires_at=expires_at,
        workspace=slug_in_links(runtime, workspace),
    )
    return json_reply(LinkReply(url=url, expires_at=expires_at), 201)


ROUTES = (results_link, export_link)
