"""`/mail-preview/{survey}`: how a survey's e-mail looks, behind a signed link."""

from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath

from harken_server.channels.email.message.preview import (
    FRAME_POLICY,
    SAMPLE_CODE,
    PreviewChoices,
    in_scheme,
    render_preview,
)
from harken_server.channels.email.message.render import render_invitation_mail
from harken_server.channels.email.message.views import MailDocument, MailKind, MailView
from harken_server.channels.page.wording import choose_locale, offered_locales
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import may_preview_mail
from harken_server.kernel.errors import NotFoundError
from harken_server.surveys.catalog import Catalog, LoadedSurvey
from harken_server.surveys.survey import Survey

MAX_ADDRESS_CHARS = 97
"""A survey key behind a workspace and a dot."""
_UNSUBSCRIBE = "/u/sample"
_HTML = "text/html"


def sample_mail(runtime: Runtime, survey: Survey, locale: str, kind: MailKind) -> MailDocument:
    """The message as a recipient of whom nothing is known would get it; its links lead nowhere."""
    url = runtime.settings.of(HttpSettings).public_url
    view = MailView(
        survey=survey,
        locale=locale,
        code=SAMPLE_CODE,
        public_url=url,
        unsubscribe_url=url.rstrip("/") + _UNSUBSCRIBE,
        is_reminder=kind == "reminder",
    )
    return render_invitation_mail(view)


@get("/mail-preview/{survey:str}")
async def show_preview(request: Request[Any, Any, Any], survey: FromPath[str]) -> Response[bytes]:
    """The page, or with `part=frame` the message alone for the page's frame."""
    runtime = runtime_of(request)
    token = str(request.query_params.get("token", ""))
    loaded = await _find(runtime, survey, token)
    if loaded is None:
        return _reply(
            b"This preview link is not valid, or no longer.", status=403, kind="text/plain"
        )
    choices = _choices(request, loaded.survey)
    mail = sample_mail(runtime, loaded.survey, choices.locale, choices.kind)
    if request.query_params.get("part") == "frame":
        body = in_scheme(mail, choices.scheme).encode()
        return _reply(body, policy=FRAME_POLICY, framed="SAMEORIGIN")
    page = render_preview(mail, choices, offered_locales(loaded.survey), token)
    return _reply(page.body, policy=page.policy)


async def _find(runtime: Runtime, address: str, token: str) -> LoadedSurvey | None:
    """The survey, when the link to it is good: nothing else is told apart."""
    if len(address) > MAX_ADDRESS_CHARS:
        return None
    try:
        loaded = await runtime.of(Catalog).find(address)
    except NotFoundError:
        return None
    is_good = may_preview_mail(
        runtime.signing_keys,
        token,
        workspace_id=loaded.workspace.id,
        survey=loaded.record.key,
        now=runtime.clock(),
    )
    return loaded if is_good else None


def _choices(request: Request[Any, Any, Any], survey: Survey) -> PreviewChoices:
    """What the address says; what it says wrongly is as if not said."""
    wanted = str(request.query_params.get("locale", ""))[:35]
    chosen = PreviewChoices(locale=choose_locale(survey, wanted, ""))
    for name in ("kind", "device", "scheme"):
        given = {**msgspec.to_builtins(chosen), name: str(request.query_params.get(name, ""))}
        try:
            chosen = msgspec.convert(given, PreviewChoices)
        except msgspec.ValidationError:
            continue
    return chosen


def _reply(
    body: bytes,
    *,
    policy: str = "default-src 'none'",
    status: int = 200,
    kind: str = _HTML,
    framed: str = "DENY",
) -> Response[bytes]:
    return Response(
        body,
        status_code=status,
        media_type=kind,
        headers={
            "content-security-policy": policy,
            "cache-control": "private, no-store",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "x-frame-options": framed,
            "x-robots-tag": "noindex",
        },
    )
