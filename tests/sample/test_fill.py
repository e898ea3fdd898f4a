"""The demo's made-up customers."""

from __future__ import annotations

from api_client import Api

from harken_server.responses.store.recount import recount
from harken_server.sample.fill import fill_workspace
from harken_server.surveys.store.surveys import list_surveys


async def test_a_workspace_is_filled_once_and_its_counts_are_what_was_answered(api: Api) -> None:
    runtime = api.runtime

    first, again = await fill_workspace(runtime), await fill_workspace(runtime)

    assert first > 0
    assert again == 0
    surveys = await list_surveys(runtime.db, runtime.home)
    assert surveys
    for survey in surveys:
        assert await recount(runtime.db, runtime.home, survey.id) == []
