"""The list of surveys, and the page of each: how it stands, and what can be done with it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from harken_server.design.times import when
from harken_server.http.pages import Shown
from harken_server.surveys.catalog import Catalog, url_of_survey
from harken_server.surveys.console.moves import MOVES, STATUS_WORDS
from harken_server.surveys.drafting import find_work, judge_text
from harken_server.surveys.published import SurveyDraft, SurveyRecord
from harken_server.surveys.store import drafts, surveys
from harken_server.surveys.survey import Survey
from harken_server.surveys.titles import title_of
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.signed_in import Visit, page

FOLDER = Path(__file__).parent / "templates"


class SurveyRow(NamedTuple):
    """A survey in the list."""

    key: str
    title: str
    kind: str
    """Of the status pill."""
    word: str
    version: int
    has_draft: bool
    changed: str


@page("/surveys", right="see")
async def list_surveys(visit: Visit) -> Shown:
    """Every survey of the workspace, narrowed by what is searched for."""
    wanted = visit.said().get("q", "").strip()
    rows = await _rows(visit)
    shown = [row for row in rows if _has(row, wanted)]
    return visit.render(
        FOLDER, "surveys.html", title="Surveys", rows=shown, wanted=wanted, is_empty=not rows
    )


@page("/surveys/{key:str}", right="see")
async def show_survey(visit: Visit, key: str) -> Shown:
    """How a survey stands, and what can be done with it."""
    work = await find_work(visit.db, visit.workspace_id, key)
    record = work.record
    judged = judge_text(work.text, work.syntax, key)
    survey = await _published(visit, record) if record else judged.survey
    status = record.status if record else "new"
    kind, word, meaning = STATUS_WORDS[status]
    return visit.render(
        FOLDER,
        "survey.html",
        title=title_of(survey, key),
        crumbs=(("Surveys", visit.path("/surveys")),),
        work=work,
        survey=survey,
        standing=(kind, word, meaning),
        moves=MOVES[status],
        is_sound=judged.survey is not None,
        saved=await saved_by(visit, work.draft),
        changed=when(record.updated_at, visit.now()) if record else "",
        link=url_of_survey(visit.runtime, visit.workspace, key) if status == "live" else "",
    )


async def saved_by(visit: Visit, draft: SurveyDraft | None) -> str:
    """By whom and when a draft was saved last."""
    if draft is None:
        return ""
    account = draft.account_id and await accounts.get_account(visit.db, draft.account_id)
    name = (account.name or account.email) if account else "somebody"
    if draft.account_id == visit.account.id:
        name = "you"
    return f"{name}, " + when(draft.updated_at, visit.now())


async def _rows(visit: Visit) -> list[SurveyRow]:
    records = await surveys.list_surveys(visit.db, visit.workspace_id)
    drafted = {each.key: each for each in await drafts.list_drafts(visit.db, visit.workspace_id)}
    rows = [
        await _published_row(visit, record, drafted.pop(record.key, None)) for record in records
    ]
    rows += [_new_row(visit, draft) for draft in drafted.values()]
    return sorted(rows, key=lambda row: row.title.casefold())


async def _published_row(
    visit: Visit, record: SurveyRecord, draft: SurveyDraft | None
) -> SurveyRow:
    title = title_of(await _published(visit, record), record.key)
    kind, word, _ = STATUS_WORDS[record.status]
    at = max(record.updated_at, draft.updated_at) if draft else record.updated_at
    changed = when(at, visit.now())
    return SurveyRow(record.key, title, kind, word, record.version, draft is not None, changed)


def _new_row(visit: Visit, draft: SurveyDraft) -> SurveyRow:
    title = title_of(judge_text(draft.text, draft.format).survey, draft.key)
    kind, word, _ = STATUS_WORDS["new"]
    return SurveyRow(draft.key, title, kind, word, 0, False, when(draft.updated_at, visit.now()))


async def _published(visit: Visit, record: SurveyRecord) -> Survey:
    return (await visit.runtime.of(Catalog).load(visit.workspace, record)).survey


def _has(row: SurveyRow, wanted: str) -> bool:
    text = f"{row.title} {row.key} {row.word}".casefold()
    return all(word in text for word in wanted.casefold().split())
