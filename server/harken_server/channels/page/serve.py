"""`/s/{survey}` and `/i/{token}`: the hosted survey page over HTTP. GET, HEAD and POST only.

The handlers give back plain ASGI applications: a page needs its own headers, its own error pages
and a kept body, and nothing of what the framework does for JSON.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from litestar import HttpMethod, Request, route
from litestar.types import ASGIApp, Receive, Scope, Send

from harken_server.channels.page.destination import (
    Destination,
    Visit,
    find_destination,
    notice_for,
    retry_after_s,
)
from harken_server.channels.page.documents import PackedDocument
from harken_server.channels.page.flow import (
    Answer,
    show_page,
    take_page,
)
from harken_server.channels.page.forms import (
    Form,
    FormId,
    first_value,
    make_form_id,
    read_form,
    read_form_id,
)
from harken_server.channels.page.named_links import NAME, open_named
from harken_server.http.bodies import read_body, too_large
from harken_server.http.encodings import Coding, coding_of, encoded
from harken_server.http.pages import Document
from harken_server.http.problems import BadRequestError
from harken_server.http.runtime import Runtime, admit, runtime_of
from harken_server.http.storage_log import log_storage_failure
from harken_server.kernel.errors import HarkenError, StorageError
from harken_server.responses.asked import collection_of
from harken_server.responses.submission import MAX_SUBMISSION_BYTES
from harken_server.surveys.survey import Survey

FORM_MEDIA_TYPE = b"application/x-www-form-urlencoded"
MAX_QUERY_BYTES = 4 * 1024

_Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]
_FIXED_HEADERS: _Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex"),
    (b"vary", b"Accept-Language, Accept-Encoding"),
)


PAGE_METHODS = [HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST]


class AddressKind(msgspec.Struct, frozen=True):
    """How one kind of address leads to a survey; `serve_page` does the rest."""

    open: Callable[[Runtime, Visit], Awaitable[Destination]]
    """Finds what the address stands for; only a visit by POST may store anything."""
    leave: Callable[[Runtime, Destination, UUID, Any], Awaitable[None]] | None = None
    """Called after a page was saved, with the response's id and the request's scope."""
    explain: Callable[[HarkenError, Visit, Survey | None], Document] | None = None
    """The kind page for a failure, where it is not the ordinary one."""


async def _open_entrance(runtime: Runtime, visit: Visit) -> Destination:
    return await find_destination(collection_of(runtime), visit)


async def _open_survey(runtime: Runtime, visit: Visit) -> Destination:
    return await (open_named if NAME in visit.query else _open_entrance)(runtime, visit)


_ORDINARY = AddressKind(_open_entrance)
_PUBLIC = AddressKind(_open_survey)


@route("/s/{address:str}", http_method=PAGE_METHODS, status_code=200)
async def survey_page(request: Request[Any, Any, Any]) -> ASGIApp:
    """The page of a survey that anyone may answer."""
    return await serve_page(request, _PUBLIC)


@route(["/i/{token:str}", "/I/{token:str}"], http_method=PAGE_METHODS, status_code=200)
async def invitation_page(request: Request[Any, Any, Any]) -> ASGIApp:
    """The page of one invitation. Upper case too: a QR of capitals is smaller."""
    return await serve_page(request)


async def serve_page(request: Request[Any, Any, Any], entrance: AddressKind = _ORDINARY) -> ASGIApp:
    """The page behind an address, or the next one after the page that was sent."""
    runtime = runtime_of(request)
    scope: Any = request.scope
    headers: dict[bytes, bytes] = dict(scope["headers"])
    form_id = make_form_id(runtime.signing_keys, runtime.new_id())
    answer, extra = await _answer(runtime, entrance, request, headers, form_id)
    status, more, body = _encode(answer, form_id, coding_of(headers))
    start: Any = {
        "type": "http.response.start",
        "status": status,
        "headers": [*_FIXED_HEADERS, *more, *extra, (b"content-length", b"%d" % len(body))],
    }
    sent = b"" if scope["method"] == "HEAD" else body

    async def reply(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(start)
        await send({"type": "http.response.body", "body": sent, "more_body": False})

    return reply


async def _answer(
    runtime: Runtime,
    entrance: AddressKind,
    request: Request[Any, Any, Any],
    headers: dict[bytes, bytes],
    form_id: FormId,
) -> tuple[Answer, _Headers]:
    """The page for a request, and the headers that go with a refusal."""
    scope: Any = request.scope
    visit = Visit(
        path=scope["path"],
        address=scope["path_params"].get("address"),
        token=scope["path_params"].get("token"),
        query={},
        form_id=form_id,
        accept_language=headers.get(b"accept-language", b"").decode("latin-1"),
        is_sent=scope["method"] == "POST",
    )
    survey: Survey | None = None
    try:
        _check_request(runtime, scope, headers)
        visit = msgspec.structs.replace(visit, query=read_form(scope["query_string"]))
        form = await _read_sent(request.receive) if visit.is_sent else None
        if form is not None:
            sent_id = read_form_id(runtime.signing_keys, first_value(form, "r"))
            visit = msgspec.structs.replace(visit, form_id=sent_id)
        room = collection_of(runtime)
        destination = await entrance.open(runtime, visit)
        survey = destination.loaded.survey
        if form is None:
            return await show_page(room, destination, visit), ()
        taken = await take_page(room, destination, visit, form)
        if entrance.leave is not None and taken.saved_id is not None:
            await entrance.leave(runtime, destination, taken.saved_id, scope)
        return taken.answer, _headers_of(StorageError("")) if taken.answer.status == 503 else ()
    except HarkenError as error:
        log_storage_failure(error)
        if entrance.explain is not None:
            return entrance.explain(error, visit, survey), _headers_of(error)
        return notice_for(error, visit.accept_language, survey), _headers_of(error)


def _headers_of(error: HarkenError) -> _Headers:
    seconds = retry_after_s(error)
    return () if seconds is None else ((b"retry-after", b"%d" % seconds),)


def _check_request(runtime: Runtime, scope: Any, headers: dict[bytes, bytes]) -> None:
    method = scope["method"]
    if "token" in scope["path_params"] or method == "POST":  # somebody may be guessing
        admit(runtime, scope)
    if len(scope["query_string"]) > MAX_QUERY_BYTES:
        raise BadRequestError("The query is too long.", code="bad_parameter", status=414)
    if method != "POST":
        return
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != FORM_MEDIA_TYPE:
        raise BadRequestError("Send a form.", code="unsupported_media_type", status=415)
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length[:12]) > MAX_SUBMISSION_BYTES:
        raise too_large(MAX_SUBMISSION_BYTES)


async def _read_sent(receive: Receive) -> Form:
    return read_form(await read_body(receive, MAX_SUBMISSION_BYTES))


def _encode(answer: Answer, form_id: FormId, coding: Coding) -> tuple[int, _Headers, bytes]:
    if isinstance(answer, PackedDocument):
        body = answer.encoded(form_id, coding)
    else:
        body = encoded(answer.body, coding)
    return answer.status, _page_headers(answer, coding), body


def _page_headers(page: Document | PackedDocument, coding: Coding) -> _Headers:
    """Pages may be kept for going back, and must be asked for again otherwise."""
    kept = b"private, no-cache" if page.status in {200, 422} else b"no-store"
    headers: _Headers = (
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-language", page.locale.encode("ascii", "replace")),
        (b"content-security-policy", page.policy.encode("ascii")),
        (b"cache-control", kept),
    )
    if "frame-ancestors 'none'" in page.policy:  # an older word, which knows no origins
        headers = (*headers, (b"x-frame-options", b"DENY"))
    return (*headers, (b"content-encoding", coding.encode())) if coding else headers
