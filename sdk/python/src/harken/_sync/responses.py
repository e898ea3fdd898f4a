# Generated from _async/responses.py by tools/make_sync.py: edit that one.
# fmt: off
"""What a client offers under `responses`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from harken._calls import survey_calls
from harken._frames import Columns
from harken._ids import new_id
from harken._types.asking import AnyChannel
from harken._types.response import Receipt, Response
from harken._values import Id

if TYPE_CHECKING:
    import pandas
    import polars

    from harken._sync.connection import Connection


class ResponseIterator:
    """Responses one by one, in the order of their latest change, fetched a page at a time.

    A response that changes later comes again, at its new place.
    """

    def __init__(
        self, connection: Connection, survey: str, after: str | None, limit: int
    ) -> None:
        self.cursor = after
        """Behind the last response handed out; as `after`, it lets a later job go on from there."""
        self._connection = connection
        self._survey = survey
        self._limit = limit
        self._page: list[Response] = []
        self._page_ends_at = after
        self._has_more = True

    def __iter__(self) -> ResponseIterator:
        return self

    def __next__(self) -> Response:
        while not self._page:
            if not self._has_more:
                raise StopIteration
            self._turn_page()
        response = self._page.pop()
        self.cursor = response.cursor or self.cursor
        return response

    def to_pandas(self) -> pandas.DataFrame:
        """All of them as a data frame, one row each, held in memory; needs `harken[pandas]`.

        Columns are the fields of a response, then `context.NAME`, then each question by its key
        (`KEY.PART` where an answer has parts). A value that is missing is None.
        """
        return (self._columns()).to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """As `to_pandas`, for Polars; needs `harken[polars]`."""
        return (self._columns()).to_polars()

    def to_arrow(self) -> Any:
        """As `to_pandas`, as a `pyarrow.Table`; needs `harken[arrow]`."""
        return (self._columns()).to_arrow()

    def _columns(self) -> Columns:
        columns = Columns()
        for response in self:
            columns.add(response)
        return columns

    def _turn_page(self) -> None:
        begins_at = self._page_ends_at
        page = self._connection.run(
            survey_calls.list_responses(self._survey, after=begins_at, limit=self._limit)
        )
        self._page = list(reversed(page.responses))
        self._page_ends_at = page.cursor or begins_at
        self._has_more = page.has_more and self._page_ends_at != begins_at
        if not self._page:
            self.cursor = self._page_ends_at


class Responses:
    """Read responses, send them in, erase them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __call__(
        self, survey: str, *, after: str | None = None, limit: int = 200
    ) -> ResponseIterator:
        """Iterate over a survey's responses, `limit` (1 to 1000) fetched at a time.

        `after` is the `cursor` of an earlier iteration; what came since is all that is fetched.
        """
        return ResponseIterator(self._connection, survey, after, limit)

    def get(self, survey: str, id: Id) -> Response:
        """One response."""
        return self._connection.run(survey_calls.get_response(survey, id))

    def submit(
        self,
        survey: str | None,
        answers: Mapping[str, Any],
        *,
        id: Id | None = None,
        version: int | None = None,
        token: str | None = None,
        complete: bool = True,
        sequence: int = 1,
        resume: str | None = None,
        cleared: Sequence[str] = (),
        locale: str | None = None,
        channel: AnyChannel | None = None,
        touchpoint: str | None = None,
        respondent: Id | None = None,
        context: Mapping[str, Any] | None = None,
        started_at: datetime | None = None,
    ) -> Receipt:
        """Send one response in; when this returns, it is stored durably.

        A repeat with the same `id` stores nothing twice; a greater `sequence` goes on, `cleared`
        takes answers back. A key that cannot write must repeat the `resume` that a partial
        response began with. With a `token`, `survey` may be None. Raises ValidationError."""
        return self._connection.run(
            survey_calls.submit_response(
                answers, id=id or new_id(), survey=survey, version=version, token=token,
                complete=complete, sequence=sequence, resume=resume,
                cleared=tuple(cleared) or None, locale=locale, channel=channel,
                touchpoint=touchpoint, respondent=respondent,
                context=context, started_at=started_at,
            )
        )  # fmt: skip

    def set_standing(
        self,
        survey: str,
        id: Id,
        standing: Literal["counted", "excluded"],
        *,
        reason: str | None = None,
    ) -> Response:
        """Count a response, or set it aside; scores follow at once, and it can be taken back.

        The `reason` goes into the audit trail. Flags stay, whatever was decided.
        """
        call = survey_calls.set_standing(survey, id, standing, reason)
        return self._connection.run(call)

    def erase(self, survey: str, id: Id) -> None:
        """Delete what one response says and by whom, and take it out of every score."""
        self._connection.run(survey_calls.erase_response(survey, id))
