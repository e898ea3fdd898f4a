"""The versions of a survey: when, by whom, what changed, and each as a file."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from harken_server.design.times import when
from harken_server.http.pages import Shown, download
from harken_server.surveys.catalog import SURVEY, Catalog
from harken_server.surveys.console.listing import FOLDER
from harken_server.surveys.definition import read_published
from harken_server.surveys.drafting import text_of_version
from harken_server.surveys.plain_changes import MEANINGS, tell_changes
from harken_server.surveys.published import SurveyRecord, VersionRecord
from harken_server.surveys.store import surveys
from harken_server.surveys.survey import Survey
from harken_server.surveys.titles import title_of
from harken_server.surveys.version_changes import compare_surveys
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.signed_in import Visit, page
from harken_server.workspaces.store import audit

KINDS = {"yaml": "application/yaml", "toml": "application/toml", "json": "application/json"}


class VersionRow(NamedTuple):
    """One version in the list."""

    number: int
    at: Markup
    who: str
    meaning: str
    changes: tuple[str, ...]
    is_current: bool


@page("/surveys/{key:str}/versions", right="see")
async def list_versions(visit: Visit, key: str) -> Shown:
    """All versions, newest first."""
    record = await _record(visit, key)
    versions = await surveys.list_versions(visit.db, visit.workspace_id, record.id)
    people = await _publishers(visit, key)
    read = {version.number: read_published(version.definition) for version in versions}
    rows = [_row(visit, version, read, people, record.version) for version in reversed(versions)]
    title = title_of(read[record.version], key)
    return visit.render(
        FOLDER,
        "versions.html",
        title=f"Versions of {title}",
        crumbs=(("Surveys", visit.path("/surveys")), (title, visit.path(f"/surveys/{key}"))),
        key=key,
        rows=rows,
    )


@page("/surveys/{key:str}/versions/{number:str}", right="see")
async def show_version(visit: Visit, key: str, number: str) -> Shown:
    """One version as a file."""
    record = await _record(visit, key)
    text, _ = await text_of_version(visit.db, visit.workspace_id, record, _number(key, number))
    current = await visit.runtime.of(Catalog).load(visit.workspace, record)
    return visit.render(
        FOLDER,
        "version.html",
        title=f"Version {number}",
        crumbs=(
            ("Surveys", visit.path("/surveys")),
            (title_of(current.survey, key), visit.path(f"/surveys/{key}")),
            ("Versions", visit.path(f"/surveys/{key}/versions")),
        ),
        key=key,
        number=number,
        text=text,
        is_current=str(record.version) == number,
    )


@page("/surveys/{key:str}/versions/{number:str}/file", right="see")
async def download_version(visit: Visit, key: str, number: str) -> Shown:
    """The file itself."""
    record = await _record(visit, key)
    found = await text_of_version(visit.db, visit.workspace_id, record, _number(key, number))
    text, syntax = found
    return download(f"{key}-{number}.survey.{syntax}", KINDS[syntax], text.encode())


async def _record(visit: Visit, key: str) -> SurveyRecord:
    return SURVEY.found(await surveys.get_survey(visit.db, visit.workspace_id, key), key)


def _number(key: str, number: str) -> int:
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise SURVEY.missing(f"{key} version {number[:20]}")
    return int(number)


async def _publishers(visit: Visit, key: str) -> dict[int, str]:
    """Who published which version, as far as the audit log says."""
    wanted = audit.Wanted(action="publish_survey", subject=key)
    entries = await audit.list_entries(visit.db, visit.workspace_id, wanted)
    ids = {entry.account_id for entry in entries if entry.account_id}
    found = [await accounts.get_account(visit.db, id_) for id_ in ids]
    names = {account.id: account.name or account.email for account in found if account}
    return {
        int(entry.detail["version"]): names[entry.account_id]
        for entry in entries
        if entry.account_id and entry.account_id in names and "version" in entry.detail
    }


def _row(
    visit: Visit,
    version: VersionRecord,
    read: dict[int, Survey],
    people: dict[int, str],
    current: int,
) -> VersionRow:
    before, after = read.get(version.number - 1), read[version.number]
    changes = compare_surveys(before, after).changes if before else ()
    told = tell_changes(before, after, changes) if before else []
    meaning = "The first version" if version.change == "first" else MEANINGS[version.change][0]
    return VersionRow(
        version.number, when(version.published_at, visit.now()), people.get(version.number, ""),
        meaning, tuple(each.text for each in told), version.number == current,
    )  # fmt: skip
