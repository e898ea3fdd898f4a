"""`/u/{token}`: stop the messages, with one request (RFC 8058) or on a page. A GET stops nothing.

No cookie and no login: the signed token says whom it is for, and shows nothing of them.
"""

from functools import partial
from typing import NamedTuple, get_args

import msgspec

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
from harken_server.channels.page.forms import first_value, read_form
from harken_server.channels.page.wording import preferred_locales
from harken_server.http.declared import Arrival
from harken_server.http.pages import Document, Reader, page
from harken_server.http.problems import BadRequestError
from harken_server.http.runtime import Runtime, admit
from harken_server.kernel.errors import Problem
from harken_server.surveys.catalog import Catalog

_CHOICES: frozenset[str] = frozenset(get_args(Preference))


class Stopping(NamedTuple):
    """Whom a link that stops messages is for, and what its pages show."""

    runtime: Runtime
    recipient: Recipient
    view: ChoiceView

    async def choose(self, preference: Preference) -> None:
        """Keep what the person lets us ask from now on."""
        runtime = self.runtime
        await set_preference(
            runtime.db, self.recipient, preference, now=runtime.clock(), new_id=runtime.new_id
        )


async def _open(arrival: Arrival) -> Stopping | None:
    """Only guesses are limited: a mail provider stops messages for many people from one address."""
    runtime, token = arrival.runtime, arrival.piece("token")
    found = await find_recipient(runtime.db, runtime.signing_keys, token, runtime.clock())
    if found is None:
        admit(runtime, arrival.scope)
        return None
    invitation = found.invitation
    loaded = await runtime.of(Catalog).by_id(invitation.workspace_id, invitation.survey_id)
    view = ChoiceView(
        survey=loaded.survey,
        locale=invitation.locale or _browser_locale(arrival) or loaded.survey.locale,
        token=token,
        choice=await read_preference(runtime.db, found),
    )
    return Stopping(runtime, found, view)


def _refuse(arrival: Arrival) -> Document:
    return render_unknown(_browser_locale(arrival) or "en")


def _browser_locale(arrival: Arrival) -> str:
    return next(iter(preferred_locales(arrival.header("accept-language") or "")), "")


_page = partial(page, reader=Reader(_open, _refuse))


@_page("/u/{token:str}")
async def ask_to_stop(stopping: Stopping) -> Document:
    """The question; only its button stops anything."""
    return render_stop(stopping.view)


@_page("/u/{token:str}", method="POST")
async def stop(stopping: Stopping) -> Document:
    """Stops all messages to the person at once, whatever the body says."""
    await stopping.choose("nothing")
    return render_stopped(stopping.view)


@_page("/u/{token:str}/preferences")
async def show_preferences(stopping: Stopping) -> Document:
    """What the person lets us ask."""
    return render_choices(stopping.view)


@_page("/u/{token:str}/preferences", method="POST")
async def save_preferences(stopping: Stopping, body: bytes) -> Document:
    """What the person lets us ask from now on."""
    await stopping.choose(_read_choice(body))
    holds = await read_preference(stopping.runtime.db, stopping.recipient)
    return render_saved(msgspec.structs.replace(stopping.view, choice=holds))


def _read_choice(body: bytes) -> Preference:
    chosen = first_value(read_form(body), "choice")
    if chosen not in _CHOICES:
        message = f"`choice` must be one of {', '.join(sorted(_CHOICES))}."
        raise BadRequestError(
            message, code="bad_choice", status=422, problems=(Problem("$.choice", "enum", message),)
        )
    return msgspec.convert(chosen, Preference)
