"""No function of the records shows or changes anything of another workspace."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest

from harken_server.core.records import Decision, Invitation, OutboxItem, Touchpoint
from harken_server.storage import (
    decisions,
    invitations,
    keys,
    outbox,
    suppressions,
    surveys,
    touchpoints,
    workspaces,
)
from harken_server.storage.database import Database

NOW = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
MODULES = (decisions, invitations, keys, outbox, suppressions, surveys, touchpoints, workspaces)


class Stored(NamedTuple):
    """One thing of each kind, all of the same workspace."""

    workspace_id: UUID
    survey_id: UUID
    key_id: UUID
    invitation_id: UUID


Call = Callable[[Database, UUID, Stored], Awaitable[Any]]

READS: dict[str, Call] = {
    "find_decision_by_key": lambda db, w, s: decisions.find_decision_by_key(db, w, "order-17"),
    "last_asked_at": lambda db, w, s: decisions.last_asked_at(db, w, "kim", None),
    "get_invitation": lambda db, w, s: invitations.get_invitation(db, w, s.invitation_id),
    "list_open_invitations": lambda db, w, s: invitations.list_open_invitations(
        db, w, "alex", "widget", NOW, 5
    ),
    "signing_digests": lambda db, w, s: keys.signing_digests(db, w, "hk_x"),
    "list_keys": lambda db, w, s: keys.list_keys(db, w),
    "count_keys": lambda db, w, s: keys.count_keys(db, w),
    "list_exhausted": lambda db, w, s: outbox.list_exhausted(db, w, 10),
    "is_suppressed": lambda db, w, s: suppressions.is_suppressed(db, w, "kim"),
    "list_suppressions": lambda db, w, s: suppressions.list_suppressions(db, w),
    "get_survey": lambda db, w, s: surveys.get_survey(db, w, "visit"),
    "get_survey_by_id": lambda db, w, s: surveys.get_survey_by_id(db, w, s.survey_id),
    "list_surveys": lambda db, w, s: surveys.list_surveys(db, w),
    "get_version": lambda db, w, s: surveys.get_version(db, w, s.survey_id, 1),
    "list_versions": lambda db, w, s: surveys.list_versions(db, w, s.survey_id),
    "get_touchpoint": lambda db, w, s: touchpoints.get_touchpoint(db, w, "store.till"),
    "list_touchpoints": lambda db, w, s: touchpoints.list_touchpoints(db, w),
}
CHANGES: dict[str, Call] = {
    "revoke_key": lambda db, w, s: keys.revoke_key(db, w, s.key_id, NOW),
    "set_status": lambda db, w, s: surveys.set_status(db, w, "visit", "closed", NOW),
    "unsuppress": lambda db, w, s: suppressions.unsuppress(db, w, "kim"),
}
ADDITIONS = {
    "decision_lock",
    "create_key",
    "enqueue",
    "suppress",
    "publish_version",
    "put_touchpoint",
    "assign_touchpoints",
}
"""These only ever add to, or replace within, the workspace they name; see their own tests."""
NAMES_THE_WORKSPACE_ITSELF = {"get_workspace"}


@pytest.fixture
async def stored(database: Database) -> Stored:
    workspace_id = uuid4()
    survey_id = await _store_survey(database, workspace_id)
    invitation_id, key_id = uuid4(), uuid4()
    await keys.create_key(
        database, workspace_id, id=key_id, name="k", scopes=("write",), secret="hk_x", now=NOW
    )
    await invitations.add_invitation(
        database,
        Invitation(
            id=invitation_id,
            workspace_id=workspace_id,
            survey_id=survey_id,
            code="0123456789ABC",
            touchpoint="store.till",
            channel="widget",
            respondent="alex",
            created_at=NOW,
        ),
    )
    await decisions.record_decision(
        database,
        Decision(
            id=uuid4(),
            workspace_id=workspace_id,
            touchpoint="store.till",
            channel="api",
            is_asked=True,
            reason="asked",
            created_at=NOW,
            respondent="kim",
            idempotency_key="order-17",
        ),
    )
    await suppressions.suppress(
        database, workspace_id, "kim", reason="bounced", now=NOW, new_id=uuid4()
    )
    await _store_exhausted_item(database, workspace_id)
    return Stored(workspace_id, survey_id, key_id, invitation_id)


@pytest.mark.parametrize("name", READS)
async def test_a_read_sees_its_own_workspace_and_no_other(
    database: Database, stored: Stored, name: str
) -> None:
    assert await READS[name](database, stored.workspace_id, stored)

    assert not await READS[name](database, uuid4(), stored)


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_reaches_its_own_workspace_and_no_other(
    database: Database, stored: Stored, name: str
) -> None:
    assert not await CHANGES[name](database, uuid4(), stored)

    assert await CHANGES[name](database, stored.workspace_id, stored)


async def test_an_outbox_item_is_not_settled_under_another_workspace(database: Database) -> None:
    await _enqueue(database, uuid4())
    item = (await outbox.claim_due(database, NOW, 1, 30))[0]
    foreign = OutboxItem(
        id=item.id,
        workspace_id=uuid4(),
        kind=item.kind,
        payload=item.payload,
        attempts=item.attempts,
        created_at=item.created_at,
        due_at=item.due_at,
    )

    assert not await outbox.finish(database, foreign, NOW)
    assert not await outbox.fail(database, foreign, NOW, error="x", due_at=None)

    assert await outbox.finish(database, item, NOW)


def test_every_function_that_takes_a_workspace_is_covered_here() -> None:
    taking = {name for module in MODULES for name in _functions_of(module)}

    assert taking == {*READS, *CHANGES, *ADDITIONS, *NAMES_THE_WORKSPACE_ITSELF}


def _functions_of(module: ModuleType) -> list[str]:
    return [
        name
        for name, function in inspect.getmembers(module, inspect.iscoroutinefunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and "workspace_id" in inspect.signature(function).parameters
    ]


async def _store_survey(database: Database, workspace_id: UUID) -> UUID:
    survey, _ = await surveys.publish_version(
        database,
        workspace_id,
        key="visit",
        definition=b"{}",
        digest="d" * 64,
        change="first",
        expected=0,
        now=NOW,
        survey_id=uuid4(),
        version_id=uuid4(),
        status="live",
    )
    await touchpoints.put_touchpoint(
        database, workspace_id, Touchpoint(key="store.till", survey="visit"), NOW, uuid4()
    )
    return survey.id


async def _store_exhausted_item(database: Database, workspace_id: UUID) -> None:
    await _enqueue(database, workspace_id)
    item = (await outbox.claim_due(database, NOW, 1, 30))[0]
    await outbox.fail(database, item, NOW, error="no route", due_at=None)


async def _enqueue(database: Database, workspace_id: UUID) -> None:
    async with database.transaction() as tx:
        await outbox.enqueue(tx, workspace_id, id=uuid4(), kind="email", payload="{}", now=NOW)
