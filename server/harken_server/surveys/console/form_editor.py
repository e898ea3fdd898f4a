"""Editing a survey in a simple form: saved as a draft, never over what somebody else saved."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from harken_server.http.pages import Shown
from harken_server.surveys.console.choice_lists import REMOVE, with_moves
from harken_server.surveys.console.listing import FOLDER, saved_by
from harken_server.surveys.console.rivals import (
    Rival,
    find_rival,
    read_started,
    read_syntax,
    save_from,
)
from harken_server.surveys.console.simple_form import field_errors, form_of, with_texts
from harken_server.surveys.drafting import Judged, Work, find_work, judge_text, tree_of
from harken_server.surveys.files.parsing import Syntax
from harken_server.surveys.files.problem_places import PlacedProblem
from harken_server.surveys.files.writing import write_tree
from harken_server.surveys.titles import title_of
from harken_server.workspaces.signed_in import Form, Visit, act, page

_TO_FILE = "This draft has problems that its file shows. Put them right here first."
_SAVED = "Draft saved. Nobody sees it before you publish."


class Base(NamedTuple):
    """The sound text that a form was made from; the form brings it back."""

    key: str
    text: str
    syntax: Syntax
    title: str

    @property
    def tree(self) -> dict[str, Any]:
        """A new one each time."""
        return tree_of(self.text, self.syntax)

    def written(self, tree: dict[str, Any]) -> str:
        """The very text, with its comments, where nothing changed; else written anew."""
        return self.text if tree == self.tree else write_tree(tree, self.saved_as)

    def judge(self, tree: dict[str, Any]) -> Judged:
        """Whether the tree is a sound survey."""
        return judge_text(write_tree(tree, self.saved_as), self.saved_as, self.key)

    @property
    def saved_as(self) -> Syntax:
        """TOML is not written, and goes on as YAML."""
        return "json" if self.syntax == "json" else "yaml"


@page("/surveys/{key:str}/edit", right="edit")
async def edit_survey(visit: Visit, key: str) -> Shown:
    """The form, with the draft in it, else what is published."""
    work = await find_work(visit.db, visit.workspace_id, key)
    base = _base_of(key, work.text, work.syntax)
    if base is None:
        return visit.to(f"/surveys/{key}/file", _TO_FILE)
    return await _show(visit, work, base, base.tree)


@act("/surveys/{key:str}/edit", "save_survey_draft", right="edit")
async def save_form(visit: Visit, form: Form, key: str) -> Shown:
    """What was typed becomes the draft; if it cannot, the form comes back with it."""
    work = await find_work(visit.db, visit.workspace_id, key)
    base = _base_of(key, form.values.get("base", [""])[0], read_syntax(form))
    started = read_started(form)
    if base is None:
        return visit.to(f"/surveys/{key}/file", _TO_FILE)
    typed = with_texts(base.tree, form.values)
    problems = base.judge(typed).problems
    moved = typed if problems else with_moves(typed, form.values)
    problems = problems or base.judge(moved).problems
    rival = await find_rival(visit, work, started)
    if problems or rival is not None:
        return await _show(visit, work, base, typed, form, problems, rival)
    text = base.written(moved)
    syntax = base.syntax if text == base.text else base.saved_as
    if not await save_from(visit, work, text, syntax):
        work = await find_work(visit.db, visit.workspace_id, key)
        rival = await find_rival(visit, work, started)
        return await _show(visit, work, base, typed, form, rival=rival)
    return visit.to(f"/surveys/{key}/edit{_anchor(form.text('do'))}", _SAVED)


def _anchor(done: str) -> str:
    """Of the question that was moved, at its new place."""
    way, _, place = done.partition(":")
    if not place.isdigit():
        return ""
    return f"#q{int(place) + (1 if way == 'down' else -1)}"


def _base_of(key: str, text: str, syntax: Syntax) -> Base | None:
    survey = judge_text(text, syntax, key).survey
    return None if survey is None else Base(key, text, syntax, title_of(survey, key))


async def _show(  # noqa: PLR0917  # Once without what was sent, else with all of it.
    visit: Visit,
    work: Work,
    base: Base,
    tree: dict[str, Any],
    form: Form | None = None,
    problems: tuple[PlacedProblem, ...] = (),
    rival: Rival | None = None,
) -> Shown:
    shown, sent = form_of(tree), form.values if form else {}
    lists = [each.name for question in shown.questions for each in question.lists]
    return visit.render(
        FOLDER,
        "edit.html",
        title=f"Edit {base.title}",
        status=409 if rival else 422 if problems else 200,
        crumbs=(
            ("Surveys", visit.path("/surveys")),
            (base.title, visit.path(f"/surveys/{work.key}")),
        ),
        work=work,
        base=base,
        shown=shown,
        errors=defaultdict(str, field_errors(shown, problems)),
        removed=frozenset(sent.get(REMOVE, ())),
        added={name: sent.get(name, [""])[0] for name in lists},
        saved=await saved_by(visit, work.draft),
        rival=rival,
        has_comments=base.syntax != "json" and "\n#" in f"\n{base.text}",
    )
