"""`/s/{survey}` and `/i/{token}`: the hosted survey page over HTTP. GET, HEAD and POST only.

These pages have headers and error pages of their own, and bodies that are kept compressed.
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from harken_server.channels.page.destination import (
    Destination,
    Visit,
    find_destination,
    notice_for,
    open_named,
    retry_after_s,
)
from harken_server.channels.page.documents import Answer, PackedDocument
from harken_server.channels.page.flow import take_page
from harken_server.channels.page.forms import (
    TRAP,
    Form,
    FormId,
    first_value,
    make_form_id,
    read_form,
    read_form_id,
)
from harken_server.channels.page.had_again import form_had, other_address, tag_of
from harken_server.channels.page.shown import show_page
from harken_server.http.bodies import too_large
from harken_server.http.declared import Arrival, Methods
from harken_server.http.encodings import Coding, coding_of, encoded
from harken_server.http.packed import Reply
from harken_server.http.pages import Document, fast_page, page
from harken_server.http.problems import BadRequestError, log_storage_failure
from harken_server.http.runtime import Runtime, admit, admit_subject, count_guess
from harken_server.invitations.codes import code_subject
from harken_server.invitations.named import NAME
from harken_server.kernel.errors import HarkenError, StorageError
from harken_server.responses.asked import collection_of
from harken_server.responses.programs.rules import Sign
from harken_server.responses.programs.sender import Sender
from harken_server.responses.submission import MAX_SUBMISSION_BYTES
from harken_server.surveys.survey import Survey

FORM_MEDIA_TYPE = b"application/x-www-form-urlencoded"
MAX_QUERY_BYTES = 4 * 1024

_Headers: TypeAlias = dict[str, str]
PAGE_METHODS: Methods = ("GET", "HEAD", "POST")


def explain_kindly(error: HarkenError, visit: Visit, survey: Survey | None) -> Document:
    """The ordinary page for a failure."""
    return notice_for(error, visit.accept_language, survey)


class AddressKind(msgspec.Struct, frozen=True):
    """How one kind of address leads to a survey; `serve_page` does the rest."""

    open: Callable[[Runtime, Visit], Awaitable[Destination]]
    """Finds what the address stands for, and stores nothing."""
    leave: Callable[[Runtime, Destination, UUID, Any], Awaitable[None]] | None = None
    """Called after a page was saved, with the response's id and the request's scope."""
    explain: Callable[[HarkenError, Visit, Survey | None], Document] = explain_kindly
    """The kind page for a failure."""


async def _open_entrance(runtime: Runtime, visit: Visit) -> Destination:
    return await find_destination(collection_of(runtime), visit)


async def _open_survey(runtime: Runtime, visit: Visit) -> Destination:
    return await (open_named if NAME in visit.query else _open_entrance)(runtime, visit)


_ORDINARY = AddressKind(_open_entrance)
_PUBLIC = AddressKind(_open_survey)


@page("/s/{address:str}", method=PAGE_METHODS)
async def survey_page(arrival: Arrival) -> Reply:
    """The page of a survey that anyone may answer."""
    return await serve_page(arrival, _PUBLIC)


SURVEY_PAGE = fast_page(survey_page, "/s/{address}")


@page(["/i/{token:str}", "/I/{token:str}"], method=PAGE_METHODS)
async def invitation_page(arrival: Arrival) -> Reply:
    """The page of one invitation. Upper case too: a QR of capitals is smaller."""
    return await serve_page(arrival)


async def serve_page(arrival: Arrival, entrance: AddressKind = _ORDINARY) -> Reply:
    """The page behind an address, or the next one after the page that was sent."""
    runtime, scope = arrival.runtime, arrival.scope
    visit, form, survey = _visit_of(arrival), None, None
    try:
        _check_request(arrival)
        if scope["query_string"]:
            visit = msgspec.structs.replace(visit, query=read_form(scope["query_string"]))
        if visit.is_sent:
            form = read_form(await arrival.body(MAX_SUBMISSION_BYTES))
            form_id, sender = _form_id_of(runtime, form), _sender_of(arrival, form)
            visit = msgspec.structs.replace(visit, form_id=form_id, sender=sender)
        destination = await entrance.open(runtime, visit)
        survey = destination.loaded.survey
        if form is None:
            shown, form_id = await show_page(collection_of(runtime), destination, visit)
            return _reply(arrival, shown, str(form_id), is_begun=True)
        taken = await take_page(collection_of(runtime), destination, visit, form)
        if entrance.leave is not None and taken.saved_id is not None:
            await entrance.leave(runtime, destination, taken.saved_id, scope)
        more = _headers_of(StorageError("")) if taken.answer.status == 503 else {}
        return _reply(arrival, taken.answer, str(visit.form_id), more)
    except HarkenError as error:
        log_storage_failure(error)
        count_guess(runtime, scope, error)
        return _reply(arrival, entrance.explain(error, visit, survey), "", _headers_of(error))


def _visit_of(arrival: Arrival) -> Visit:
    runtime, scope = arrival.runtime, arrival.scope
    is_sent = scope["method"] == "POST"
    return Visit(
        path=scope["path"],
        address=scope["path_params"].get("address"),
        token=scope["path_params"].get("token"),
        query={},
        form_id=make_form_id(runtime.signing_keys, runtime.new_id()),
        accept_language=arrival.header("accept-language") or "",
        is_sent=is_sent,
        had=None if is_sent else form_had(arrival.headers, runtime.signing_keys, runtime.clock),
        sends_to="" if is_sent else other_address(scope["query_string"]),
    )


def _form_id_of(runtime: Runtime, form: Form) -> FormId:
    """Whose form was sent. Raises BadRequestError for one that was not made here."""
    sent_id = read_form_id(runtime.signing_keys, first_value(form, "r"))
    if sent_id is None:
        raise BadRequestError("The form names no response.", code="malformed_form")
    return sent_id


def _sender_of(arrival: Arrival, form: Form) -> Sender:
    """Who sent this form, perhaps with something in the field that nobody sees."""
    signs: tuple[Sign, ...] = ("hidden_field",) if first_value(form, TRAP) else ()
    return Sender(arrival.runtime, arrival.scope, signs)


def _reply(
    arrival: Arrival,
    shown: Answer,
    form_id: str,
    more: _Headers | None = None,
    *,
    is_begun: bool = False,
) -> Reply:
    """The page in its form; `more` goes with a refusal, and a tag with a page that begins."""
    coding = coding_of(arrival.headers)
    if isinstance(shown, PackedDocument):
        body = shown.encoded(form_id, coding)
    else:
        body = encoded(shown.body, coding)
    headers = _page_headers(shown.status, shown.locale, shown.policy, coding)
    own = ((b"etag", tag_of(form_id)),) if is_begun else ()
    return Reply(shown.status, {**headers, **more} if more else headers, body, own)


def _headers_of(error: HarkenError) -> _Headers:
    seconds = retry_after_s(error)
    return {} if seconds is None else {"retry-after": str(seconds)}


def _check_request(arrival: Arrival) -> None:
    scope, headers = arrival.scope, arrival.headers
    is_sent = scope["method"] == "POST"
    if is_sent or "token" in scope["path_params"]:  # somebody may be guessing
        admit(arrival.runtime, scope)
    if is_sent and "token" in scope["path_params"]:
        subject = code_subject(scope["path_params"]["token"])
        admit_subject(arrival.runtime, "answers with this code", subject)
    if len(scope["query_string"]) > MAX_QUERY_BYTES:
        raise BadRequestError("The query is too long.", code="bad_parameter", status=414)
    if not is_sent:
        return
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != FORM_MEDIA_TYPE:
        raise BadRequestError("Send a form.", code="unsupported_media_type", status=415)
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length[:12]) > MAX_SUBMISSION_BYTES:
        raise too_large(MAX_SUBMISSION_BYTES)


@lru_cache(maxsize=512)
def _page_headers(status: int, locale: str, policy: str, coding: Coding) -> _Headers:
    """Pages may be kept for going back, and must be asked for again otherwise."""
    headers = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex",
        "vary": "Accept-Language, Accept-Encoding",
        "content-type": "text/html; charset=utf-8",
        "content-language": locale.encode("ascii", "replace").decode(),
        "content-security-policy": policy,
        "cache-control": "private, no-cache" if status in {200, 422} else "no-store",
    }
    if "frame-ancestors 'none'" in policy:  # an older word, which knows no origins
        headers["x-frame-options"] = "DENY"
    return {**headers, "content-encoding": coding} if coding else headers
