"""`/u/{token}`: stop the messages, with one request (RFC 8058) or on a page. A GET stops nothing.

No cookie and no login: the signed token says whom it is for, and shows nothing of them.
"""

from typing import Any, get_args

import msgspec
from litestar import HttpMethod, Request, Response, route
from litestar.params import FromPath

from harken_server.channels.email.pages.link_pages import (
    ChoiceView,
    render_choices,
    render_saved,
    render_stop,
    render_stopped,
    render_unknown,
)
from harken_server.channels.email.preferences import (
    Preference,
    Recipient,
    find_recipient,
    read_preference,
    set_preference,
)
from harken_server.channels.page.documents import Document
from harken_server.channels.page.forms import first_value, read_form
from harken_server.channels.page.wording import preferred_locales
from harken_server.http.limits import admit
from harken_server.http.problems import BadRequestError
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.kernel.errors import Problem
from harken_server.surveys.catalog import Catalog

MAX_FORM_BYTES = 4 * 1024
_METHODS = [HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST]
_CHOICES: frozenset[str] = frozenset(get_args(Preference))


@route("/u/{token:str}", http_method=_METHODS, status_code=200)
async def unsubscribe(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[bytes]:
    """GET asks; POST stops all messages to the person at once, whatever its body says."""
    runtime = runtime_of(request)
    recipient = await _find(runtime, request, token)
    if recipient is None:
        return _unknown(request)
    view = await _view(runtime, request, recipient, token)
    if request.method != HttpMethod.POST:
        return _page(render_stop(view))
    await _choose(runtime, recipient, "nothing")
    return _page(render_stopped(view))


@route("/u/{token:str}/preferences", http_method=_METHODS, status_code=200)
async def preferences(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[bytes]:
    """What the person lets us ask: shown by GET, chosen by POST."""
    runtime = runtime_of(request)
    recipient = await _find(runtime, request, token)
    if recipient is None:
        return _unknown(request)
    view = await _view(runtime, request, recipient, token)
    if request.method != HttpMethod.POST:
        return _page(render_choices(view))
    await _choose(runtime, recipient, await _read_choice(request))
    holds = await read_preference(runtime.db, recipient)
    return _page(render_saved(msgspec.structs.replace(view, choice=holds)))


async def _find(runtime: Runtime, request: Request[Any, Any, Any], token: str) -> Recipient | None:
    """Only guesses are limited: a mail provider stops messages for many people from one address."""
    found = await find_recipient(runtime.db, runtime.signing_keys, token, runtime.clock())
    if found is None:
        admit(runtime, request.scope)
    return found


async def _choose(runtime: Runtime, recipient: Recipient, preference: Preference) -> None:
    await set_preference(
        runtime.db, recipient, preference, now=runtime.clock(), new_id=runtime.new_id
    )


async def _view(
    runtime: Runtime, request: Request[Any, Any, Any], recipient: Recipient, token: str
) -> ChoiceView:
    invitation = recipient.invitation
    loaded = await runtime.of(Catalog).by_id(invitation.workspace_id, invitation.survey_id)
    return ChoiceView(
        survey=loaded.survey,
        locale=invitation.locale or _browser_locale(request) or loaded.survey.locale,
        token=token,
        choice=await read_preference(runtime.db, recipient),
    )


async def _read_choice(request: Request[Any, Any, Any]) -> Preference:
    body = await request.body()
    if len(body) > MAX_FORM_BYTES:
        raise BadRequestError("The form is too large.", code="body_too_large", status=413)
    chosen = first_value(read_form(body), "choice")
    if chosen not in _CHOICES:
        message = f"`choice` must be one of {', '.join(sorted(_CHOICES))}."
        raise BadRequestError(
            message, code="bad_choice", status=422, problems=(Problem("$.choice", "enum", message),)
        )
    return msgspec.convert(chosen, Preference)


def _browser_locale(request: Request[Any, Any, Any]) -> str:
    return next(iter(preferred_locales(request.headers.get("accept-language", ""))), "")


def _unknown(request: Request[Any, Any, Any]) -> Response[bytes]:
    return _page(render_unknown(_browser_locale(request) or "en"))


def _page(page: Document) -> Response[bytes]:
    return Response(
        page.body,
        status_code=page.status,
        media_type="text/html; charset=utf-8",
        headers={
            "cache-control": "no-store",
            "content-language": page.locale,
            "content-security-policy": page.policy,
            "referrer-policy": "no-referrer",
            "x-frame-options": "DENY",
            "x-robots-tag": "noindex",
        },
    )
