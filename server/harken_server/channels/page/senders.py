"""Who sends a page: what the field that nobody sees holds, and how soon the page came back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from harken_server.channels.page.forms import PREFIX, TRAP, Form, first_value
from harken_server.channels.page.shown import PageState
from harken_server.http.runtime import Runtime
from harken_server.responses.programs.rules import choices_in, is_too_quick
from harken_server.responses.programs.sender import Sender, sender_of
from harken_server.responses.sittings.sitting import opened_at
from harken_server.responses.sittings.steps import Step


def sender_of_page(runtime: Runtime, scope: Any, form: Form) -> Sender | None:
    """Who sent this form; None where nobody is judged."""
    sender = sender_of(runtime, scope)
    return sender and sender.with_sign("hidden_field", is_given=bool(first_value(form, TRAP)))


def filled_by(link: Form) -> frozenset[str]:
    """The questions that a link answers by itself, such as `?a_recommend=9`.

    >>> sorted(filled_by({"a_recommend": ["9"], "a_reason.other": ["Rain"], "lang": ["de"]}))
    ['reason', 'recommend']
    """
    named = (name.removeprefix(PREFIX) for name in link if name.startswith(PREFIX))
    return frozenset(name.partition(".")[0] for name in named)


def timed(state: PageState, step: Step, now: datetime) -> Sender | None:
    """The sender, with a sign when no person can have filled in the page since it was made.

    The page's own id, which the server signed, says when that was: nothing that the client claims
    is asked, and whoever goes back or sends a page again has all the time since the first one.
    """
    if state.sender is None:
        return None
    made = {key for key, value in step.given.items() if value is not False} - state.filled
    choices = choices_in(step.checked.rows, made)
    opened = opened_at(state.form_id.response_id, now)
    is_given = is_too_quick(opened, now, choices, state.sender.forms.strictness)
    return state.sender.with_sign("too_quick", is_given=is_given)
