"""What a page's address stands for, who may enter, and the kind page for those who may not.

A public link may carry a name that somebody else's mail service wrote: `/s/{survey}?rid=…`. Anyone
can write such a link, so the name proves nothing: answers are unverified, kept without a
respondent, and their context tells the name. Each name is good for one response, the first; later
visits are told so, and are never shown what was answered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from harken_server.channels.page.forms import NO_FORM, Form, FormId, first_value
from harken_server.channels.page.render import render_notice
from harken_server.channels.page.views import NoticeKind
from harken_server.channels.page.wording import choose_locale, preferred_locales
from harken_server.http.pages import Document
from harken_server.http.problems import BadRequestError
from harken_server.http.runtime import Runtime
from harken_server.invitations import codes
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.named import NAME, name_id
from harken_server.invitations.redeem import redeem_code
from harken_server.invitations.store import get_invitation, keep_invitation
from harken_server.kernel.errors import (
    ConflictError,
    GoneError,
    HarkenError,
    InvalidInputError,
    NotFoundError,
    OverloadedError,
    StorageError,
)
from harken_server.kernel.languages import nearest_language
from harken_server.responses.asked import (
    Collection,
    asking_of_today,
    collection_of,
    refusal_of_survey,
)
from harken_server.responses.closing import began_at, comer_of, refusal_when_closed
from harken_server.responses.programs.sender import Sender
from harken_server.responses.response import Standing
from harken_server.responses.sittings import (
    ON_THE_WEB,
    Origin,
    Sitting,
    open_sitting,
    opened_at,
    save_step,
)
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.survey import Survey

MAX_NAME_CHARS = 200
_MAIL = "email"
_LEFT_OVER = frozenset("{}|*%")
"""Signs of a merge tag that nothing was put in for."""
_SAMPLES = frozenset({"RESPONDENT_ID"})
_NOTICES: dict[str, NoticeKind] = {
    "survey_draft": "draft",
    "survey_closed": "closed",
    "invitation_expired": "expired",
    "already_answered": "already_answered",
    "response_erased": "already_answered",
    "response_finished": "already_answered",
    "invitation_needed": "invited_only",
    "rate_limited": "too_many",
}


class Visit(msgspec.Struct, kw_only=True, frozen=True):
    """One request, as far as a page depends on it."""

    path: str = ""
    address: str | None = None
    """`key` or `workspace.key` of `/s/{survey}`."""
    token: str | None = None
    """The code of `/i/{token}`, as it was typed."""
    query: Form
    form_id: FormId = NO_FORM
    """Of the page that was sent; of the page to show, for a GET."""
    had: FormId | None = None
    """Of the first page that the browser has from here and asks for again."""
    sends_to: str = ""
    """Where the form of a first page is sent; empty for the address that it stands at."""
    accept_language: str = ""
    is_sent: bool = False
    """Whether it is a POST."""
    sender: Sender | None = None
    """Who sends a page; None where nobody is judged by it."""


class Sittings(msgspec.Struct, frozen=True):
    """How the responses behind one kind of address are read and saved."""

    open: Callable[[Collection, LoadedSurvey, UUID, dict[str, Any]], Awaitable[Sitting]] = (
        open_sitting
    )
    save: Callable[..., Awaitable[object]] = save_step
    """Takes what `save_step` takes."""


ORDINARY_SITTINGS = Sittings()


class Destination(msgspec.Struct, frozen=True):
    """What an address stands for: a survey, perhaps for one invited respondent."""

    loaded: LoadedSurvey
    invitation: Invitation | None = None
    """Not stored yet when it was made from a signed receipt that nobody has answered."""
    standing: Standing = "counted"
    """Of a response that begins here."""
    flags: tuple[str, ...] = ()
    """Why somebody should look at it."""
    place: str = ""
    """Where it was printed, for whom this is watched; empty when it is not."""
    origin: Origin = ON_THE_WEB
    """Said of responses that come in without an invitation."""
    pressed: Form = {}
    """The answer that the link itself stands for, as form fields: shown chosen."""
    sittings: Sittings = ORDINARY_SITTINGS
    is_for_anyone: bool = False
    """Whether the address must not go on with what somebody else began by it."""
    is_watched: bool = False
    """Whether the first page reports that somebody is there."""
    keep: Callable[[], Awaitable[Invitation]] | None = None
    """Stores an invitation that was made for this visit: right before its first answer is."""

    @property
    def context(self) -> dict[str, Any]:
        """What is known of the occasion before anything is answered."""
        return dict(self.invitation.context if self.invitation else self.origin.context)

    @property
    def own_id(self) -> UUID | None:
        """The response that the address itself stands for: a link for one answer has only one."""
        invitation = self.invitation
        if invitation is None or not invitation.is_single_use or self.is_for_anyone:
            return None
        return invitation.answer_id


async def find_destination(room: Collection, visit: Visit) -> Destination:
    """Find the survey, or the invitation and its survey. Raises NotFoundError, StorageError."""
    if visit.token is None:
        return Destination(await room.catalog.find(visit.address or ""))
    invitation = await redeem_code(room.db, visit.token)
    loaded = await room.catalog.by_id(invitation.workspace_id, invitation.survey_id)
    return Destination(loaded, invitation)


async def refuse_newcomers(
    room: Collection, destination: Destination, response_id: UUID | None = None
) -> None:
    """Raise why nobody may begin here now; whoever has begun may go on.

    `response_id` is that of a page that was sent: it says when the page was opened.
    """
    loaded, invitation = await asking_of_today(room, destination.loaded), destination.invitation
    is_anybodys = invitation is not None and NAME in invitation.context
    refusal = refusal_of_survey(loaded, None if is_anybodys else invitation)
    if refusal is None and loaded.survey.asking is not None:
        now = room.clock()
        comer = comer_of(invitation, destination.context, now)
        if destination.standing == "unverified":  # whoever came has made the link themselves
            comer = msgspec.structs.replace(comer, is_invited=False)
        if response_id is not None:
            since = began_at(opened_at(response_id, now), now)
            comer = msgspec.structs.replace(comer, began_at=since)
        refusal = await refusal_when_closed(room.db, loaded, comer)
    if refusal is not None:
        raise refusal
    if invitation is None:
        return
    if invitation.expires_at is not None and invitation.expires_at <= room.clock():
        raise GoneError("This invitation has expired.", code="invitation_expired")


def locale_of(destination: Destination, visit: Visit, wanted: str) -> str:
    """The locale asked for, else the invitation's, else the browser's, else the default."""
    survey = destination.loaded.survey
    if not survey.locales:
        return survey.locale
    invited = destination.invitation.locale if destination.invitation else None
    if wanted:
        return choose_locale(survey, wanted, invited or visit.accept_language)
    return choose_locale(survey, invited, visit.accept_language)


async def version_of_form(room: Collection, destination: Destination, form: Form) -> LoadedSurvey:
    """The version that the form showed, so that a page just published anew still fits."""
    shown, loaded = first_value(form, "v"), destination.loaded
    if not (shown.isascii() and shown.isdigit() and len(shown) < 10):
        return loaded
    if int(shown) == loaded.number:
        return loaded
    try:
        return await room.catalog.load(loaded.workspace, loaded.record, int(shown))
    except NotFoundError:
        return loaded


def notice_for(error: HarkenError, accept_language: str, survey: Survey | None = None) -> Document:
    """The kind page for a failure. A survey lends its looks only where it was public once."""
    known = survey if isinstance(error, GoneError) else None
    if known is not None:
        locale = choose_locale(known, None, accept_language)
    else:
        locale = next(iter(preferred_locales(accept_language)), "en")
        locale = nearest_language(locale)
    page = render_notice(_kind_of(error), locale, known)
    if isinstance(error, BadRequestError):
        return msgspec.structs.replace(page, status=error.status)
    return page


def retry_after_s(error: HarkenError) -> int | None:
    """Seconds after which to try again, when that can help."""
    return error.retry_after_s if isinstance(error, OverloadedError | StorageError) else None


def _kind_of(error: HarkenError) -> NoticeKind:
    kind = _NOTICES.get(error.code)
    if kind is not None:
        return kind
    match error:
        case StorageError() | OverloadedError() | ConflictError():
            return "unavailable"
        case BadRequestError() | InvalidInputError():
            return "not_understood"
        case _:
            return "unknown"


async def open_named(runtime: Runtime, visit: Visit) -> Destination:
    """The survey's destination; with a usable name, one that lets a single unverified response in.

    Raises NotFoundError and StorageError.
    """
    room = collection_of(runtime)
    destination = await find_destination(room, visit)
    name = usable_name(first_value(visit.query, NAME))
    if name is None:
        return destination
    made = _invitation_of(room, destination.loaded, name, runtime.signing_keys[0])
    kept = await get_invitation(room.db, made.workspace_id, made.id)
    return msgspec.structs.replace(
        destination,
        invitation=kept or made,
        keep=None if kept else partial(keep_invitation, room.db, made, runtime.random),
        is_for_anyone=True,
        standing="unverified",
    )


def usable_name(text: str) -> str | None:
    """The name of a link; None for one that is empty, too long, or a merge tag left as it was.

    Recipients whose links all hold the same unfilled tag must not shut each other out.

    >>> usable_name("c-1017"), usable_name("{{ contact.id }}"), usable_name(" ")
    ('c-1017', None, None)
    """
    name = text.strip()
    is_usable = 0 < len(name) <= MAX_NAME_CHARS and "\x00" not in name
    return name if is_usable and name not in _SAMPLES and not _LEFT_OVER & set(name) else None


def _invitation_of(room: Collection, loaded: LoadedSurvey, name: str, key: bytes) -> Invitation:
    """The invitation that stands for a name."""
    touchpoints, id_ = loaded.survey.touchpoints, name_id(loaded.record.id, name)
    return Invitation(
        id=id_,
        workspace_id=loaded.workspace.id,
        survey_id=loaded.record.id,
        code=codes.keyed_code(key, id_),
        touchpoint=touchpoints[0] if touchpoints else _MAIL,
        channel=_MAIL,
        context={NAME: name},
        created_at=room.clock(),
    )
