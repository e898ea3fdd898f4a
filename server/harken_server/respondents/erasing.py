"""Erase a person: all that is stored of them goes, and what is left says only not to ask them.

Each step is a short transaction of its own, so that nobody waits for it and one that was broken off
is repeated. The digests come first: from then on no trigger keeps anything of the person.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from harken_server.database.database import Database
from harken_server.database.locks import named_lock
from harken_server.respondents.store import erasing
from harken_server.respondents.store.suppressions import suppress_erased
from harken_server.responses.store.changing import erase_response
from harken_server.responses.store.persons_sql import list_of_person


async def erase_person(
    db: Database, workspace_id: UUID, respondent: str, now: datetime
) -> dict[str, int]:
    """Erase everything of a person: how many rows it were, by table. Safe to repeat.

    Responses are blanked and stay as tombstones, as single ones that are erased.
    """
    addresses = await erasing.find_addresses(db, workspace_id, respondent)
    await _forbid(db, workspace_id, respondent, addresses, now)
    erased: Counter[str] = Counter()
    for table in erasing.tables_of_addresses():
        for address in addresses:
            erased[erasing.name_of(table)] += await erasing.forget_address(
                db, workspace_id, table, address
            )
    before = -1
    while erased.total() > before:  # once more: something may have been under way
        before = erased.total()
        erased["response"] += await _erase_responses(db, workspace_id, respondent)
        for table in erasing.tables_of_people():
            while some := await erasing.forget_some(db, workspace_id, table, respondent):
                erased[erasing.name_of(table)] += some
    return {name: count for name, count in sorted(erased.items()) if count}


async def _forbid(
    db: Database, workspace_id: UUID, respondent: str, addresses: list[str], now: datetime
) -> None:
    """Triggers that are being decided end first; all later ones find the digest."""
    async with db.transaction() as tx:
        await named_lock(tx, workspace_id, f"respondent {respondent}")
        await suppress_erased(tx, workspace_id, respondent, addresses, now)


async def _erase_responses(db: Database, workspace_id: UUID, respondent: str) -> int:
    count = 0
    while found := await list_of_person(db, workspace_id, respondent, erasing.AT_ONCE):
        for survey_id, response_id in found:
            await erase_response(db, workspace_id, survey_id, response_id)
        count += len(found)
    return count
