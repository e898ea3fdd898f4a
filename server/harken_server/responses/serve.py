"""`POST /v1/public/responses`: the submit route, taken before the framework is asked, for speed."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from litestar.types import Receive

from harken_server.http.cross_site import CORS_HEADERS, PREFLIGHT_HEADERS
from harken_server.http.declared import Arrival, Caller, fast_route, only_json
from harken_server.http.fast import Answer, FastRoute
from harken_server.http.limits import admit
from harken_server.http.problems import BadRequestError
from harken_server.http.public import post
from harken_server.http.runtime import Runtime
from harken_server.responses.asked import collection_of
from harken_server.responses.submission import MAX_SUBMISSION_BYTES, Receipt, Submission
from harken_server.responses.submit import submit_response
from harken_server.workspaces.access import (
    WorkspaceCatalog,
    find_bearer,
    find_public_key,
    key_in_query,
    reaches,
    require_origin,
    require_scope,
)
from harken_server.workspaces.workspace import Workspace

SUBMIT_PATH = "/v1/public/responses"
_RECEIPT_HEADERS = (*CORS_HEADERS, (b"content-type", b"application/json"))


class SubmitQuery(msgspec.Struct, kw_only=True, frozen=True):
    """What a submission's address may hold; other parameters are not looked at."""

    key: str | None = None
    """An API key that names the workspace and keeps to its origins."""


class Submitter(NamedTuple):
    """Who submits: anybody, or with a key that names the workspace."""

    runtime: Runtime
    workspace: Workspace | None = None
    is_trusted: bool = False


async def _submitter(arrival: Arrival) -> Submitter:
    """By the key of the header, else of the query; both keep to their sites.

    A key in an address is public, whatever it reaches, so only one in the header is trusted.
    """
    runtime, sent = arrival.runtime, arrival.header("authorization")
    admit(runtime, arrival.scope, "submissions")
    if sent is not None:
        key = await find_bearer(runtime, sent)
        require_scope(key, "public")
        require_origin(key, arrival.header("origin"))
    else:
        query = arrival.scope["query_string"]
        secret = key_in_query(query) if query else None
        if secret is None:
            return Submitter(runtime)
        key = await find_public_key(runtime, secret, arrival.header("origin"))
    workspace = await runtime.of(WorkspaceCatalog).get(key.workspace_id)
    return Submitter(runtime, workspace, is_trusted=sent is not None and reaches(key, "write"))


@post(
    SUBMIT_PATH,
    "submit_response",
    "Submit a response; repeating it is safe and gives the same receipt",
    caller=Caller(_submitter, (401, 403, 429), query=SubmitQuery),
    scope="public",
    status=201,
    errors=(404, 409, 410),
    limit=MAX_SUBMISSION_BYTES,
    reads=only_json(Submission),
)
async def submit(submitter: Submitter, body: Submission) -> Receipt:
    """One submission, as JSON or as text/plain that holds JSON."""
    return await submit_response(
        collection_of(submitter.runtime),
        body,
        workspace=submitter.workspace,
        is_trusted=submitter.is_trusted,
    )


_take = fast_route(submit, SUBMIT_PATH, "POST").take


async def take_submission(runtime: Runtime, scope: Any, receive: Receive) -> Answer:
    """The declared operation with the headers of a page's other site, and nothing around it."""
    if scope["method"] == "OPTIONS":
        return Answer(204, PREFLIGHT_HEADERS, b"")
    if scope["method"] != "POST":
        raise BadRequestError("Send submissions with POST.", code="method_not_allowed", status=405)
    status, _, body = await _take(runtime, scope, receive)
    return Answer(status, _RECEIPT_HEADERS, body)


SUBMIT = FastRoute(
    SUBMIT_PATH,
    take_submission,
    on_problem=(*CORS_HEADERS, (b"access-control-expose-headers", b"retry-after")),
    is_bare=True,
)
