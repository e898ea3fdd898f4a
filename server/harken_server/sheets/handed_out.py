"""Sheet tokens: made, shown once, and ended alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.kernel.shown_text import check_name
from harken_server.kernel.tokens import sign_token, verify_token
from harken_server.sheets import store
from harken_server.sheets.store import SheetToken
from harken_server.surveys.published import SurveyRecord
from harken_server.workspaces.access import Acting
from harken_server.workspaces.settings import RightsSettings
from harken_server.workspaces.store import audit

KIND = "sheet"
"""Of its tokens."""
MAX_NAME = 120
MOST = 100
"""Tokens of one survey that work at the same time."""
MOST_LISTED = 1_000
"""The newest, revoked ones included."""
USED_EVERY = timedelta(minutes=1)
"""How often at most it is written down that a token is used."""


class SheetBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a new token is called: after the sheet or whoever reads it."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)]

    def __post_init__(self) -> None:
        """What cannot be seen is no part of a name."""
        check_name("name", self.name)


class MadeSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A new token, with all that opens with it."""

    kept: SheetToken
    token: str


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """What a token of a survey opens. Addresses with the token in them are secrets."""

    responses_url: str
    """Responses as CSV, one row each, for `IMPORTDATA` and programs that send no header."""
    scores_url: str
    """Scores as CSV."""
    odata_url: str
    """The OData service, without the token: send it as the password of HTTP Basic."""


def addresses_of(runtime: Runtime, survey: str, token: str = "") -> Addresses:
    """The addresses of a survey; with a token in those that take it there."""
    public_url = runtime.settings.of(HttpSettings).public_url.rstrip("/")
    said = f"?{urlencode({'token': token})}" if token else ""
    return Addresses(
        responses_url=f"{public_url}/sheets/{survey}/responses.csv{said}",
        scores_url=f"{public_url}/sheets/{survey}/scores.csv{said}",
        odata_url=f"{public_url}/odata/{survey}/",
    )


async def make_token(acting: Acting, record: SurveyRecord, name: str) -> MadeSheet:
    """A token that reads this survey and nothing else, until it is revoked.

    Raises InvalidInputError where `MOST` work already.
    """
    if await store.count_working(acting.db, acting.workspace_id, record.id) >= MOST:
        message = f"A survey has at most {MOST} sheet tokens that work; revoke one first."
        raise InvalidInputError(message, (Problem("$.name", "too_many", message, limit=MOST),))
    now = acting.now()
    life = timedelta(days=acting.runtime.settings.of(RightsSettings).hook_days)
    kept = SheetToken(
        id=acting.runtime.new_id(),
        survey_id=record.id,
        name=name,
        created_at=now,
        expires_at=(now + life).replace(microsecond=0),
    )
    act = acting.act("create_sheet_token")
    async with acting.db.transaction() as tx:
        await store.add_token(tx, acting.workspace_id, kept)
        await audit.write(tx, act, str(kept.id), survey=record.key, name=name)
    token = sign_token(
        acting.runtime.signing_keys, KIND, acting.workspace_id, kept.id.hex, kept.expires_at
    )
    return MadeSheet(kept=kept, token=token)


async def end_token(acting: Acting, record: SurveyRecord, token_id: UUID) -> bool:
    """Revoke one for good, in every process. False when none of this survey works so."""
    act = acting.act("revoke_sheet_token")
    async with acting.db.transaction() as tx:
        if not await store.revoke_token(
            tx, acting.workspace_id, record.id, token_id, act.created_at
        ):
            return False
        await audit.write(tx, act, str(token_id), survey=record.key)
    return True


async def read_token(runtime: Runtime, token: str) -> tuple[UUID, SheetToken] | None:
    """The workspace and the record of a token that works; None for anything else."""
    claims = verify_token(runtime.signing_keys, KIND, token, runtime.clock())
    if claims is None:
        return None
    workspace_id = claims.workspace_id
    kept = await store.find_token(runtime.db, workspace_id, UUID(hex=claims.subject))
    return None if kept is None or kept.revoked_at is not None else (workspace_id, kept)


async def see_use(runtime: Runtime, workspace_id: UUID, kept: SheetToken) -> None:
    """Write down that a token is used, unless that was done within the last minute."""
    now = runtime.clock()
    if kept.used_at is None or now - kept.used_at >= USED_EVERY:
        await store.mark_used(runtime.db, workspace_id, kept.id, now)
