"""Calls about tokens with which a spreadsheet reads a survey."""

from __future__ import annotations

from uuid import UUID

from isolation import (
    LATER,
    NOW,
    OURS,
    SECRET,
    SURVEY,
    Theme,
    build_responses,
    build_survey,
    fresh,
    within,
)

from harken_server.database.database import Database
from harken_server.sheets import state_sql, store
from harken_server.sheets.store import SheetToken

TOKEN = UUID(int=0xA61)


def token(token_id: UUID, name: str = SECRET) -> SheetToken:
    return SheetToken(id=token_id, survey_id=SURVEY, name=name, created_at=NOW, expires_at=LATER)


async def build(db: Database) -> None:
    await build_survey(db)
    await build_responses(db)
    await store.add_token(db, OURS, token(TOKEN))


SHEETS = Theme(
    build=build,
    reads={
        "sheets.find_token": lambda db, w: store.find_token(db, w, TOKEN),
        "sheets.list_tokens": lambda db, w: store.list_tokens(db, w, SURVEY, limit=9),
        "sheets.count_working": lambda db, w: store.count_working(db, w, SURVEY),
        "sheets.state_sql.last_positions": lambda db, w: state_sql.last_positions(db, w, SURVEY),
    },
    changes={
        "sheets.mark_used": lambda db, w: store.mark_used(db, w, TOKEN, LATER),
        "sheets.revoke_token": lambda db, w: within(
            db, lambda tx: store.revoke_token(tx, w, SURVEY, TOKEN, LATER)
        ),
    },
    additions={
        "sheets.add_token: another one": lambda db, w: store.add_token(
            db, w, token(fresh(w), "theirs")
        ),
    },
    taken={"sheets.add_token": lambda db, w: store.add_token(db, w, token(TOKEN, "theirs"))},
)
