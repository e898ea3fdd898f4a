"""What a client offers under `surveys`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from harken._calls import survey_calls
from harken._calls.definition_files import DefinitionFormat, read_definition
from harken._types.numbers.options import NumberOptions
from harken._types.numbers.rates import Rates
from harken._types.numbers.score import SurveyTarget
from harken._types.survey import PushResult, ResultsLink, Survey, SurveySummary

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from harken._async.connection import AsyncConnection


class AsyncSurveys:
    """Publish surveys from files and read them back."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def push(
        self,
        definition: str | os.PathLike[str] | Mapping[str, Any],
        *,
        dry_run: bool = False,
        format: DefinitionFormat | None = None,
    ) -> PushResult:
        """Publish a definition: a path (.yaml, .yml, .toml, .json), a mapping, or the text itself.

        A changed definition becomes a new version, an unchanged one nothing. With `dry_run` the
        server only says what it would do. Raises InvalidDefinitionError with every problem.
        """
        body, kind = read_definition(definition, format)
        return await self._connection.run(survey_calls.push_survey(body, kind, dry_run=dry_run))

    async def get(self, key: str, version: int | None = None) -> Survey:
        """One published version with its definition; the newest unless told otherwise."""
        return await self._connection.run(survey_calls.get_survey(key, version))

    async def open(self, key: str) -> SurveySummary:
        """Take responses."""
        return await self._connection.run(survey_calls.set_status(key, "live"))

    async def close(self, key: str) -> SurveySummary:
        """Take no more responses: whoever comes reads kindly that it is over. `open` undoes it."""
        return await self._connection.run(survey_calls.set_status(key, "closed"))

    async def rates(self, key: str, **wanted: Unpack[NumberOptions]) -> Rates:
        """How far asking and answering came, and how carefully people answered.

        Of up to 20,000 responses: BadRequestError where the filter takes in more.
        """
        return await self._connection.run(survey_calls.get_rates(key, **wanted))

    async def results_link(self, key: str, *, days: int = 90) -> ResultsLink:
        """A link to the results page for people without a key, good for 1 to 3650 days."""
        return await self._connection.run(survey_calls.results_link(key, days))

    async def targets(self, key: str) -> tuple[SurveyTarget, ...]:
        """What the scores of the survey are to reach."""
        return await self._connection.run(survey_calls.get_targets(key))

    async def set_targets(
        self, key: str, targets: Iterable[SurveyTarget | Mapping[str, Any]]
    ) -> tuple[SurveyTarget, ...]:
        """Replace all targets: each a mapping such as `{"question": "recommend", "value": 50}`.

        Scores then say whether each is reached, not reached, or not proven by the answers. Raises
        ValidationError.
        """
        return await self._connection.run(survey_calls.put_targets(key, targets))

    async def list(self) -> tuple[SurveySummary, ...]:
        """Every survey of the key's workspace."""
        return await self._connection.run(survey_calls.list_surveys())
