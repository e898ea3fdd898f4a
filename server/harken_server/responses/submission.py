"""A submission: the payload on the wire before it is accepted, and the receipt that answers it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec

from harken_server.http.problems import BadRequestError
from harken_server.kernel.errors import Problem
from harken_server.kernel.person_names import PersonName
from harken_server.surveys.answers.typed_rows import AnswerValue
from harken_server.surveys.published import SurveyRecord, VersionNumber
from harken_server.workspaces.rules.identity import MAX_SIGNATURE_CHARS

MAX_SUBMISSION_BYTES = 64 * 1024
MIN_RESUME_CHARS = 8

FIRST_YEAR = 1970
_NO_TIME = f"The time is outside of the years {FIRST_YEAR} to 9999 in UTC"

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]

LONGEST_WAIT_MS = 30 * 86_400_000
"""A kiosk keeps answers until it is switched on again."""
SHORTEST_WAIT_MS = 1000
"""Less is the way here."""


class Submission(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a client sends to `POST /v1/public/responses`.

    The client makes the id (any UUID) and may repeat the same submission for ever. A later
    submission with the same id and a higher `sequence` changes what it names and nothing else: an
    answer to the same question replaces it, keys named in `cleared` are taken back, and touchpoint,
    channel, respondent, context, locale and start stay as they are where it leaves them out. One
    that arrives after a higher one adds what that leaves open.
    """

    id: UUID
    survey: Annotated[str, msgspec.Meta(min_length=1, max_length=97)] | None = None
    """The survey's key, or `workspace.key`; may be left out when `token` is given."""
    answers: Annotated[dict[str, AnswerValue], msgspec.Meta(max_length=200)]
    version: VersionNumber | None = None
    """The version that was shown; None means the current one."""
    token: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    """The code of an invitation."""
    complete: bool = True
    sequence: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    resume: (
        Annotated[str, msgspec.Meta(min_length=MIN_RESUME_CHARS, max_length=64)]
        | msgspec.UnsetType
        | None
    ) = msgspec.UNSET
    """A secret that the client makes with the id of a partial response; later sequences repeat it.
    Knowing an id alone lets nobody change what is stored under it. No part of what makes two
    submissions the same."""
    cleared: Annotated[tuple[str, ...], msgspec.Meta(max_length=200)] = ()
    locale: Annotated[str, msgspec.Meta(max_length=12)] | None = None
    channel: Name | None = None
    touchpoint: Name | None = None
    respondent: PersonName | None = None
    """Who answers, as claimed by the client; an invitation's own respondent wins."""
    signature: (
        Annotated[str, msgspec.Meta(max_length=MAX_SIGNATURE_CHARS)] | msgspec.UnsetType | None
    ) = msgspec.UNSET
    """Proof of the respondent (`workspaces.rules.identity`). Without a good one the name is stored
    as claimed. No part of what makes two submissions the same: it may be made anew for a repeat."""
    context: Annotated[dict[str, str | int | float | bool | None], msgspec.Meta(max_length=50)] = {}
    started_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """When the respondent began, by the client's clock; kept as a claim, to the millisecond.
    `submit_response` refuses one that `utc_milliseconds` does not take."""
    waited_ms: float | msgspec.UnsetType | None = msgspec.UNSET
    """For how many milliseconds it waited on the device before it was sent, as between two looks at
    the same clock, so that one which is wrong does no harm (`answered_at`). No part of what makes
    two submissions the same: a repeat has waited for longer."""


def utc_milliseconds(time: datetime) -> datetime:
    """The time as both databases keep it. Raises ValueError outside of the years 1970 to 9999.

    No clock is earlier than 1970, and drivers fail to read back the first days of year 1.

    >>> utc_milliseconds(datetime.fromisoformat("2026-03-01T12:00:00.123456+02:00")).isoformat()
    '2026-03-01T10:00:00.123000+00:00'
    """
    try:
        utc = time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(_NO_TIME) from error
    if utc.year < FIRST_YEAR:
        raise ValueError(_NO_TIME)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def require_calendar_time(time: datetime) -> None:
    """Raise BadRequestError (`wrong_shape`) for a start that `utc_milliseconds` does not take."""
    try:
        utc_milliseconds(time)
    except ValueError as error:
        problem = Problem("$.started_at", "wrong_shape", str(error))
        raise BadRequestError(
            f"{error} (at {problem.path})", code="wrong_shape", status=422, problems=(problem,)
        ) from error


class Receipt(msgspec.Struct, kw_only=True, frozen=True):
    """The answer to an accepted submission; a repeat gets the same one, byte for byte."""

    id: UUID
    survey: str
    version: int
    complete: bool
    sequence: int
    received_at: datetime
    """Server time at which this sequence was stored."""
    hidden: tuple[str, ...] = ()
    """Keys of answers kept apart because the survey's logic hides their questions."""


def when_answered(submission: Submission, now: datetime, record: SurveyRecord) -> datetime | None:
    """When a submission was answered; None for when it arrived."""
    waited_ms = submission.waited_ms
    if waited_ms is None or waited_ms is msgspec.UNSET:
        return None
    return answered_at(now, waited_ms, record.created_at)


def answered_at(received_at: datetime, waited_ms: float, since: datetime) -> datetime | None:
    """When it was answered, to the millisecond, or None for when it arrived.

    `since` is when the survey was first published: nothing was answered before, nor in the future,
    nor longer ago than anything waits. Where it would be, a clock was changed meanwhile.

    >>> noon = datetime(2026, 3, 1, 12)
    >>> answered_at(noon, 3_600_000.5, datetime(2026, 1, 1)).isoformat()
    '2026-03-01T10:59:59.999000'
    >>> [answered_at(noon, said, datetime(2026, 3, 1)) for said in (999, -60e3, 86_400e3)]
    [None, None, None]
    """
    if not SHORTEST_WAIT_MS <= waited_ms <= LONGEST_WAIT_MS:
        return None
    at = received_at - timedelta(milliseconds=waited_ms)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return at if at >= since else None
