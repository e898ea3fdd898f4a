"""What people send by mail: a preview, snippets for their own mail service, personal links."""

import asyncio
import csv
import io
from datetime import datetime
from functools import partial
from typing import Annotated, Literal

import msgspec
from litestar import Response

from harken_server.channels.email.message.first_question import first_question, mail_question
from harken_server.channels.email.message.snippets import (
    PROVIDERS,
    ProviderKey,
    SnippetView,
    SnippetWay,
    render_snippet,
)
from harken_server.channels.email.message.views import MailKind, invitation_links
from harken_server.channels.email.personal_links import (
    MAX_WAVE,
    LinkWishes,
    Recipient,
    check_recipients,
    make_links,
    read_recipient_file,
)
from harken_server.channels.email.serve.preview import FRAME_POLICY, sample_mail
from harken_server.channels.email.store import PersonalLink
from harken_server.channels.page.wording import choose_locale, wording_of
from harken_server.http.apart import read_apart
from harken_server.http.bodies import decode_json
from harken_server.http.declared import Reads
from harken_server.http.encodings import Headers
from harken_server.http.header_values import attachment
from harken_server.http.replies import item_of
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import MAIL_PREVIEW, sign_link
from harken_server.kernel.sheet_cells import guard_text
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.catalog import Catalog, LoadedSurvey, url_of_survey
from harken_server.surveys.survey import TouchpointKey
from harken_server.workspaces.keyed import Call, get, post

PREVIEW_DAYS = 7
MAX_LIST_BYTES = 4 * 1024 * 1024
CSV = "text/csv"
BYTE_ORDER_MARK = "\ufeff"
UNASSIGNED = "email"
"""Touchpoint of links for a survey that names none."""

_Locale = Annotated[str, msgspec.Meta(max_length=35)]


class PreviewQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which message, and in which form."""

    locale: _Locale = ""
    kind: MailKind = "invitation"
    part: Literal["all", "html", "text"] = "all"
    """`all` is JSON; `html` and `text` are that part of the message alone."""


class PreviewReply(msgspec.Struct, kw_only=True):
    """A message as a recipient of whom nothing is known would get it."""

    subject: str
    preheader: str
    from_name: str
    from_address: str
    """Empty without `HARKEN_MAIL_FROM`."""
    brand: str
    """Whose message it is, as it says above the question."""
    locale: str
    direction: Literal["ltr", "rtl"]
    html: str
    text: str
    preview_url: str
    """A page for the browser that shows it, for people without a key."""
    expires_at: datetime
    """When `preview_url` ends."""


class SnippetQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """For which mail service, and how recipients are told apart."""

    provider: ProviderKey = "plain"
    way: SnippetWay = "links"
    locale: _Locale = ""


class SnippetReply(msgspec.Struct, kw_only=True):
    """HTML to paste into a mail service."""

    provider: ProviderKey
    way: SnippetWay
    html: str
    steps: tuple[str, ...]
    column: str
    """Column of the file of personal links that the snippet's merge tag reads."""
    source: str
    """Where the form of the merge tags was read."""
    unconfirmed: str
    """What of the merge tags nobody has confirmed yet; empty when all is."""


class LinksQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What all links have in common, and how the file is written."""

    touchpoint: TouchpointKey | None = None
    """What responses are filed under; the survey's first touchpoint unless given."""
    ttl_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    wave: Annotated[str, msgspec.Meta(max_length=MAX_WAVE)] = ""
    """One link a respondent and wave; another wave gives new links."""
    link_column: Annotated[
        str, msgspec.Meta(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,49}\Z", max_length=50)
    ] = "link"
    answers: bool = False
    """A further column for each answer that one click can give, such as `link_9`."""
    dialect: Literal["raw", "spreadsheet"] = "spreadsheet"
    """`spreadsheet` adds a byte order mark and guards against formulas; `raw` is for programs."""


class RecipientList(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Who gets a link, at most 10 000 at once."""

    respondents: list[Recipient]


def _read_list(raw: bytes, headers: Headers) -> RecipientList | bytes:
    """A list as JSON; one as CSV stays as it is, because the survey says what its columns mean."""
    kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    return raw if kind == CSV.encode() else decode_json(raw, RecipientList)


@get(
    "/surveys/{key:str}/mail-preview",
    "preview_mail",
    "How the survey's e-mail looks",
    scope="definitions",
    errors=(404,),
    or_reply_types=("text/html", "text/plain"),
)
async def preview(call: Call, key: str, query: PreviewQuery) -> PreviewReply | Response[bytes]:
    """The message with a link to a page that shows it, or one part of it."""
    loaded = await _load(call, key)
    mail, sender = sample_mail(
        call.runtime, loaded, choose_locale(loaded.survey, query.locale, ""), query.kind
    )
    if query.part != "all":
        is_html = query.part == "html"
        headers = {"cache-control": "no-store", "content-security-policy": FRAME_POLICY}
        body = (mail.html if is_html else mail.text).encode()
        kind = "text/html" if is_html else "text/plain"
        return Response(body, media_type=kind, headers=headers)
    link = await sign_link(call.runtime, MAIL_PREVIEW, key, call.workspace, days=PREVIEW_DAYS)
    return item_of(
        PreviewReply,
        mail,
        from_name=sender.name,
        from_address=sender.address,
        preview_url=link.url,
        expires_at=link.expires_at,
    )


@get(
    "/surveys/{key:str}/mail-snippet",
    "create_mail_snippet",
    "HTML with the first question, for your own mail service",
    scope="definitions",
    errors=(404,),
)
async def snippet(call: Call, key: str, query: SnippetQuery) -> SnippetReply:
    """With that service's merge tags, and the steps to take."""
    loaded = await _load(call, key)
    provider = PROVIDERS[query.provider]
    made = render_snippet(
        SnippetView(
            survey=loaded.survey,
            locale=choose_locale(loaded.survey, query.locale, ""),
            survey_url=url_of_survey(call.runtime, loaded.workspace, key),
            provider=provider,
            way=query.way,
        )
    )
    said = {"provider": query.provider, "way": query.way, "html": made.html, "steps": made.steps}
    return item_of(SnippetReply, provider, **said)


@post(
    "/surveys/{key:str}/links",
    "create_personal_links",
    "A personal link for each respondent of a list, as CSV",
    scope="write",
    errors=(404,),
    limit=MAX_LIST_BYTES,
    reads=Reads(("application/json", CSV), _read_list),
    reply_type=CSV,
)
async def links(
    call: Call, key: str, query: LinksQuery, body: RecipientList | bytes
) -> Response[bytes]:
    """Repeating it gives the same links; whoever must not be asked gets none, and the reason."""
    loaded = await _load(call, key)
    survey = loaded.survey
    if isinstance(body, bytes):
        read = partial(read_recipient_file, body, survey.context)
        recipients = await read_apart(len(body), read)
    else:
        recipients = body.respondents
    check_recipients(recipients)
    assigned = survey.touchpoints[0] if survey.touchpoints else UNASSIGNED
    wishes = LinkWishes(
        workspace_id=loaded.workspace.id,
        survey_id=loaded.record.id,
        touchpoint=query.touchpoint or assigned,
        made_at=call.now(),
        ttl_days=query.ttl_days,
        wave=query.wave,
    )
    made = await make_links(call.runtime, wishes, recipients)
    public_url = call.runtime.settings.of(HttpSettings).public_url
    file = await asyncio.to_thread(_file, made, loaded, query, public_url)
    name = attachment(f"{key}-links.csv")
    headers = {"cache-control": "private, no-store", "content-disposition": name}
    return Response(file, media_type=CSV, headers=headers)


async def _load(call: Call, key: str) -> LoadedSurvey:
    record = await find_record(call, key)
    return await call.runtime.of(Catalog).load(call.workspace, record)


def _file(
    made: list[PersonalLink], loaded: LoadedSurvey, query: LinksQuery, public_url: str
) -> bytes:
    values = _answer_values(loaded) if query.answers else ()
    is_guarded = query.dialect == "spreadsheet"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n" if is_guarded else "\n")
    more = (f"{query.link_column}_{value}" for value in values)
    writer.writerow(["respondent", query.link_column, "code", "expires_at", "reason", *more])
    for link in made:
        at = invitation_links(public_url, link.code)
        urls = [at.page, *map(at.to_answer, values)] if link.code else [""] * (1 + len(values))
        name = guard_text(link.respondent) if is_guarded else link.respondent
        until = f"{link.expires_at:%Y-%m-%dT%H:%M:%SZ}" if link.expires_at else ""
        writer.writerow([name, urls[0], link.code, until, link.reason, *urls[1:]])
    return ((BYTE_ORDER_MARK if is_guarded else "") + out.getvalue()).encode()


def _answer_values(loaded: LoadedSurvey) -> tuple[str, ...]:
    survey = loaded.survey
    wording = wording_of(survey, survey.locale, {}, {})
    shown = mail_question(first_question(survey, {}), wording, invitation_links("", ""))
    return tuple(answer.value for answer in shown.answers)
