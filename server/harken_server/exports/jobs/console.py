"""`/results/{survey}/export`: take answers away as a file, and the files that are being made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from harken_server.exports.columns.codebook import codebook_of, codebook_rows, locales_of
from harken_server.exports.file_kinds import FORMATS
from harken_server.exports.jobs.asking import ask_for_file, remove_file, url_of
from harken_server.exports.options import CsvQuery, csv_style_of, zone_of
from harken_server.exports.sending import open_export
from harken_server.exports.shaped import Export, shaped
from harken_server.exports.store import jobs
from harken_server.exports.store.jobs import Job, JobState
from harken_server.http.pages import Shown, download
from harken_server.http.problems import BadRequestError
from harken_server.kernel.errors import NotFoundError
from harken_server.kernel.sheet_files import csv_file, style_of
from harken_server.surveys.catalog import Catalog, LoadedSurvey
from harken_server.surveys.publish import read_versions
from harken_server.surveys.titles import title_of
from harken_server.workspaces.signed_in import Form, Visit, act, page

FOLDER = Path(__file__).parent / "templates"
PATH = "/results/{survey:str}/export"
SHOWN = 20
KINDS = {
    "xlsx": "Excel workbook",
    "csv": "CSV",
    "jsonl": "JSON lines",
    "parquet": "Parquet",
    "sav": "SPSS",
}
"""What people call a format; one that is not here is called by its name."""
COUNTRIES = (
    ("", "1234.5 and commas"),
    ("de", "Deutsch: 1234,5 and semicolons"),
    ("fr", "Français: 1234,5 and semicolons"),
    ("nb", "Norsk: 1234,5 and semicolons"),
    ("es", "Español: 1234,5 and semicolons"),
    ("it", "Italiano: 1234,5 and semicolons"),
    ("nl", "Nederlands: 1234,5 and semicolons"),
    ("pl", "Polski: 1234,5 and semicolons"),
    ("sv", "Svenska: 1234,5 and semicolons"),
)
LABELS = (("1", "Labels"), ("values", "Stored values"), ("both", "Both"))
HEADERS = (("label", "Questions"), ("key", "Keys"))
LAYOUTS = (("wide", "A row a response"), ("long", "A row an answer"))
STATES: dict[JobState, tuple[str, str]] = {
    "waiting": ("note", "Waits its turn"),
    "running": ("note", "Being made"),
    "done": ("good", "Ready"),
    "failed": ("bad", "Failed"),
    "removed": ("quiet", "Removed"),
}
FIELDS = ("columns", "labels", "header", "tz", "layout", "locale", "latest", "from", "to")


class FileLine(NamedTuple):
    """A file in the list."""

    job: Job
    kind: str
    state: tuple[str, str]
    url: str | None
    size: str


@page(PATH, right="read")
async def show_export(visit: Visit, survey: str) -> Shown:
    """What can be asked, and what was asked for."""
    loaded = await visit.runtime.of(Catalog).find(survey, visit.workspace)
    return await _show(visit, loaded, dict.fromkeys(FIELDS, "") | {"format": "xlsx"})


@act(PATH + "/make", "create_export", right="read")
async def make_file(visit: Visit, form: Form, survey: str) -> Shown:
    """Have the file made."""
    loaded = await visit.runtime.of(Catalog).find(survey, visit.workspace)
    given = {name: form.text(name) for name in ("format", *FIELDS)}
    export = await open_export(visit.runtime, visit.workspace, loaded.record, CsvQuery())
    if errors := dict(_errors_in(given, export)):
        return await _show(visit, loaded, given, errors)
    try:
        job = await ask_for_file(visit, loaded.record, given["format"], _query(given, *FIELDS))
    except BadRequestError as error:
        field = "to" if given["format"] in FORMATS else "format"
        return await _show(visit, loaded, given, {field: error.message})
    visit.note(format=job.format, export=str(job.id))
    said = "The file is being made. It is ready when this page shows a link to it."
    return visit.to(f"/results/{survey}/export", said=said)


@act(PATH + "/{job:str}/remove", "remove_export", right="read")
async def remove(visit: Visit, survey: str, job: str) -> Shown:
    """Its address ends at once."""
    found = next((each for each in await _jobs(visit, survey) if str(each.id) == job), None)
    if found is None:
        raise NotFoundError("There is no such file; go back to the list.", code="export_unknown")
    await remove_file(visit.runtime, visit.workspace_id, found, "It was removed.")
    return visit.to(f"/results/{survey}/export", said="The file is removed.")


@page("/results/{survey:str}/codebook.csv", right="see")
async def codebook(visit: Visit, survey: str) -> Shown:
    """What each column holds."""
    loaded = await visit.runtime.of(Catalog).find(survey, visit.workspace)
    versions = await read_versions(visit.db, visit.workspace_id, loaded.record)
    heads, rows = codebook_rows(codebook_of(survey, versions), locales_of(versions))
    content = csv_file(heads, rows, style_of("spreadsheet"))
    return download(f"{survey}_codebook.csv", "text/csv; charset=utf-8", content)


def _query(given: dict[str, str], *names: str) -> CsvQuery:
    """What these fields of the form say; one that is left empty says nothing."""
    said = {name: given[name] for name in names if given[name]}
    return msgspec.convert({**said, "dialect": "spreadsheet"}, CsvQuery, strict=False)


def _errors_in(given: dict[str, str], export: Export) -> Iterator[tuple[str, str]]:
    """Fields of the form with what is wrong about each by itself."""
    for name in FIELDS:
        try:
            query = _query(given, name)
            zone_of(query)
            csv_style_of(query)
            shaped(export._replace(query=query))
        except msgspec.ValidationError as error:
            yield name, f"{str(error).partition(' - at ')[0]}."
        except BadRequestError as error:
            yield name, error.message


async def _show(
    visit: Visit, loaded: LoadedSurvey, given: dict[str, str], errors: dict[str, str] | None = None
) -> Shown:
    key, title = loaded.record.key, title_of(loaded.survey)
    lines = [_line(visit, each) for each in await _jobs(visit, key)]
    results = visit.path(f"/results/{key}")
    return visit.render(
        FOLDER, "export.html", title="Take answers away", status=422 if errors else 200,
        crumbs=(("Results", visit.path("/results")), (title, results)),
        key=key, results=results, lines=lines, given=given, errors=errors or {},
        formats=[(name, KINDS.get(name, name)) for name in FORMATS], countries=COUNTRIES,
        labels=LABELS, headers=HEADERS, layouts=LAYOUTS,
        is_working=any(line.job.state in jobs.OPEN for line in lines),
    )  # fmt: skip


async def _jobs(visit: Visit, survey: str) -> list[Job]:
    found = await jobs.list_jobs(visit.db, visit.workspace_id, limit=100)
    return [each for each in found if each.survey == survey][:SHOWN]


def _line(visit: Visit, job: Job) -> FileLine:
    url = url_of(visit.runtime, visit.workspace_id, job)
    kind = KINDS.get(job.format, job.format)
    return FileLine(job, kind, STATES[job.state], url, _size(job.size or 0))


def _size(size: int) -> str:
    """In words.

    >>> _size(900), _size(2_500_000)
    ('1 kB', '2.5 MB')
    """
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB"
