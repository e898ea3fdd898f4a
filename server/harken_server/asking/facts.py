"""Gathering the facts of a decision: settings, what the trigger says, and what is stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from harken_server.asking.requests import Trigger
from harken_server.asking.rules.adaptive import Pace, adaptive_rate, week_start
from harken_server.asking.rules.eligibility import Facts, is_sampled, reach_of
from harken_server.asking.store.settings_sql import Settings
from harken_server.database.database import Executor
from harken_server.respondents.store.persons_sql import Person, Subject, read_persons
from harken_server.responses.escalating import list_poor
from harken_server.responses.store.escalations import last_closed_at
from harken_server.responses.store.read import count_completes, count_quotas
from harken_server.surveys.asking import Rule
from harken_server.surveys.segments import Value, named_only, quotas_of


class Counts:
    """Counts behind decisions, each counted once for all that are made in one transaction."""

    def __init__(self, reader: Executor, workspace_id: UUID) -> None:
        self._reader = reader
        self._workspace_id = workspace_id
        self._completes: dict[tuple[UUID, int], int] = {}
        self._quotas: dict[tuple[UUID, tuple[str, ...]], dict[str, int]] = {}

    async def completes(self, survey_id: UUID, at_most: int) -> int:
        """Complete, counted responses of a survey; counting stops at `at_most`."""
        key = survey_id, at_most
        if key not in self._completes:
            self._completes[key] = await count_completes(self._reader, self._workspace_id, *key)
        return self._completes[key]

    async def quotas(self, survey_id: UUID, names: tuple[str, ...]) -> dict[str, int]:
        """Complete, counted answers for each of these quotas of a survey."""
        key = survey_id, names
        if key not in self._quotas:
            self._quotas[key] = await count_quotas(self._reader, self._workspace_id, *key)
        return self._quotas[key]


async def gather_facts(
    reader: Executor,
    settings: Settings,
    trigger: Trigger,
    *,
    pace: Pace | None = None,
) -> Facts:
    """All that the decision looks at, with one read of the person, and more only where needed."""
    subjects = [subject_of(settings, trigger)]
    (person,) = await read_persons(reader, trigger.workspace_id, subjects)
    counts = Counts(reader, trigger.workspace_id)
    return await facts_about(reader, settings, trigger, person, counts=counts, pace=pace)


async def facts_about(
    reader: Executor,
    settings: Settings,
    trigger: Trigger,
    person: Person,
    *,
    counts: Counts,
    pace: Pace | None = None,
) -> Facts:
    """All that the decision about a person looks at, with further reads only where needed."""
    facts = _facts_at_hand(settings, trigger, person, pace)
    if facts.survey_status != "live" or settings.survey_id is None:
        return facts
    facts = await _with_counts(counts, settings.survey_id, facts)
    return await _with_poor_answers(reader, trigger.workspace_id, facts, person)


def subject_of(settings: Settings, trigger: Trigger) -> Subject:
    """What is to be read of the person that a trigger is about."""
    escalation, now = settings.of_workspace.escalation, trigger.now
    return Subject(
        respondent=trigger.request.respondent,
        email=trigger.request.email,
        survey_id=settings.survey_id,
        now=now,
        poor_since=now - timedelta(days=escalation.within_days) if escalation else now,
    )


def fills_quotas(facts: Facts) -> tuple[str, ...]:
    """The quotas of the survey that this person's answer will fill."""
    return quotas_of(facts.quotas, facts.traits, facts.context) if facts.quotas else ()


def _facts_at_hand(
    settings: Settings, trigger: Trigger, person: Person, pace: Pace | None
) -> Facts:
    """What follows from the settings and the person, without counts."""
    request, now = trigger.request, trigger.now
    survey, touchpoint = settings.of_survey, settings.at_touchpoint
    rules = (*survey.only_when, *touchpoint.only_when)
    looked_at = (*rules, *(rule for quota in survey.quotas for rule in quota.where))
    traits, context = _named(looked_at, trigger, person)
    rate = _rate(settings, pace, now)
    return Facts(
        touchpoint=request.touchpoint,
        survey=settings.survey,
        survey_status=settings.survey_status,
        now=now,
        send_at=request.send_at,
        respondent=request.respondent,
        opens_at=survey.opens_at,
        closes_at=survey.closes_at,
        closes_after=survey.closes_after,
        is_suppressed=person.suppression is not None,
        suppression=person.suppression or "",
        needs_consent=survey.needs_consent,
        consent=person.consent if request.consent is None else request.consent,
        rules=rules,
        traits=traits,
        context=context,
        is_sampled=_is_drawn(settings, trigger, rate, pace),
        sample_rate=rate,
        responses_a_week=touchpoint.responses_a_week,
        pace=pace,
        quotas=survey.quotas,
        cooldown_days=settings.cooldown_days,
        survey_clocks=survey.cooldown,
        touchpoint_clocks=touchpoint.cooldown,
        global_clocks=settings.of_workspace.cooldown,
        reach=reach_of(person.episodes, settings.survey_id, request.touchpoint),
        escalation=settings.of_workspace.escalation,
    )


def _is_drawn(settings: Settings, trigger: Trigger, rate: float, pace: Pace | None) -> bool:
    period = "" if pace is None else f"{week_start(trigger.now):%G-W%V}"
    return is_sampled(trigger.workspace_id, settings.survey or "", trigger.subject, rate, period)


def _named(
    rules: tuple[Rule, ...], trigger: Trigger, person: Person
) -> tuple[dict[str, Value], dict[str, Value]]:
    """Traits and context that rules look at: nothing else of a person is stored with a decision."""
    if not rules:
        return {}, {}
    traits = {**person.traits, **trigger.request.traits}
    return named_only(rules, traits, trigger.request.context)


def _rate(settings: Settings, pace: Pace | None, now: datetime) -> float:
    target = settings.at_touchpoint.responses_a_week
    if target is None or pace is None:
        return settings.sample_rate
    return min(settings.sample_rate, adaptive_rate(target, pace, now))


async def _with_counts(counts: Counts, survey_id: UUID, facts: Facts) -> Facts:
    """The counts behind `closes_after` and the quotas that the person belongs to."""
    if facts.closes_after is not None:
        completes = await counts.completes(survey_id, facts.closes_after)
        facts = msgspec.structs.replace(facts, completes=completes)
    names = fills_quotas(facts)
    if names:
        answered = await counts.quotas(survey_id, names)
        facts = msgspec.structs.replace(facts, quota_counts=answered)
    return facts


async def _with_poor_answers(
    reader: Executor, workspace_id: UUID, facts: Facts, person: Person
) -> Facts:
    """Poor responses are counted only when there are enough responses to matter."""
    escalation, respondent = facts.escalation, facts.respondent
    responses = sum(episode.responses for episode in person.episodes)
    if escalation is None or respondent is None or responses < escalation.poor_answers:
        return facts
    since = facts.now - timedelta(days=escalation.within_days)
    closed_at = await last_closed_at(reader, workspace_id, respondent)
    if closed_at is not None:
        since = max(since, closed_at)
    poor = await list_poor(reader, workspace_id, respondent, since)
    return msgspec.structs.replace(facts, poor_answers=len(poor))
