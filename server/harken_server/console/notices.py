"""What needs attention in a workspace, asked of each slice that knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from harken_server.channels.email.settings import MailSettings
from harken_server.console.rules import attention
from harken_server.console.rules.attention import Notice
from harken_server.console.rules.silence import quiet_days
from harken_server.deliveries.store.failed_sql import count_failed, is_waiting
from harken_server.insights.store.counts import shows_samples
from harken_server.insights.store.weeks_sql import PlaceDays
from harken_server.responses.store.escalations import count_open
from harken_server.responses.store.read import count_quotas
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.titles import title_of
from harken_server.workspaces.people.rules import Right
from harken_server.workspaces.signed_in import Visit

FAILED_DAYS = 7
EMAIL = "email"
MOST_QUOTA_ANSWERS = 20_000
"""Quotas of more answers together are not counted here: each answer would be looked at."""


async def notices_for_all(visit: Visit, surveys: Sequence[LoadedSurvey]) -> list[Notice]:
    """For those who see the whole workspace; what a role does not reach is not linked."""
    db, workspace_id, now = visit.db, visit.workspace_id, visit.now()
    found: list[Notice] = []
    if visit.may("read"):
        found += attention.of_escalations(await count_open(db, workspace_id))
    failed = await count_failed(db, workspace_id, now - timedelta(days=FAILED_DAYS))
    found += attention.of_failed_mail(failed, FAILED_DAYS)
    has_mail_server = bool(visit.runtime.settings.of(MailSettings).smtp_url)
    if not has_mail_server and await is_waiting(db, workspace_id, EMAIL):
        found.append(attention.of_waiting_mail())
    for loaded in surveys:
        found += await _of_survey(visit, loaded)
    if await shows_samples(db, workspace_id):
        found.append(attention.of_samples())
    return [notice if visit.may(_right(notice)) else notice._replace(path="") for notice in found]


def silent_places(places: Sequence[PlaceDays], keys: Mapping[int, str], today: int) -> list[Notice]:
    """Touchpoints from which answers came steadily until lately; `keys` are the surveys'."""
    return [
        attention.of_silence(each.touchpoint, quiet, keys[each.survey_number])
        for each in places
        if (quiet := quiet_days(each.days, today)) is not None
    ]


async def _of_survey(visit: Visit, loaded: LoadedSurvey) -> list[Notice]:
    asking = loaded.survey.asking
    if asking is None or loaded.record.status != "live":
        return []
    title, key = title_of(loaded.survey), loaded.record.key
    found = attention.of_closing(title, asking.closes_at, visit.now(), key)
    if asking.quotas and sum(quota.limit for quota in asking.quotas) <= MOST_QUOTA_ANSWERS:
        names = [quota.name for quota in asking.quotas]
        counts = await count_quotas(visit.db, visit.workspace_id, loaded.record.id, names)
        full = [quota.name for quota in asking.quotas if counts[quota.name] >= quota.limit]
        found += attention.of_quota(title, full, key)
    return found


def _right(notice: Notice) -> Right:
    """What the page that it leads to asks for."""
    return "manage" if notice.path.startswith("/settings") else "see"
