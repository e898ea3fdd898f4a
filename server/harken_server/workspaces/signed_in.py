"""Pages for people of the house, below `/console/{workspace}`: how they are declared.

    @page("/surveys/{key:str}", right="see")
    async def show_survey(visit: Visit, key: str) -> Shown: ...

    @act("/surveys/{key:str}/publish", "publish_survey", right="edit")
    async def publish(visit: Visit, form: Form, key: str) -> Shown:
        ...
        return visit.to(f"/surveys/{key}", said="Published.")

Both work without script. A form that changes something carries the session's token, and what it
changed is in the audit log under its name. Failures are pages here, and no problem documents.
What people type is judged by the story that takes it, NUL and other hidden characters too, so that
the form comes back filled, with what is wrong at its field.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any, Concatenate, NamedTuple

from harken_server.http import pages
from harken_server.http.declared import Arrival
from harken_server.http.packed import Reply
from harken_server.http.pages import PageRoute, Shown
from harken_server.http.problems import ForbiddenError
from harken_server.kernel.errors import HarkenError, NotFoundError
from harken_server.workspaces.access import begin, write_down
from harken_server.workspaces.people.rules import RIGHTS, Right
from harken_server.workspaces.people.sent_forms import (
    Form,
    read_form,
    require_own_page,
    require_token,
)
from harken_server.workspaces.people.visit import (
    CONSOLE,
    Visit,
    ask_to_confirm,
    ask_to_sign_in,
    open_visit,
    show_failure,
)
from harken_server.workspaces.uploads import Incoming, read_incoming

__all__ = ["Form", "Incoming", "Visit", "act", "act_on_file", "page", "read_form"]

MAX_FORM_BYTES = 512 * 1024
"""A survey file of the greatest size, percent-encoded, is pasted into one."""
RULES, ACT = "console_rules", "console_act"
"""What a route is known by: its `Rules`, and of a form what the audit log calls it."""


class Rules(NamedTuple):
    """Who may open a page."""

    right: Right
    is_scoped: bool
    """It shows somebody on the front line no more than their stores and touchpoints."""
    is_confirmed: bool
    """Only soon after the password was given."""


PageFunction = Callable[Concatenate[Visit, ...], Awaitable[Shown]]


def page(
    path: str, *, right: Right, is_scoped: bool = False, is_confirmed: bool = False
) -> Callable[[PageFunction], PageRoute]:
    """Make a function a page of the console; its other parameters are pieces of the path."""
    rules = Rules(right, is_scoped, is_confirmed)

    def declared(function: PageFunction) -> PageRoute:
        reader = pages.Reader(functools.partial(_open, rules), ask_to_sign_in)
        shown = _with_failures(function)
        return pages.page(CONSOLE + path, reader=reader, opt={RULES: rules})(shown)

    return declared


def act(
    path: str,
    name: str,
    *,
    right: Right,
    is_scoped: bool = False,
    is_confirmed: bool = False,
    limit: int = MAX_FORM_BYTES,
) -> Callable[[PageFunction], PageRoute]:
    """Make a function what a form of the console does; `form` is what was sent.

    What it changes is written to the audit log under the name in the same transaction, and so is
    whatever ends with a redirection.
    """
    rules = Rules(right, is_scoped, is_confirmed)

    def declared(function: PageFunction) -> PageRoute:
        taken = list(inspect.signature(function).parameters)
        pieces = [piece for piece in taken[1:] if piece != "form"]

        async def work(visit: Visit, *, body: bytes, **given: Any) -> Shown:
            form = _read_own_form(visit, body)
            subject = " ".join(map(str, given.values()))
            doing = begin(visit, name, subject)
            shown = await function(doing, **given, **({"form": form} if "form" in taken else {}))
            if isinstance(shown, Reply) and shown.status == 303:
                await write_down(doing, name, subject)
            return shown

        shown = _with_failures(work)
        reader = pages.Reader(functools.partial(_open, rules), ask_to_sign_in)
        return pages.page(
            CONSOLE + path, reader=reader, method="POST", limit=limit,
            opt={RULES: rules, ACT: name}, takes=("body", *pieces),
        )(shown)  # fmt: skip

    return declared


def act_on_file(path: str, name: str, *, right: Right) -> Callable[[PageFunction], PageRoute]:
    """The same for a form whose last field is a file; `incoming` is what comes, while it comes."""
    rules = Rules(right, is_scoped=False, is_confirmed=False)

    def declared(function: PageFunction) -> PageRoute:
        async def work(visit: Visit) -> Shown:
            incoming = await read_incoming(visit.arrival)
            async with aclosing(incoming.pieces):
                _require_own(visit, incoming.form)
                doing = begin(visit, name, "")
                shown = await function(doing, incoming=incoming)
            if isinstance(shown, Reply) and shown.status == 303:
                await write_down(doing, name, "")
            return shown

        reader = pages.Reader(functools.partial(_open, rules), ask_to_sign_in)
        return pages.page(
            CONSOLE + path, reader=reader, method="POST", opt={RULES: rules, ACT: name}, takes=()
        )(_with_failures(work))

    return declared


def _read_own_form(visit: Visit, body: bytes) -> Form:
    form = read_form(body, visit.header("content-type") or "")
    _require_own(visit, form)
    return form


def _require_own(visit: Visit, form: Form) -> None:
    require_own_page(visit.arrival, has_token=True)
    require_token(visit.who, form)


async def _open(rules: Rules, arrival: Arrival) -> Visit | None:
    """Who is signed in, with the right to this page."""
    visit = await open_visit(arrival)
    if visit is not None:
        visit.rules.append(rules)
    return visit


def _with_failures(function: PageFunction) -> PageFunction:
    """The same with a page for each named failure."""

    @functools.wraps(function)
    async def shown(visit: Visit, **given: Any) -> Shown:
        rules: Rules = visit.rules[0]
        try:
            _require_right(visit, rules)
            if rules.is_confirmed and not visit.is_confirmed():
                return ask_to_confirm(visit)
            return await function(visit, **given)
        except HarkenError as error:
            return show_failure(visit, error)

    return shown


def _require_right(visit: Visit, rules: Rules) -> None:
    if visit.member is None:
        raise NotFoundError(
            "There is no such workspace, or you are not in it.", code="workspace_unknown"
        )
    role = visit.member.role
    if rules.right not in RIGHTS[role] or (role == "frontline" and not rules.is_scoped):
        raise ForbiddenError(
            "Your role does not reach this page; ask an owner of the workspace.",
            code="forbidden_role",
        )
