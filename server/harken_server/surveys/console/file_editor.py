"""A survey's file pasted or edited, with every problem at its line; saved as it was typed."""

from __future__ import annotations

from typing import NamedTuple

from harken_server.http.pages import Shown
from harken_server.surveys.console.beginning import key_errors
from harken_server.surveys.console.listing import FOLDER, saved_by
from harken_server.surveys.console.rivals import (
    Rival,
    find_rival,
    read_started,
    read_syntax,
    save_from,
)
from harken_server.surveys.drafting import Work, find_work, judge_text
from harken_server.surveys.files.parsing import Syntax
from harken_server.surveys.files.problem_places import PlacedProblem
from harken_server.surveys.survey import MAX_DEFINITION_BYTES
from harken_server.surveys.titles import title_of
from harken_server.workspaces.signed_in import Form, Visit, act, page

EXAMPLE = """\
key: my_survey
title: How was your visit?
questions:
  - type: nps
    key: recommend
    text: How likely are you to recommend us?
    required: true
  - type: long_text
    key: why
    text: What is the main reason?
endings:
  - key: thanks
    title: Thank you
    text: We read every answer.
"""


class Typed(NamedTuple):
    """What stands in the editor."""

    text: str
    syntax: Syntax
    problems: tuple[PlacedProblem, ...] = ()
    is_checked: bool = False


@page("/surveys/new/file", right="edit")
async def new_file(visit: Visit) -> Shown:
    """An editor with an example in it."""
    return await _show(visit, None, Typed(EXAMPLE, "yaml"))


@act("/surveys/new/file", "begin_survey", right="edit")
async def begin_with_file(visit: Visit, form: Form) -> Shown:
    """Check what was typed, or keep it as the draft of a new survey."""
    typed = _typed(form)
    survey = judge_text(typed.text, typed.syntax).survey
    if form.text("do") == "check" or survey is None:
        return await _show(visit, None, typed, status=200 if form.text("do") == "check" else 422)
    errors = await key_errors(visit, survey.key)
    if errors:
        problem = PlacedProblem("$.key", "key_taken", errors["key"], "", 0, 0, survey.key)
        return await _show(visit, None, typed._replace(problems=(problem,)), status=422)
    work = Work(survey.key, None, None, typed.text, typed.syntax)
    if not await save_from(visit, work, typed.text, typed.syntax):
        problem = PlacedProblem("$.key", "key_taken", "This key was just taken.", "", 0, 0, "")
        return await _show(visit, None, typed._replace(problems=(problem,)), status=422)
    visit.note(key=survey.key)
    return visit.to(f"/surveys/{survey.key}{_after(form)}", "Draft saved. Nobody sees it yet.")


@page("/surveys/{key:str}/file", right="edit")
async def edit_file(visit: Visit, key: str) -> Shown:
    """The draft's file, else that of what is published."""
    work = await find_work(visit.db, visit.workspace_id, key)
    judged = judge_text(work.text, work.syntax, key)
    return await _show(
        visit, work, Typed(work.text, work.syntax, judged.problems, bool(work.draft))
    )


@act("/surveys/{key:str}/file", "save_survey_draft", right="edit")
async def save_file(visit: Visit, form: Form, key: str) -> Shown:
    """Check what was typed, or keep it as the draft, sound or not."""
    work = await find_work(visit.db, visit.workspace_id, key)
    typed = _typed(form, key)
    if form.text("do") == "check":
        return await _show(visit, work, typed)
    if not typed.text.strip() or _is_too_large(typed.text) or "\x00" in typed.text:
        return await _show(visit, work, typed, status=422)
    rival = await find_rival(visit, work, read_started(form))
    if rival is None and not await save_from(visit, work, typed.text, typed.syntax):
        work = await find_work(visit.db, visit.workspace_id, key)
        rival = await find_rival(visit, work, read_started(form))
    if rival is not None:
        return await _show(visit, work, typed, status=409, rival=rival)
    if typed.problems:
        count = len(typed.problems)
        said = f"Draft saved, with {count} {'problem' if count == 1 else 'problems'} to put right."
        return visit.to(f"/surveys/{key}/file", said)
    return visit.to(f"/surveys/{key}{_after(form)}", "Draft saved. Nobody sees it yet.")


def _after(form: Form) -> str:
    return "/publish" if form.text("do") == "publish" else "/file"


def _typed(form: Form, key: str = "") -> Typed:
    text, syntax = form.values.get("text", [""])[0], read_syntax(form)
    return Typed(text, syntax, judge_text(text, syntax, key).problems, is_checked=True)


def _is_too_large(text: str) -> bool:
    return len(text.encode()) > MAX_DEFINITION_BYTES


async def _show(
    visit: Visit, work: Work | None, typed: Typed, *, status: int = 200, rival: Rival | None = None
) -> Shown:
    key = work.key if work else ""
    title = title_of(judge_text(work.text, work.syntax).survey, key) if work else ""
    above = [("Surveys", visit.path("/surveys"))]
    above.append(
        (title, visit.path(f"/surveys/{key}"))
        if work
        else ("New survey", visit.path("/surveys/new"))
    )
    return visit.render(
        FOLDER,
        "file.html",
        title=f"File of {title}" if work else "New survey from a file",
        status=status,
        crumbs=tuple(above),
        work=work,
        typed=typed,
        action=visit.path(f"/surveys/{key}/file" if work else "/surveys/new/file"),
        saved=await saved_by(visit, work.draft) if work else "",
        rival=rival,
    )
