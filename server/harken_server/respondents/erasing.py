"""Erase a person: all that is stored of them goes, and what is left says only not to ask them.

Each step is a short transaction of its own, so that nobody waits for it and one that was broken off
is repeated; the audit trail says in the same transaction what went so far. The digests come first:
from then on no trigger keeps anything of the person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.locks import named_lock
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.named import name_id
from harken_server.invitations.store import list_invitations
from harken_server.respondents.store import erasing
from harken_server.respondents.store.suppressions import is_erased, suppress_erased
from harken_server.responses.store.changing import erase_response
from harken_server.responses.store.erased import promise_erased
from harken_server.responses.store.persons_sql import count_of_person, list_of_person
from harken_server.responses.store.row import get_response
from harken_server.surveys.store.surveys import list_surveys
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.audit import Act


class Found(msgspec.Struct, frozen=True):
    """What there is of a person: how many rows, by table; nothing of what there is none."""

    theirs: dict[str, int]
    """What is stored under the name: responses count that carry it, proved or claimed."""
    claimed: dict[str, int]
    """What came by public links with the name in them (`?rid=`), which anybody can write."""
    is_erased: bool
    """Whether a digest of the name is kept already."""


class Wish(msgspec.Struct, frozen=True):
    """Who is to be erased, and how far."""

    respondent: str
    claims: bool = False
    """Also what came by public links with the name in them."""
    holds: bool = False
    """Also where nothing is known under the name: what was answered before and comes late then
    finds that it is not wanted, and nobody asks the person."""


async def find_person(db: Database, workspace_id: UUID, respondent: str) -> Found:
    """What would be erased of a person; nothing is changed."""
    addresses = await erasing.find_addresses(db, workspace_id, respondent)
    theirs = await erasing.count_rows(db, workspace_id, respondent, addresses)
    theirs["response"] = await count_of_person(db, workspace_id, respondent)
    claims = await _list_claims(db, workspace_id, respondent)
    answered = [each for each in claims if await _has_answer(db, each)]
    claimed = {"invitation": len(claims), "response": len(answered)}
    return Found(
        _without_none(theirs),
        _without_none(claimed),
        await is_erased(db, workspace_id, respondent),
    )


async def erase_person(db: Database, act: Act, wish: Wish) -> Found:
    """Erase everything of a person: what it was. Safe to repeat.

    Responses are blanked and stay as tombstones, as single ones that are erased. What only claims
    the name is counted, and erased where that is wished. Nothing is kept of an unknown name,
    unless it is to hold.
    """
    found = await find_person(db, act.workspace_id, wish.respondent)
    erasure = _Erasure(db, act, wish)
    keeps = bool(found.theirs) or wish.holds or (wish.claims and bool(found.claimed))
    await erasure.begin(keeps_digest=keeps)
    if keeps:
        await erasure.run()
    claimed = erasure.claimed if wish.claims else found.claimed
    return Found(_without_none(erasure.theirs), _without_none(claimed), keeps or found.is_erased)


class _Erasure:
    """An erasure under way, and what went so far."""

    def __init__(self, db: Database, act: Act, wish: Wish) -> None:
        self._db, self._act, self._wish = db, act, wish
        self._owner = act.workspace_id
        self._addresses: list[str] = []
        self.theirs: Counter[str] = Counter()
        self.claimed: Counter[str] = Counter()

    async def begin(self, *, keeps_digest: bool) -> None:
        """Triggers that are being decided end first; all later ones find the digest."""
        name = self._wish.respondent
        if keeps_digest:
            self._addresses = await erasing.find_addresses(self._db, self._owner, name)
        async with self._db.transaction() as tx:
            if keeps_digest:
                await named_lock(tx, self._owner, f"respondent {name}")
                now = self._act.created_at
                await suppress_erased(tx, self._owner, name, self._addresses, now)
            await self._write_down(tx)

    async def run(self) -> None:
        """All steps, and once more: something may have been under way."""
        for table in erasing.tables_of_addresses():
            for address in self._addresses:
                forget = partial(erasing.forget_address, table=table, address=address)
                await self._step(self.theirs, erasing.name_of(table), forget)
        before = -1
        while self.theirs.total() > before:
            before = self.theirs.total()
            await self._erase_responses()
            for table in erasing.tables_of_people():
                name = self._wish.respondent
                forget = partial(erasing.forget_some, table=table, respondent=name)
                while await self._step(self.theirs, erasing.name_of(table), forget):
                    pass
        if self._wish.claims:
            await self._erase_claims()

    async def _erase_responses(self) -> None:
        name = self._wish.respondent
        while found := await list_of_person(self._db, self._owner, name, erasing.AT_ONCE):
            for survey_id, response_id in found:
                await self._erase_response(self.theirs, survey_id, response_id)

    async def _erase_claims(self) -> None:
        for each in await _list_claims(self._db, self._owner, self._wish.respondent):
            if each.response_id is not None:
                await self._erase_response(self.claimed, each.survey_id, each.response_id)
            forget = partial(_forget_claim, invitation_id=each.id)
            await self._step(self.claimed, "invitation", forget)

    async def _erase_response(
        self, counts: Counter[str], survey_id: UUID, response_id: UUID
    ) -> None:
        async def beside(tx: Transaction) -> None:
            await self._count(tx, counts=counts, name="response", more=1)
            await promise_erased(tx, self._owner, response_id, self._act.created_at)

        await erase_response(self._db, self._owner, survey_id, response_id, beside)

    async def _step(
        self, counts: Counter[str], name: str, forget: Callable[..., Awaitable[int]]
    ) -> int:
        async with self._db.transaction() as tx:
            more = await forget(tx, self._owner)
            if more:
                await self._count(tx, counts, name, more)
        return more

    async def _count(self, tx: Transaction, counts: Counter[str], name: str, more: int) -> None:
        counts[name] += more
        await self._write_down(tx)

    async def _write_down(self, tx: Transaction) -> None:
        subject = self._act.on_person(self._wish.respondent)
        erased, claimed = _without_none(self.theirs), _without_none(self.claimed)
        await audit.write(tx, self._act, subject, erased=erased, claimed=claimed)


async def _list_claims(db: Database, workspace_id: UUID, name: str) -> list[Invitation]:
    surveys = await list_surveys(db, workspace_id)
    ids = [name_id(survey.id, name) for survey in surveys]
    return await list_invitations(db, workspace_id, ids)


async def _has_answer(db: Database, claim: Invitation) -> bool:
    if claim.response_id is None:
        return False
    stored = await get_response(db, claim.workspace_id, claim.survey_id, claim.response_id)
    return stored is not None and stored.state != "erased"


async def _forget_claim(tx: Transaction, workspace_id: UUID, invitation_id: UUID) -> int:
    await erasing.forget_invitation(tx, workspace_id, invitation_id)
    return 1


def _without_none(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items()) if count}
