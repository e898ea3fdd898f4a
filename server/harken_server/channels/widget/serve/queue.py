"""What waits for a person in the widget, and what they saw of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from harken_server.channels.page.face.surveys import phrases_config, survey_config
from harken_server.channels.page.wording import choose_locale
from harken_server.channels.widget.page_rules import browser_rules
from harken_server.http.declared import Arrival, Caller, only_json
from harken_server.http.problems import ForbiddenError
from harken_server.http.public import post
from harken_server.http.runtime import Runtime
from harken_server.invitations.codes import parse_code
from harken_server.invitations.invitation import Invitation, OpenInvitation
from harken_server.invitations.redeeming_sql import find_invitation
from harken_server.invitations.store import mark_shown
from harken_server.kernel.errors import NotFoundError
from harken_server.kernel.person_names import PersonName, trim_respondent
from harken_server.responses.closing import comer_of, refusal_when_closed
from harken_server.responses.known import is_signed
from harken_server.responses.response import StoredResponse
from harken_server.responses.store.persons_sql import list_open_invitations
from harken_server.responses.store.row import get_response
from harken_server.responses.submission import MAX_SUBMISSION_BYTES, utc_milliseconds
from harken_server.surveys.answers.typed_rows import AnswerValue, answers_from_rows
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.survey import Survey
from harken_server.workspaces.access import WorkspaceCatalog, key_of_page
from harken_server.workspaces.rules.identity import MAX_SIGNATURE_CHARS
from harken_server.workspaces.workspace import ApiKey

QUEUE_PATH = "/v1/public/widget/queue"
SEEN_PATH = "/v1/public/widget/seen"
WIDGET = "widget"
"""The channel of invitations that the widget shows."""
MAX_QUEUED = 5


class PageKeyQuery(msgspec.Struct, kw_only=True, frozen=True):
    """The key that stands in the page."""

    key: Annotated[str, msgspec.Meta(min_length=1)]


class Page(NamedTuple):
    """A page that asks with the key that stands in it."""

    runtime: Runtime
    key: ApiKey


async def _page_of(arrival: Arrival) -> Page:
    return Page(arrival.runtime, await key_of_page(arrival))


PAGE = Caller(_page_of, (401, 403, 429), query=PageKeyQuery, is_cross_site=True)


class QueueBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Who looks at the page, with the proof that the site's server gave it."""

    respondent: PersonName
    signature: Annotated[str, msgspec.Meta(max_length=MAX_SIGNATURE_CHARS)]
    locale: Annotated[str, msgspec.Meta(max_length=12)] | None = None
    """Locale of the page; else the trigger's."""

    def __post_init__(self) -> None:
        """Blanks around the name are no part of it."""
        trim_respondent(self)


class SeenBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What became of a queued survey."""

    token: Annotated[str, msgspec.Meta(max_length=64)]
    what: Literal["shown", "dismissed"]
    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """When, by the browser's clock; now, when that cannot be true."""

    def __post_init__(self) -> None:
        """Refuse a time that is out of the calendar in UTC."""
        if self.at is not None:
            utc_milliseconds(self.at)


class BegunResponse(msgspec.Struct, kw_only=True):
    """A response that was begun: go on under its id, with a higher sequence."""

    id: UUID
    sequence: int


class QueuedItem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One survey that the site's server asked for."""

    token: str
    """Goes with the submission."""
    touchpoint: str
    context: dict[str, str | int | float | bool | None]
    """What the trigger said, as far as the survey names it."""
    expires_at: datetime | None
    survey: dict[str, Any]
    """As in the widget's config; of its targeting only how to show it."""
    response: BegunResponse | None = None
    answers: dict[str, AnswerValue] = {}
    """What was answered so far."""


class QueueReply(msgspec.Struct, kw_only=True):
    """What waits, oldest first, and the words of the languages in it."""

    asked: list[QueuedItem]
    phrases: dict[str, dict[str, str]]


@post(
    QUEUE_PATH,
    "list_queued_surveys",
    "Surveys that wait for a person in the widget",
    caller=PAGE,
    limit=MAX_SUBMISSION_BYTES,
    reads=only_json(QueueBody),
)
async def queue(page: Page, body: QueueBody) -> QueueReply:
    """Only for whom the site's server vouches, so that nobody reads another's queue."""
    runtime, key = page
    now = runtime.clock()
    if not await is_signed(
        runtime.of(Catalog), key.workspace_id, body.respondent, body.signature, now
    ):
        raise ForbiddenError(
            "The signature does not prove this respondent, has expired, or ends more than "
            f"{runtime.of(WorkspaceCatalog).longest_identity.days} days from now "
            "(HARKEN_IDENTITY_DAYS).",
            code="identity_invalid",
        )
    waiting = await list_open_invitations(
        runtime.db, key.workspace_id, body.respondent, WIDGET, now, MAX_QUEUED
    )
    items = [await _queued(runtime, key, each, body.locale) for each in waiting]
    asked = [item for item in items if item is not None]
    languages = dict.fromkeys(str(item.survey["language"]) for item in asked)
    phrases = {language: phrases_config(language) for language in languages}
    return QueueReply(asked=asked, phrases=phrases)


@post(
    SEEN_PATH,
    "mark_queued_survey",
    "A queued survey was shown, or dismissed",
    caller=PAGE,
    limit=MAX_SUBMISSION_BYTES,
    reads=only_json(SeenBody),
    errors=(404,),
)
async def seen(page: Page, body: SeenBody) -> None:
    """Only the first time counts. A dismissed survey is not queued again."""
    runtime, key = page
    invitation = await _find_invitation(runtime, key, body.token)
    at, claimed_at = runtime.clock(), body.at and utc_milliseconds(body.at)
    # The browser's own time counts when it can be true.
    if claimed_at is not None and invitation.created_at <= claimed_at < at:
        at = claimed_at
    await mark_shown(runtime.db, invitation, at, is_dismissed=body.what == "dismissed")


async def _queued(
    runtime: Runtime, key: ApiKey, waiting: OpenInvitation, locale: str | None
) -> QueuedItem | None:
    """The survey in its current version, or in the one that its response was begun under.

    None where it has closed before anything was begun.
    """
    invitation = waiting.invitation
    loaded = await runtime.of(Catalog).by_id(key.workspace_id, invitation.survey_id)
    begun = await _begun(runtime, waiting)
    if begun is not None:
        loaded = await runtime.of(Catalog).load(loaded.workspace, loaded.record, begun.version)
    elif await refusal_when_closed(runtime.db, loaded, comer_of(invitation, {}, runtime.clock())):
        return None
    chosen = choose_locale(loaded.survey, locale, invitation.locale or "")
    named = loaded.survey.context
    item = QueuedItem(
        token=invitation.code,
        touchpoint=invitation.touchpoint,
        context={name: value for name, value in invitation.context.items() if name in named},
        expires_at=invitation.expires_at,
        survey=survey_config(
            loaded.survey, loaded.number, chosen, targeting=_appearance(loaded.survey)
        ),
    )
    if begun is not None:
        questions = {question.key: question for question in loaded.survey.questions}
        visible, hidden = answers_from_rows(questions, begun.answers)
        item.response = BegunResponse(id=begun.id, sequence=begun.sequence)
        item.answers = {**hidden, **visible}
    return item


async def _begun(runtime: Runtime, waiting: OpenInvitation) -> StoredResponse | None:
    invitation = waiting.invitation
    if not waiting.has_partial or invitation.response_id is None:
        return None
    return await get_response(
        runtime.db, invitation.workspace_id, invitation.survey_id, invitation.response_id
    )


def _appearance(survey: Survey) -> dict[str, Any] | None:
    """The server has decided whom and when to ask, so that only the looks of it are left."""
    widget = browser_rules(survey.widget) if survey.widget else {}
    appearance = {name: widget[name] for name in ("mode", "position") if name in widget}
    if appearance.get("mode") in {"inline", "tab"}:
        del appearance["mode"]  # these wait for a place in the page, or for a click
    return appearance or None


async def _find_invitation(runtime: Runtime, key: ApiKey, token: str) -> Invitation:
    """Raises NotFoundError for every token that is not of an invitation of the widget here."""
    code = parse_code(token)
    found = await find_invitation(runtime.db, code) if code is not None else None
    if found is None or found.workspace_id != key.workspace_id or found.channel != WIDGET:
        raise NotFoundError("There is no such invitation.", code="invitation_unknown")
    return found
