"""Editing a survey in a simple form: saved as a draft, never over what somebody else saved."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlencode

from harken_server.http.pages import Shown
from harken_server.http.problems import BadRequestError
from harken_server.kernel.languages import language_name
from harken_server.surveys.console.bases import Base, base_of
from harken_server.surveys.console.choice_lists import REMOVE, Sent, with_moves
from harken_server.surveys.console.form_fields import read_at
from harken_server.surveys.console.listing import FOLDER, saved_by
from harken_server.surveys.console.looks_fields import LOGO
from harken_server.surveys.console.rivals import (
    Rival,
    find_rival,
    read_started,
    read_syntax,
    save_from,
)
from harken_server.surveys.console.simple_form import LANGUAGE, field_errors, form_of, with_texts
from harken_server.surveys.drafting import Work, find_work
from harken_server.surveys.files.problem_places import PlacedProblem
from harken_server.workspaces.signed_in import Form, Visit, act, page

_TO_FILE = "This draft has problems that its file shows. Put them right here first."
_SAVED = "Draft saved. Nobody sees it before you publish."


class _Back(NamedTuple):
    """Why a form comes back, with what was sent."""

    sent: Sent = MappingProxyType({})
    problems: tuple[PlacedProblem, ...] = ()
    rival: Rival | None = None
    is_anew: bool = False
    """It would be written anew, and is not before somebody agrees."""

    @property
    def status(self) -> int:
        """Of the page."""
        return 409 if self.rival else 422 if self.problems or self.is_anew else 200


@page("/surveys/{key:str}/edit", right="edit")
async def edit_survey(visit: Visit, key: str) -> Shown:
    """The form, with the draft in it, else what is published."""
    work = await find_work(visit.db, visit.workspace_id, key)
    base = base_of(key, work.text, work.syntax)
    if base is None:
        return visit.to(f"/surveys/{key}/file", _TO_FILE)
    return await _show(visit, work, base, base.tree, visit.said().get(LANGUAGE, ""), _Back())


@act("/surveys/{key:str}/edit", "save_survey_draft", right="edit")
async def save_form(visit: Visit, form: Form, key: str) -> Shown:
    """What was typed becomes the draft; if it cannot, the form comes back with it."""
    work = await find_work(visit.db, visit.workspace_id, key)
    base = base_of(key, form.values.get("base", [""])[0], read_syntax(form))
    started = read_started(form)
    if base is None:
        raise BadRequestError("The field 'base' holds no survey of this key.", code="bad_parameter")
    typed = with_texts(base.tree, form.values)
    problems = base.judge(typed).problems
    moved = typed if problems else with_moves(typed, form.values)
    problems = problems or base.judge(moved).problems
    rival = await find_rival(visit, work, started)
    back = _Back(form.values, problems, rival)
    if problems or rival is not None:
        return await _show(visit, work, base, typed, form.text(LANGUAGE), back)
    written = await asyncio.to_thread(base.changed, moved)
    if written is None and base.has_comments and not form.text("anew"):
        return await _show(
            visit, work, base, typed, form.text(LANGUAGE), back._replace(is_anew=True)
        )
    written = written or base.anew(moved)
    if not await save_from(visit, work, written.text, written.syntax):
        work = await find_work(visit.db, visit.workspace_id, key)
        back = back._replace(rival=await find_rival(visit, work, started))
        return await _show(visit, work, base, typed, form.text(LANGUAGE), back)
    return visit.to(f"/surveys/{key}/edit{_language(form)}{_anchor(form.text('do'))}", _SAVED)


def _language(form: Form) -> str:
    """The query that opens the form in the same language."""
    language = form.text(LANGUAGE)
    return f"?{urlencode({LANGUAGE: language})}" if language else ""


def _anchor(done: str) -> str:
    """Of the question that was moved, at its new place."""
    way, _, place = done.partition(":")
    if not place.isdigit():
        return ""
    return f"#q{int(place) + (1 if way == 'down' else -1)}"


async def _show(  # noqa: PLR0917  # Once without what was sent, else with all of it.
    visit: Visit,
    work: Work,
    base: Base,
    tree: dict[str, Any],
    language: str,
    back: _Back,
) -> Shown:
    shown, path = form_of(tree, language), f"/surveys/{work.key}"
    lists = [each.name for question in shown.questions for each in question.lists]
    return visit.render(
        FOLDER,
        "edit.html",
        title=f"Edit {base.title}",
        status=back.status,
        crumbs=(("Surveys", visit.path("/surveys")), (base.title, visit.path(path))),
        work=work,
        base=base,
        shown=shown,
        languages=[
            (language_name(each), visit.path(f"{path}/edit?{urlencode({LANGUAGE: each})}"), each)
            for each in shown.language.offered
        ],
        errors=defaultdict(str, field_errors(shown, back.problems)),
        removed=frozenset(back.sent.get(REMOVE, ())),
        added={name: back.sent.get(name, [""])[0] for name in lists},
        saved=await saved_by(visit, work.draft),
        rival=back.rival,
        is_anew=back.is_anew,
        has_logo=read_at(tree, LOGO) is not None,
    )
