"""`POST /v1/public/responses`: the submit route, off the ordinary handler path for speed."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar.types import Receive

from harken_server.http.bodies import decode_json, read_body, require_json
from harken_server.http.encodings import Headers, headers_of
from harken_server.http.failures import CORS_HEADERS, PREFLIGHT_HEADERS
from harken_server.http.fast import Answer, FastRoute
from harken_server.http.operations import SUBMIT_PATH
from harken_server.http.problems import BadRequestError
from harken_server.http.runtime import Runtime, admit, admit_subject
from harken_server.invitations.codes import code_subject
from harken_server.kernel.errors import Problem
from harken_server.kernel.person_names import trim_respondent
from harken_server.responses.asked import (
    Collection,
    collection_of,
    find_asked,
    invalid,
    kept_id,
)
from harken_server.responses.known import Way
from harken_server.responses.programs.sender import Sender
from harken_server.responses.store.row import get_response
from harken_server.responses.submission import MAX_SUBMISSION_BYTES, Submission
from harken_server.responses.submit import submit_response
from harken_server.workspaces import access
from harken_server.workspaces.access import WorkspaceCatalog
from harken_server.workspaces.rules.channels import ChannelNames
from harken_server.workspaces.store.workspaces import declared_channels
from harken_server.workspaces.workspace import ApiKey, Workspace

_RECEIPT_HEADERS = (*CORS_HEADERS, (b"content-type", b"application/json"))
_encoder = msgspec.json.Encoder()


async def take_submission(runtime: Runtime, scope: Any, receive: Receive) -> Answer:
    """Take one submission (JSON, also as text/plain) and answer with its receipt."""
    if scope["method"] == "OPTIONS":
        return Answer(204, PREFLIGHT_HEADERS, b"")
    if scope["method"] != "POST":
        raise BadRequestError("Send submissions with POST.", code="method_not_allowed", status=405)
    headers = headers_of(scope)
    require_json(headers)
    admit(runtime, scope, "submissions")
    raw = await read_body(receive, MAX_SUBMISSION_BYTES, headers)
    key = await _find_key(runtime, scope["query_string"], headers)
    workspace = None if key is None else await runtime.of(WorkspaceCatalog).get(key.workspace_id)
    is_trusted = b"authorization" in headers and key is not None and access.reaches(key, "write")
    submission = decode_json(raw, Submission)
    if submission.token is not None:
        admit_subject(runtime, "answers with this code", code_subject(submission.token))
    trim_respondent(submission, blank="nobody")
    room = collection_of(runtime)
    names = runtime.of(ChannelNames)
    await _require_channel(room, names, submission, workspace, is_trusted=is_trusted)
    way = Way(is_trusted=True) if is_trusted else Way(sender=Sender(runtime, scope))
    receipt = await submit_response(room, submission, way, workspace=workspace)
    return Answer(201, _RECEIPT_HEADERS, _encoder.encode(receipt))


async def _require_channel(
    room: Collection,
    names: ChannelNames,
    submission: Submission,
    workspace: Workspace | None,
    *,
    is_trusted: bool,
) -> None:
    """Raise InvalidSubmissionError with the word that was meant, unless the channel is known, and
    for one that proves something and is only claimed.

    Only what no server has as its own is looked up. What was stored with it may be sent again,
    also when the workspace has taken its channel away since.
    """
    channel, has_invitation = submission.channel, submission.token is not None
    if channel is None:
        return
    may_say = is_trusted or names.is_claimable(channel, has_invitation=has_invitation)
    if may_say and channel in names.built_in:
        return
    asked = await find_asked(room, submission, workspace)
    record = asked.loaded.record
    problems: tuple[Problem, ...] = ()
    if not may_say and not (asked.invitation and asked.invitation.channel == channel):
        problems = (names.check_claimed(channel),)
    elif may_say:
        declared = await declared_channels(room.db, record.workspace_id)
        problems = tuple(names.check(channel, declared))
    if not problems:
        return
    own_id = kept_id(room.keys, asked.loaded, submission.id)
    stored = await get_response(room.db, record.workspace_id, record.id, own_id)
    if stored is None or stored.channel != channel:
        raise invalid(problems)


async def _find_key(runtime: Runtime, query: bytes, headers: Headers) -> ApiKey | None:
    """The key of the header, else of the query; both name a workspace and keep to their sites.

    A key in an address is public, whatever it reaches, so only one in the header is trusted.
    """
    sent, from_page = headers.get(b"authorization"), headers.get(b"origin")
    origin = None if from_page is None else from_page.decode("latin-1")
    if sent is not None:
        return access.require_public(
            await access.find_bearer(runtime, sent.decode("latin-1")), origin
        )
    secret = access.key_in_query(query) if query else None
    return None if secret is None else await access.find_public_key(runtime, secret, origin)


SUBMIT = FastRoute(
    SUBMIT_PATH,
    take_submission,
    on_problem=(*CORS_HEADERS, (b"access-control-expose-headers", b"retry-after")),
    is_bare=True,
)
