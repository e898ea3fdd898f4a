"""Store responses as fast as possible until killed; print each id once it is acknowledged."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from uuid import UUID, uuid4

from harken_server.database.opening import open_database
from harken_server.kernel.clock import system_clock
from harken_server.kernel.errors import StorageError
from harken_server.responses.response import NewResponse
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.store.surveys import get_survey_by_id

TASKS = 64


def make_response(survey: SurveyRecord, number: int) -> NewResponse:
    """A response whose answers tell how many there must be."""
    return NewResponse(
        id=uuid4(),
        survey=survey,
        version=1,
        sequence=1,
        is_complete=True,
        digest=b"0" * 16,
        received_at=system_clock(),
        context=f'{{"answers": {1 + number % 4}}}',
        answers=[AnswerRow(f"q{place}", rating=number % 11) for place in range(1 + number % 4)],
    )


async def main(url: str, workspace_id: UUID, survey_id: UUID) -> None:
    db = await open_database(url)
    survey = await get_survey_by_id(db, workspace_id, survey_id)
    assert survey is not None
    os.write(1, b"ready\n")

    async def submit() -> None:
        while True:
            new = make_response(survey, random.randrange(1000))
            try:
                outcome = await db.store(RESPONSES, new)
            except StorageError:
                await asyncio.sleep(0.05)
                continue
            if outcome.kind == "stored":
                os.write(1, f"{new.id}\n".encode())

    await asyncio.gather(*[submit() for _ in range(TASKS)])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], UUID(sys.argv[2]), UUID(sys.argv[3])))
