"""What no count tells of a survey at a glance: a usability scale's score, and who wrote a text."""

from __future__ import annotations

from collections import Counter

import msgspec

from harken_server.console.glances import Glance, with_score
from harken_server.insights.page.selection import EVERYTHING, Selection, count_filter
from harken_server.insights.read.scores import read_first_score, read_instrument
from harken_server.insights.read.withheld import read_hidden
from harken_server.insights.rules.headlines import headline_of
from harken_server.insights.rules.hidden import say_hidden
from harken_server.insights.store.latest_sql import Wanted, latest_comments
from harken_server.insights.store.people_sql import MOST_RESPONSES, count_days, has_more
from harken_server.insights.store.weeks_sql import Part
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.instruments import STATEMENTS
from harken_server.workspaces.signed_in import Visit


async def look_into(visit: Visit, loaded: LoadedSurvey, glance: Glance, part: Part) -> Glance:
    """The glance with what its responses say, where they are not more than `MOST_RESPONSES`.

    Somebody on the front line is not told how many there are beyond their places.
    """
    if not glance.answers and (hidden := await read_hidden(visit.db, loaded)):
        return glance._replace(hidden=say_hidden(hidden))
    is_text = headline_of(loaded.survey) is None
    is_scale = loaded.survey.instrument in STATEMENTS and glance.answers > 0
    if not is_text and not is_scale:
        return glance
    is_whole = visit.reach is None
    if is_whole and await has_more(visit.db, visit.workspace_id, loaded.record.id):
        return glance._replace(answers=MOST_RESPONSES, is_more=True) if is_text else glance
    if is_text:
        return await _with_texts(visit, loaded, glance, part)
    return await _with_scale(visit, loaded, glance)


async def with_latest(visit: Visit, loaded: LoadedSurvey, glance: Glance) -> Glance:
    """The glance with the number of the latest of each person, as results begin; without one where
    there are too many to look through.
    """
    if visit.reach is None and await has_more(visit.db, visit.workspace_id, loaded.record.id):
        return glance._replace(metric="", value="", interval="", n="", movement="")
    every = count_filter(Selection(), visit.local_now(), visit.reach or EVERYTHING)
    latest = msgspec.structs.replace(every, is_latest=True)
    place = (visit.db, visit.workspace_id, loaded.record.id)
    score, _ = await read_first_score(*place, loaded.survey, latest)
    return with_score(glance._replace(movement=""), score) if score and score.n else glance


async def _with_scale(visit: Visit, loaded: LoadedSurvey, glance: Glance) -> Glance:
    selection = count_filter(Selection(), visit.local_now(), visit.reach or EVERYTHING)
    place = (visit.db, visit.workspace_id, loaded.record.id)
    score = await read_instrument(*place, loaded.survey, selection)
    return with_score(glance, score) if score and score.n else glance


async def _with_texts(visit: Visit, loaded: LoadedSurvey, glance: Glance, part: Part) -> Glance:
    """How many answered, and what was written last where the role reads it."""
    now = visit.local_now()
    selection = count_filter(Selection(), now, visit.reach or EVERYTHING)
    place = (visit.db, visit.workspace_id, loaded.record.id)
    weeks = Counter[int]()
    for day, n in (await count_days(*place, selection) or {}).items():
        weeks[(now.date().toordinal() - day) // 7] += n
    glance = glance._replace(answers=weeks.total(), week=weeks[0], week_before=weeks[1])
    return glance._replace(newest=await _newest(visit, loaded, part)) if glance.answers else glance


async def _newest(visit: Visit, loaded: LoadedSurvey, part: Part) -> str:
    if not visit.may("read"):
        return ""
    texts = (each.key for each in loaded.survey.questions if each.behaviour.is_comment)
    wanted = Wanted(loaded.record.number, tuple(texts), None)
    found = await latest_comments(visit.db, visit.workspace_id, [wanted], limit=1, part=part)
    return found[0].comment.text if found else ""
