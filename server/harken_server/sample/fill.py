"""Fills a workspace with sample surveys and a few hundred sample responses of the last weeks.

Everything goes the ordinary way in, with the clock set back, and carries `is_sample`.
"""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from pathlib import Path

from harken_server.http.runtime import Runtime
from harken_server.kernel.clock import Clock
from harken_server.kernel.ids import uuid7
from harken_server.responses.asked import Collection
from harken_server.responses.submission import Submission
from harken_server.responses.submit import submit_response
from harken_server.sample.answers import Visit, answer_survey
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.definition import decode_survey
from harken_server.surveys.publish import push_survey
from harken_server.surveys.store import surveys
from harken_server.surveys.survey import Survey
from harken_server.workspaces.access import WorkspaceCatalog

TEMPLATES = Path(__file__).parent.parent / "survey_templates"
DEMO_SURVEYS = ("post_purchase", "restaurant_receipt", "support_ticket")
RESPONSES = {"post_purchase": 260, "restaurant_receipt": 170, "support_ticket": 90}
SPAN_DAYS = 77
PARTIAL_SHARE = 0.06
TOGETHER = 64
"""How many responses are submitted at once."""
CHANNELS = {
    "post_purchase": ("email", "email", "web", "widget"),
    "restaurant_receipt": ("receipt",),
    "support_ticket": ("email", "web"),
}
STORES = ("oslo-3", "oslo-1", "bergen-1", "berlin-2")
LOCALES = ("en", "en", "en", "de", "nb")


async def fill_workspace(runtime: Runtime) -> int:
    """Push the sample surveys, and fill those that are new. Gives how many responses were added."""
    added = 0
    workspace = await runtime.of(WorkspaceCatalog).get(runtime.home)
    for key in DEMO_SURVEYS:
        is_new = await surveys.get_survey(runtime.db, runtime.home, key) is None
        if not is_new:
            continue
        survey = decode_survey((TEMPLATES / f"{key}.survey.yaml").read_bytes(), "yaml")
        await push_survey(runtime.db, workspace, survey, now=runtime.clock(), new_id=runtime.new_id)
        runtime.of(Catalog).forget()
        added += await _fill_survey(runtime, survey)
    return added


async def _fill_survey(runtime: Runtime, survey: Survey) -> int:
    dice = random.Random(f"harken demo {survey.key}")  # noqa: S311  (sample data, not secrets)
    now = runtime.clock()
    times = sorted(_random_time(dice, now) for _ in range(RESPONSES[survey.key]))
    waiting = [_submit_one(runtime, survey, dice, at, now) for at in times]
    for start in range(0, len(waiting), TOGETHER):
        await asyncio.gather(*waiting[start : start + TOGETHER])
    return len(waiting)


async def _submit_one(
    runtime: Runtime, survey: Survey, dice: random.Random, at: datetime, now: datetime
) -> None:
    age = (now - at) / timedelta(days=SPAN_DAYS)
    visit = Visit(mood=dice.gauss(0.86 - 0.12 * age, 0.2), store=dice.choice(STORES))
    is_complete = dice.random() > PARTIAL_SHARE
    offered = (survey.locale, *survey.locales)
    locale = dice.choice([name for name in LOCALES if name in offered])
    context = {"store": visit.store} if "store" in survey.context else {}
    submission = Submission(
        id=uuid7(at, dice.randbytes(10)),
        survey=survey.key,
        answers=answer_survey(survey, visit, dice, context, is_complete=is_complete),
        complete=is_complete,
        locale=locale,
        channel=dice.choice(CHANNELS[survey.key]),
        touchpoint=dice.choice(survey.touchpoints) if survey.touchpoints else None,
        context=dict(context),
        started_at=at - timedelta(seconds=dice.randint(6, 95)),
    )
    room = Collection(runtime.db, runtime.of(Catalog), _stopped_clock(at))
    await submit_response(room, submission, channel="web", is_sample=True)


def _stopped_clock(at: datetime) -> Clock:
    return lambda: at


def _random_time(dice: random.Random, now: datetime) -> datetime:
    """Some moment of the span, mostly by day and rather lately than long ago."""
    days = SPAN_DAYS * (1 - dice.random() ** 0.8)
    at = now - timedelta(days=days)
    at = at.replace(
        hour=min(22, max(7, round(dice.gauss(14, 3.5)))),
        minute=dice.randrange(60),
        second=dice.randrange(60),
        microsecond=dice.randrange(1000) * 1000,
    )
    return min(at, now - timedelta(minutes=dice.randint(2, 90)))
