"""Store, go on with, erase and set apart the same responses as others do, for a while.

Arguments: URL, workspace, survey, seed, seconds. Each process has the same ids to choose from, so
that responses move between their lanes. It prints how many changes it made.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from uuid import UUID, uuid5

from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.kernel.clock import system_clock
from harken_server.responses.response import NewResponse
from harken_server.responses.store.changing import add_flags, erase_response, set_standing
from harken_server.responses.store.row import get_response
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.store.surveys import get_survey_by_id

TASKS = 12
IDS = 150
NEW = 0.3


class Changer:
    """One process's part of the changes."""

    def __init__(self, db: Database, survey: SurveyRecord, dice: random.Random) -> None:
        self._db = db
        self._survey = survey
        self._place = (survey.workspace_id, survey.id)
        self._dice = dice
        self.changes = 0

    async def run(self, end: float) -> None:
        """Change one thing after the other."""
        while time.monotonic() < end:
            chosen = uuid5(self._place[1], str(self._dice.randrange(IDS)))
            what = self._dice.random()
            if what < 0.02:
                await erase_response(self._db, *self._place, chosen)
            elif what < 0.06:
                standing = self._dice.choice(("counted", "excluded"))
                await set_standing(self._db, *self._place, chosen, standing)
            elif what < 0.1:
                await add_flags(self._db, *self._place, chosen, [f"f{self._dice.randrange(9)}"])
            else:
                await self._store(chosen if what > NEW else UUID(int=self._dice.getrandbits(128)))
            self.changes += 1

    async def _store(self, chosen: UUID) -> None:
        found = await get_response(self._db, *self._place, chosen)
        sequence = 0 if found is None else found.sequence
        new = NewResponse(
            id=chosen, survey=self._survey,
            version=self._dice.randint(1, 2), sequence=sequence + 1, replaces=sequence or None,
            is_complete=self._dice.random() < 0.02, digest=self._dice.getrandbits(128).to_bytes(16),
            received_at=system_clock(), channel=self._dice.choice(("web", "email")),
            answers=[
                AnswerRow("recommend", rating=self._dice.randint(0, 10)),
                *(
                    AnswerRow("reasons", part=choice, choice=choice)
                    for choice in self._dice.sample("abc", self._dice.randint(0, 3))
                ),
            ],
        )  # fmt: skip
        outcome = await self._db.store(RESPONSES, new)
        assert outcome.kind in {
            "stored", "outdated", "erased", "finished", "superseded", "conflict",
        }, outcome  # fmt: skip


async def main(url: str, place: tuple[UUID, UUID], seed: int, seconds: float) -> None:
    db = await open_database(url)
    survey = await get_survey_by_id(db, *place)
    assert survey is not None
    changer = Changer(db, survey, random.Random(seed))
    end = time.monotonic() + seconds
    await asyncio.gather(*(changer.run(end) for _ in range(TASKS)))
    await db.close()
    print(changer.changes)


if __name__ == "__main__":
    url, workspace, survey, seed, seconds = sys.argv[1:]
    asyncio.run(main(url, (UUID(workspace), UUID(survey)), int(seed), float(seconds)))
