"""What tests of isolation share: two workspaces, their rows, and the shape of a theme's calls.

Whatever belongs to the workspace `OURS` has names and ids that are known beforehand, so that the
workspace `THEIRS` can be given the very same ones.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID, uuid5

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.failures import ConstraintError
from harken_server.database.outbox import OutboxItem
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import add_invitation
from harken_server.kernel.errors import ConflictError
from harken_server.kernel.ids import RANDOM_BYTES, uuid7
from harken_server.responses.response import NewResponse
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.published import SurveyRecord, SurveySource, Touchpoint
from harken_server.surveys.store.surveys import publish_version
from harken_server.surveys.store.touchpoints import put_touchpoint
from harken_server.tables import TABLES
from harken_server.workspaces.store.workspaces import add_workspace

NOW = datetime(2026, 3, 4, 12, 0, 0, 123000, tzinfo=UTC)
EARLIER, LATER = NOW - timedelta(days=1), NOW + timedelta(days=30)
OURS, THEIRS = UUID(int=0xA0), UUID(int=0xB0)
SECRET = "only-ours"
"""Stands in texts of OURS; no call gives it, so that wherever else it turns up it was leaked."""
SURVEY = UUID(int=0xA1)
OPEN, ANSWERED = UUID(int=0xA2), UUID(int=0xA3)
"""Invitations of the respondent `kim`."""
RESPONSE, APART = UUID(int=0xA4), UUID(int=0xA5)
"""Responses: a counted one of `kim`, and one that is quarantined."""
TODAY = uuid7(EARLIER, bytes(RANDOM_BYTES))
"""The id of something that was made yesterday, where ids tell the time."""
REFUSED = "refused"
OF_THE_SERVER = {
    "feed",  # counts changes of the whole database
    "account",  # a person may belong to several workspaces: see `account_role`
    "sign_in",
    "guess",  # tries to sign in, before it is known who they are
}
COLUMNS = {
    table._meta.tablename: [column._meta.db_column_name for column in table._meta.columns]
    for table in TABLES
    if table._meta.tablename not in OF_THE_SERVER
}
"""Names of the columns, by table."""

Call: TypeAlias = Callable[[Database, UUID], Awaitable[Any]]
Calls: TypeAlias = dict[str, Call]
"""By `module.function` of the storage, with a remark after a colon for a second call of one."""


class Theme(NamedTuple):
    """Functions that belong together, each called for a workspace with the names of OURS."""

    build: Callable[[Database], Awaitable[None]]
    """Gives OURS one record of each kind."""
    reads: Calls
    """Find something of OURS, and change nothing."""
    changes: Calls
    """Change or remove something that OURS has; THEIRS are told that it is not there."""
    additions: Calls
    """Add something to the workspace itself, beside what OURS has under the same name."""
    taken: Calls
    """Would add something under an id or a code that is unique everywhere, and which OURS has."""


async def add_workspaces(db: Database) -> None:
    await add_workspace(db, OURS, "ours", SECRET, NOW)
    await add_workspace(db, THEIRS, "theirs", "Theirs", NOW)


async def rows_of(db: Database, workspace_id: UUID) -> dict[str, list[str]]:
    """Every row of a workspace, by table, in a lasting order."""
    rows: dict[str, list[str]] = {name: [] for name in COLUMNS}
    for table, row in await db.fetch(_every_row(db.dialect), workspace_id):
        rows[table].append(row)
    return {table: sorted(found) for table, found in rows.items()}


@cache
def _every_row(dialect: str) -> str:
    """One statement for all tables: a test asks for all rows up to eight times."""
    quote = {"sqlite": "quote", "postgres": "quote_nullable"}[dialect]
    selects: list[str] = []
    for table, columns in COLUMNS.items():
        row = " || ', ' || ".join(f'{quote}("{name}")' for name in columns)
        selects.append(f"SELECT '{table}', {row} FROM {table} WHERE {_of_workspace(table)}")
    return " UNION ALL ".join(selects)


def _of_workspace(table: str) -> str:
    if "survey_number" in COLUMNS[table]:
        return "survey_number IN (SELECT number FROM survey WHERE workspace_id = $1)"
    return "id = $1" if table == "workspace" else "workspace_id = $1"


async def outcome_of(call: Awaitable[Any]) -> Any:
    """What the call gives; REFUSED when the storage says that something is in the way."""
    try:
        return await call
    except (ConflictError, ConstraintError):
        return REFUSED


async def within(db: Database, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
    """The outcome of a call that needs a transaction."""
    async with db.transaction() as tx:
        return await work(tx)


def fresh(workspace_id: UUID) -> UUID:
    """An id that only this workspace draws."""
    return uuid5(workspace_id, "fresh")


def item(workspace_id: UUID, id: UUID) -> OutboxItem:  # noqa: A002  # The record's own word.
    """A claimed item as a worker holds it."""
    return OutboxItem(
        id=id, workspace_id=workspace_id, kind="mail.send", payload="{}", attempts=1,
        created_at=NOW, due_at=NOW,
    )  # fmt: skip


def invitation(workspace_id: UUID, **changes: Any) -> Invitation:
    """The invitation OPEN, as if it were of this workspace."""
    values: dict[str, Any] = {
        "id": OPEN, "survey_id": SURVEY, "code": "0123456789ABC", "touchpoint": "store.till",
        "channel": "widget", "respondent": "kim", "created_at": EARLIER,
    }  # fmt: skip
    return Invitation(workspace_id=workspace_id, **{**values, **changes})


def response(workspace_id: UUID, **changes: Any) -> NewResponse:
    """The response RESPONSE, as if it were of the survey of this workspace."""
    values: dict[str, Any] = {
        "id": RESPONSE, "version": 1, "sequence": 1, "is_complete": True,
        "digest": b"0" * 16, "received_at": NOW, "respondent": "kim", "touchpoint": "store.till",
        "probability": 0.5,
        "is_sample": True, "proof": "key", "origin_proof": "key", "quotas": ("tall",), "answers": [
            AnswerRow("recommend", rating=2), AnswerRow("reason", choice="price"),
            AnswerRow("why", text=SECRET),
        ],
    }  # fmt: skip
    return NewResponse(**{"survey": survey_of(workspace_id), **values, **changes})


def survey_of(workspace_id: UUID) -> SurveyRecord:
    """The record of the survey that a workspace has when OURS was the first to publish one."""
    return SurveyRecord(
        id=SURVEY if workspace_id == OURS else fresh(workspace_id),
        number=1 if workspace_id == OURS else 2, workspace_id=workspace_id, key="visit",
        status="live", version=1, created_at=NOW, updated_at=NOW,
    )  # fmt: skip


async def build_survey(db: Database) -> None:
    """A live survey, and a touchpoint that asks it."""
    await publish_version(
        db,
        OURS,
        key="visit",
        definition=msgspec.json.encode({"title": SECRET, "asking": {"needs_consent": True}}),
        digest="d" * 64,
        change="first",
        expected=0,
        now=NOW,
        survey_id=SURVEY,
        version_id=UUID(int=0xA6),
        status="live",
        source=SurveySource(f"title: {SECRET}", "yaml"),
    )
    touchpoint = Touchpoint(key="store.till", survey="visit", title=SECRET, journey="customer")
    await put_touchpoint(db, OURS, touchpoint, NOW, UUID(int=0xA7))


async def build_invitations(db: Database) -> None:
    """One that waits, and one that fills a quota when it is answered; both of `kim`."""
    await add_invitation(db, invitation(OURS))
    answered = invitation(
        OURS, id=ANSWERED, code="1123456789ABC", channel="email", wave="spring:1", quotas=("tall",)
    )
    await add_invitation(db, answered)


async def build_responses(db: Database) -> None:
    """One that answers the invitation ANSWERED, and one that does not count."""
    claiming = response(OURS, invitation_id=ANSWERED, is_single_use=True)
    await db.store(RESPONSES, claiming)
    await db.store(RESPONSES, response(OURS, id=APART, respondent="alex", standing="quarantined"))
