"""The numbers that states and standings are stored as stay what they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harken_server.database.database import Database
from harken_server.responses.codes import PROOFS, STANDINGS, STATES
from harken_server.responses.response import NewResponse, Standing
from harken_server.responses.store.changing import set_standing
from harken_server.responses.store.writing import RESPONSES


def test_a_number_means_the_same_for_ever() -> None:
    assert STATES == ("partial", "complete", "erased")
    assert STANDINGS == (
        "counted",
        "provisional",
        "quarantined",
        "unverified",
        "excluded",
        "waiting",
    )
    assert PROOFS == ("", "signature", "link", "receipt", "key", "place", "device")


@pytest.mark.parametrize("standing", STANDINGS)
async def test_a_view_has_the_words(
    database: Database, make_response: Callable[..., NewResponse], standing: Standing
) -> None:
    new = make_response()
    await database.store(RESPONSES, new)

    place = new.survey.workspace_id, new.survey.id
    await set_standing(database, *place, new.id, standing)

    rows = await database.fetch("SELECT state, standing FROM responses_flat")
    assert rows == [("complete", standing)]
