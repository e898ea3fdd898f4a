"""Two people at one survey: a form says what it began with, and what changed meanwhile is shown."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from harken_server.design.times import when
from harken_server.http.problems import BadRequestError
from harken_server.surveys.drafting import Work, save_work
from harken_server.surveys.files.parsing import Syntax
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.signed_in import Form, Visit

SYNTAXES: dict[str, Syntax] = {"yaml": "yaml", "toml": "toml", "json": "json"}
_MOST_DIGITS = 9


class Started(NamedTuple):
    """What a form began with."""

    revision: int
    """Of the draft; 0: there was none."""
    version: int
    """The published one; 0: there was none."""


class Rival(NamedTuple):
    """What somebody else did since."""

    who: str
    what: str
    at: Markup
    text: str
    """Theirs, as a file."""


def read_started(form: Form) -> Started:
    """What a form says it began with. Raises BadRequestError for what is no number."""
    return Started(_number(form, "revision"), _number(form, "version"))


def read_syntax(form: Form) -> Syntax:
    """In which format a text was sent. Raises BadRequestError (`bad_parameter`)."""
    found = SYNTAXES.get(form.text("syntax"))
    if found is None:
        message = f"The field 'syntax' must be one of {', '.join(SYNTAXES)}."
        raise BadRequestError(message, code="bad_parameter")
    return found


async def find_rival(visit: Visit, work: Work, started: Started) -> Rival | None:
    """Who saved or published since the form was opened; None: nobody."""
    if (work.revision, work.version) == started:
        return None
    if work.draft is not None and work.revision != started.revision:
        id_ = work.draft.account_id
        account = id_ and await accounts.get_account(visit.db, id_)
        who = (account.name or account.email) if account else "Somebody"
        if id_ == visit.account.id:
            who = "You, in another window,"
        what, at = "saved this draft", work.draft.updated_at
        return Rival(who, what, when(at, visit.now()), work.text)
    at = work.record.updated_at if work.record else visit.now()
    what = f"published version {work.version}, or dropped the draft"
    return Rival("Somebody", what, when(at, visit.now()), work.text)


async def save_from(visit: Visit, work: Work, text: str, syntax: Syntax) -> bool:
    """Save a text as the draft after the one that was looked at; False when it is not any more."""
    return await save_work(
        visit.db, visit.workspace_id, work.key, text=text, syntax=syntax, revision=work.revision,
        version=work.version, account_id=visit.account.id, now=visit.now(),
        new_id=visit.runtime.new_id,
    )  # fmt: skip


def _number(form: Form, name: str) -> int:
    sent = form.text(name)
    if not (sent.isascii() and sent.isdigit() and len(sent) <= _MOST_DIGITS):
        message = f"The field {name!r} must be a whole number, {_MOST_DIGITS} digits at most."
        raise BadRequestError(message, code="bad_parameter")
    return int(sent)
