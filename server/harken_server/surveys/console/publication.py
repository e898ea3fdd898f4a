"""Publishing from the console: what would change, in plain words, and then doing it."""

from __future__ import annotations

from typing import NamedTuple

from harken_server.http.pages import Shown
from harken_server.http.problems import BadRequestError
from harken_server.kernel.errors import ConflictError, InvalidDefinitionError
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.console.listing import FOLDER
from harken_server.surveys.console.moves import STATUS_WORDS
from harken_server.surveys.console.rivals import Started, read_started
from harken_server.surveys.drafting import Judged, Work, find_work, judge_text, source_of
from harken_server.surveys.files.problem_places import PlacedProblem, place_problems
from harken_server.surveys.plain_changes import MEANINGS, PlainChange, tell_changes
from harken_server.surveys.publish import Pushed, push_survey
from harken_server.surveys.store import drafts
from harken_server.surveys.survey import Survey
from harken_server.surveys.titles import title_of
from harken_server.workspaces.signed_in import Form, Visit, act, page


class Planned(NamedTuple):
    """What publishing the draft would do."""

    pushed: Pushed | None
    problems: tuple[PlacedProblem, ...] = ()
    changes: tuple[PlainChange, ...] = ()


@page("/surveys/{key:str}/publish", right="edit")
async def show_plan(visit: Visit, key: str) -> Shown:
    """What publishing changes, and for whom."""
    work = await find_work(visit.db, visit.workspace_id, key)
    if work.draft is None:
        return visit.to(f"/surveys/{key}", "There is no draft to publish: nothing was changed.")
    return await _show(visit, work)


@act("/surveys/{key:str}/publish", "publish_survey", right="edit")
async def publish(visit: Visit, form: Form, key: str) -> Shown:
    """Make the draft that was looked at the next version."""
    work, started = await find_work(visit.db, visit.workspace_id, key), read_started(form)
    if work.draft is None or (work.revision, work.version) != started:
        return await _changed_meanwhile(visit, work)
    judged = judge_text(work.text, work.syntax, key)
    planned = await _plan(visit, work, judged)
    if judged.survey is None or planned.problems:
        return await _show(visit, work, status=422)
    try:
        pushed = await _push(visit, work, judged.survey)
    except ConflictError:
        return await _changed_meanwhile(visit, await find_work(visit.db, visit.workspace_id, key))
    await drafts.remove_draft(visit.db, visit.workspace_id, key, started.revision)
    visit.runtime.of(Catalog).forget()
    visit.note(version=pushed.version, change=pushed.change)
    return visit.to(f"/share/{key}", f"Version {pushed.version} is published.")


@act("/surveys/{key:str}/discard", "discard_survey_draft", right="edit")
async def discard(visit: Visit, form: Form, key: str) -> Shown:
    """Forget the draft that was looked at; what is published stays."""
    work, started = await find_work(visit.db, visit.workspace_id, key), read_started(form)
    if not await drafts.remove_draft(visit.db, visit.workspace_id, key, started.revision):
        raise BadRequestError(
            "The draft was saved again meanwhile, so it was not dropped. Look at it once more.",
            code="draft_changed",
            status=409,
        )
    return visit.to(f"/surveys/{key}" if work.record else "/surveys", "The draft is gone.")


async def _changed_meanwhile(visit: Visit, work: Work) -> Shown:
    if work.draft is None:
        said = "Nothing was published by you: the draft was published or dropped meanwhile."
        return visit.to(f"/surveys/{work.key}", said)
    return await _show(visit, work, status=409)


async def _plan(visit: Visit, work: Work, judged: Judged) -> Planned:
    if judged.survey is None:
        return Planned(None, judged.problems)
    try:
        pushed = await _push(visit, work, judged.survey, is_dry_run=True)
    except InvalidDefinitionError as error:
        return Planned(None, tuple(place_problems(work.text, work.syntax, error.problems)))
    if work.record is None:
        return Planned(pushed)
    old = (await visit.runtime.of(Catalog).load(visit.workspace, work.record)).survey
    return Planned(pushed, changes=tuple(tell_changes(old, judged.survey, pushed.changes)))


async def _push(visit: Visit, work: Work, survey: Survey, *, is_dry_run: bool = False) -> Pushed:
    return await push_survey(
        visit.db, visit.workspace, survey, now=visit.now(), new_id=visit.runtime.new_id,
        is_dry_run=is_dry_run, source=source_of(work.text, work.syntax),
    )  # fmt: skip


async def _show(visit: Visit, work: Work, *, status: int = 200) -> Shown:
    judged = judge_text(work.text, work.syntax, work.key)
    planned = await _plan(visit, work, judged)
    title = title_of(judged.survey, work.key)
    groups = [
        (kind, *MEANINGS[kind], [each.text for each in planned.changes if each.kind == kind])
        for kind in MEANINGS
    ]
    return visit.render(
        FOLDER,
        "publish.html",
        title=f"Publish {title}",
        status=status,
        crumbs=(("Surveys", visit.path("/surveys")), (title, visit.path(f"/surveys/{work.key}"))),
        work=work,
        started=Started(work.revision, work.version),
        planned=planned,
        groups=[group for group in groups if group[-1]],
        is_changed=status == 409,
        status_words=STATUS_WORDS[work.record.status] if work.record else None,
    )
