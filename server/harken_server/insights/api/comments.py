"""What people wrote, with their rating beside it: searched, by band, a page at a time."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec

from harken_server.http.long_reads.downloads import Download, download
from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.problems import BadRequestError
from harken_server.http.replies import Replied, item_of, link_to_next
from harken_server.insights.api.csv_style import CsvDialect, CsvLocale, style_for
from harken_server.insights.api.finding import loaded_for
from harken_server.insights.read.comments import (
    parse_cursor,
    read_comments,
    stream_comments,
    which_comments,
)
from harken_server.insights.read.taking_in import taken_in
from harken_server.insights.store.comments import Comment
from harken_server.kernel.sheet_files import CsvStyle
from harken_server.responses.filters import FilterQuery
from harken_server.responses.response import CountFilter
from harken_server.responses.small_groups import shelter_rows
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.questions.types import Question
from harken_server.workspaces.keyed import Call, get

HEADS = ("answered_at", "question", "rating", "touchpoint", "channel", "response_id", "text")


class SearchQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, and what is looked for."""

    q: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    """Words that must all stand in the text, in any case."""
    band: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    """Only of whoever rated so: `detractors`, `passives` or `promoters`, or what groups the first
    metric question has."""
    question: Annotated[str, msgspec.Meta(max_length=32)] | None = None


class CommentsQuery(
    SearchQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The same, and which page."""

    before: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    """The cursor of the page before; left out to begin with the newest."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 50


class CommentsCsvQuery(
    SearchQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The same as a file."""

    dialect: CsvDialect = "raw"
    locale: CsvLocale = None


class CommentItem(msgspec.Struct, kw_only=True):
    """One text that somebody wrote."""

    response_id: UUID | None
    """Null of a survey that shows nobody alone."""
    question: str
    text: str
    answered_at: datetime
    rating: int | None
    """What the same person answered to the survey's first metric question."""
    touchpoint: str
    channel: str
    is_sample: bool
    source: str
    """What kind of source it was taken in from, such as `review`; empty: somebody was asked."""
    link: str
    """Where it stands there."""


class CommentsReply(msgspec.Struct, kw_only=True):
    """A page of comments, latest changed first."""

    survey: str
    comments: list[CommentItem]
    older: str | None
    """Cursor of the next page; null at the end. A search looks through 20,000 answers at a time: a
    page may have few comments, or none, and yet a next one."""


class _Wanted(NamedTuple):
    record: SurveyRecord
    questions: tuple[Question, ...]
    filter: CountFilter
    keep: Callable[[Comment], bool] | None


@get(
    "/surveys/{key:str}/comments",
    "list_comments",
    "What people wrote, searched and by band",
    errors=(404, 429),
)
async def comments(call: Call, key: str, query: CommentsQuery) -> Replied[CommentsReply]:
    """Visible texts of the responses that the filter takes in, with the rating beside each."""
    if query.before is not None and parse_cursor(query.before) is None:
        raise BadRequestError("before is not a cursor that this server gave.", code="bad_cursor")
    wanted = await _wanted(call, key, query)
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        page = await read_comments(
            call.db, call.workspace_id, wanted.record.id, wanted.questions, wanted.filter,
            before=query.before, limit=query.limit, wanted=wanted.keep,
        )  # fmt: skip
    headers: dict[str, str] = {}
    if page.older is not None:
        asked = {name: value for name, value in msgspec.to_builtins(query).items() if value}
        headers = link_to_next(
            call.runtime, f"/v1/surveys/{key}/comments", **{**asked, "before": page.older}
        )
    items = [item_of(CommentItem, each) for each in page.comments]
    if wanted.filter.is_sheltered:
        alone = {"response_id": None, "source": "", "link": ""}
        items = [msgspec.structs.replace(item, **alone) for item in items]
    return Replied(CommentsReply(survey=key, comments=items, older=page.older), headers=headers)


@get(
    "/surveys/{key:str}/comments.csv",
    "export_comments",
    "What people wrote as CSV",
    errors=(404, 429),
    reply_type="text/csv",
)
async def comments_csv(call: Call, key: str, query: CommentsCsvQuery) -> Download:
    """All of them, latest changed first."""
    style = style_for(query.dialect, query.locale)
    wanted = await _wanted(call, key, query)
    rows = _lines(call, wanted, style)
    name = f"{key}_comments.csv"
    return await download(
        call.runtime, call.workspace_id, rows, name, "text/csv", asked=call.headers
    )


async def _wanted(call: Call, key: str, query: SearchQuery) -> _Wanted:
    """What is looked for, among the questions of the version asked for, else the current one."""
    record = await find_record(call, key)
    survey = (await loaded_for(call, record, query.version)).survey
    try:
        keep = which_comments(
            survey.questions, words=query.q, band=query.band, question=query.question
        )
    except ValueError as error:
        raise BadRequestError(str(error), code="bad_parameter") from error
    taken = await taken_in(call.runtime, call.workspace, record, query, is_over_time=True)
    return _Wanted(record, survey.questions, shelter_rows(survey, taken.selection), keep)


async def _lines(call: Call, wanted: _Wanted, style: CsvStyle) -> AsyncGenerator[bytes]:
    head = style.begins + style.separator.join(HEADS) + style.line_end
    place = (call.db, call.workspace_id, wanted.record.id, wanted.questions, wanted.filter)
    async with aclosing(stream_comments(*place, wanted=wanted.keep)) as pages:
        async for some in pages:
            lines = [
                style.line(_cells(each, style, is_alone=not wanted.filter.is_sheltered))
                for each in some
            ]
            yield (head + "".join(lines)).encode()
            head = ""


def _cells(comment: Comment, style: CsvStyle, *, is_alone: bool) -> tuple[object, ...]:
    at = f"{comment.answered_at:%Y-%m-%dT%H:%M:%SZ}"
    if style.dialect == "spreadsheet":
        at = at.replace("T", " ").removesuffix("Z")
    return (
        at, comment.question, comment.rating, comment.touchpoint, comment.channel,
        str(comment.response_id) if is_alone else "", comment.text,
    )  # fmt: skip
