"""Look at everything that is stored and name every difference; change nothing."""

from __future__ import annotations

from datetime import date

import msgspec

from harken_server.database.migrate import check_schema
from harken_server.database.opening import Snapshot, open_snapshot
from harken_server.database.settings import DatabaseSettings
from harken_server.kernel.settings import Settings
from harken_server.responses.store.recount import CountDifference, recount
from harken_server.upkeep.progress import Progress
from harken_server.upkeep.store.contents import SurveyOf, count_all, list_surveys, told_of_erasures
from harken_server.upkeep.store.portable import all_forms
from harken_server.upkeep.store.references import all_references, beyond_the_feed, given_up, orphans
from harken_server.upkeep.store.structure import damage, structure_differences


class Findings(msgspec.Struct, frozen=True):
    """What was looked at, and what is wrong."""

    looked_at: str
    differences: list[str]
    notes: list[str] = []
    """What somebody should know and is no difference: work given up, what is left of erasures."""

    def lines(self) -> list[str]:
        """To print."""
        count = len(self.differences)
        verdict = "nothing is wrong" if not count else f"{count:,} differences"
        return [*self.differences, *self.notes, f"Looked at {self.looked_at}: {verdict}."]


async def check_up(settings: Settings) -> Findings:
    """Look at the database that is set, in one moment of it, while servers run."""
    url = settings.of(DatabaseSettings).database_url
    async with open_snapshot(url) as seen:
        await check_schema(seen)
    return await examine(url)


async def examine(url: str) -> Findings:
    """As `check_up`, of any database that has our tables."""
    async with open_snapshot(url) as seen:
        differences = await damage(seen) or await structure_differences(seen)
        if differences:  # what follows would stumble over it
            return Findings("the file and its tables", differences)
        counted = await count_all(seen, all_forms())
        surveys = await list_surveys(seen)
        references = all_references()
        with Progress("Looking", len(references) + len(surveys) + 1) as progress:
            for reference in references:
                differences += await orphans(seen, reference)
                progress.add(1, f"{reference.table}.{reference.column}")
            differences += await beyond_the_feed(seen)
            progress.add(1, "positions of the feed")
            for survey in surveys:
                differences += await _miscounted(seen, survey)
                progress.add(1, f"{survey.workspace}/{survey.survey}")
        notes = [*await given_up(seen), *await told_of_erasures(seen)]
    rows = sum(counted.values())
    return Findings(
        f"{rows:,} rows of {len(counted)} tables, {len(references)} kinds of references and the "
        f"{counted['answer_count']:,} counts of {counted['response']:,} responses to "
        f"{len(surveys):,} surveys",
        differences,
        notes,
    )


async def _miscounted(seen: Snapshot, of: SurveyOf) -> list[str]:
    different = await recount(seen, of.workspace_id, of.survey_id)
    return [f"{of.workspace}/{of.survey}: {_said(each)}" for each in different]


def _said(each: CountDifference) -> str:
    question = f"{each.question}.{each.part}" if each.part else each.question
    value = repr(each.value) if each.value else "its base"
    among = f", {each.dimension} {each.member!r}" if each.dimension else ""
    place = f"touchpoint {each.touchpoint!r}, channel {each.channel!r}"
    if each.touchpoint is None:
        place = "all touchpoints and channels"
    return (
        f"question {question}, value {value}: counted {each.counted:,}, found {each.found:,} "
        f"(version {each.version}, {place}, day "
        f"{date.fromordinal(each.day)}{among})"
    )
