"""Decide a group of triggers in one transaction, with a handful of statements for all of them.

No two of a group are about the same respondent or have the same idempotency key, so each decision
is what it would be alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.asking.decision import Decision, TriggerResult
from harken_server.asking.facts import Counts, facts_about, fills_quotas, subject_of
from harken_server.asking.requests import Trigger, TriggerRequest
from harken_server.asking.rules.adaptive import Pace
from harken_server.asking.rules.eligibility import Facts, decide, drawn_with
from harken_server.asking.rules.explanations import explain
from harken_server.asking.store.decisions_sql import find_used_keys, record_decisions, take_locks
from harken_server.asking.store.pace_sql import PaceBook
from harken_server.asking.store.settings_sql import Settings, read_settings
from harken_server.database.database import Transaction
from harken_server.deliveries.channels import Channels
from harken_server.deliveries.queueing import find_lack, queue_invitation
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import add_invitations
from harken_server.kernel.formats import normalise_phone
from harken_server.kernel.ids import RANDOM_BYTES, Random, uuid7
from harken_server.respondents.store.persons_sql import ERASED, Person, read_persons
from harken_server.respondents.store.respondents import Respondent, merge_respondents
from harken_server.responses.escalating import review_within

_HowAsked: TypeAlias = tuple[Settings, Pace | None]


class Undecided(Enum):
    """Why a trigger of the group has no decision of its own."""

    REPEATED = "its idempotency key has a decision"
    BUSY = "another process is deciding about the same respondent or key"


async def decide_group(
    tx: Transaction,
    triggers: Sequence[Trigger],
    *,
    random: Random,
    paces: PaceBook,
    channels: Channels,
    is_waiting: bool,
) -> list[TriggerResult | Undecided]:
    """Decide and write what follows, for triggers of one workspace; results in their order.

    When `is_waiting`, one that somebody else is deciding about is waited for, else it is left out.
    Raises ConflictError when a key came to be used meanwhile: nothing may be kept then.
    """
    workspace_id = triggers[0].workspace_id
    hindrances = await _find_hindrances(tx, workspace_id, triggers, is_waiting=is_waiting)
    ready = [one for one, why in zip(triggers, hindrances, strict=True) if why is None]
    if not ready:
        return [why for why in hindrances if why is not None]
    results = iter(
        await _decide(tx, workspace_id, ready, random=random, paces=paces, channels=channels)
    )
    return [why or next(results) for why in hindrances]


async def _find_hindrances(
    tx: Transaction, workspace_id: UUID, triggers: Sequence[Trigger], *, is_waiting: bool
) -> list[Undecided | None]:
    # Locks come first: who holds the lock of a key and finds the key unused may use it.
    locks = [one.locks for one in triggers]
    are_locked = await take_locks(tx, workspace_id, locks, is_waiting=is_waiting)
    keys = [one.idempotency_key for one in triggers if one.idempotency_key is not None]
    used = await find_used_keys(tx, workspace_id, keys)
    return [
        Undecided.BUSY if not is_locked
        else Undecided.REPEATED if one.idempotency_key in used
        else None
        for one, is_locked in zip(triggers, are_locked, strict=True)
    ]  # fmt: skip


async def _decide(
    tx: Transaction,
    workspace_id: UUID,
    group: Sequence[Trigger],
    *,
    random: Random,
    paces: PaceBook,
    channels: Channels,
) -> list[TriggerResult]:
    """Everything is read before anything is written, and of that the decisions come first.

    A key that was used meanwhile ends it there.
    """
    how = await _read_settings(tx, workspace_id, group, paces)
    subjects = [subject_of(how[one.request.touchpoint][0], one) for one in group]
    persons = await read_persons(tx, workspace_id, subjects)
    counts = Counts(tx, workspace_id)
    results = [
        await _judge(tx, one, person, how[one.request.touchpoint], counts, channels=channels)
        for one, person in zip(group, persons, strict=True)
    ]
    kept = [_to_keep(one, person) for one, person in zip(results, persons, strict=True)]
    await record_decisions(tx, kept)
    news = [
        (news, one.now)
        for one, person in zip(group, persons, strict=True)
        if person.suppression != ERASED and (news := _news_of(one.request)) is not None
    ]
    if news:
        await merge_respondents(tx, workspace_id, news)
    invitations = [one.invitation for one in results if one.invitation is not None]
    await add_invitations(tx, workspace_id, invitations)
    return [
        await _follow(tx, one, person, result, channels=channels, random=random)
        for one, person, result in zip(group, persons, results, strict=True)
    ]


async def _read_settings(
    tx: Transaction, workspace_id: UUID, group: Sequence[Trigger], paces: PaceBook
) -> dict[str, _HowAsked]:
    """How each touchpoint asks, read once for all of the group and anew for each group."""
    known: dict[str, _HowAsked] = {}
    for one in group:
        touchpoint = one.request.touchpoint
        if touchpoint not in known:
            settings, pace = await read_settings(tx, workspace_id, touchpoint), None
            if settings.at_touchpoint.responses_a_week is not None:
                pace = await paces.read(tx, workspace_id, touchpoint, settings, one.now)
            known[touchpoint] = settings, pace
    return known


async def _judge(
    tx: Transaction,
    trigger: Trigger,
    person: Person,
    how: _HowAsked,
    counts: Counts,
    *,
    channels: Channels,
) -> TriggerResult:
    settings = how[0]
    facts = await _facts_of(tx, trigger, person, how, counts, channels=channels)
    verdict, invitation = decide(facts), None
    probability = drawn_with(verdict, facts)
    if verdict.reason == "asked" and settings.survey_id is not None:
        days, quotas = settings.link_ttl_days, fills_quotas(facts)
        invitation = new_invitation(trigger, settings.survey_id, days, quotas, probability)
    decision = Decision(
        id=trigger.id,
        workspace_id=trigger.workspace_id,
        touchpoint=facts.touchpoint,
        channel=trigger.request.channel,
        is_asked=invitation is not None,
        reason=verdict.reason,
        created_at=trigger.now,
        respondent=facts.respondent,
        survey_id=settings.survey_id,
        invitation_id=invitation.id if invitation else None,
        idempotency_key=trigger.idempotency_key,
        request_digest=trigger.digest,
        facts=msgspec.json.encode(facts).decode(),
        probability=probability,
    )
    return TriggerResult(
        decision=decision,
        verdict=verdict,
        explanation=explain(verdict, facts),
        facts=facts,
        survey_key=facts.survey,
        invitation=invitation,
    )


def _to_keep(result: TriggerResult, person: Person) -> Decision:
    """What is stored of a decision: about somebody who was erased, nothing that is theirs."""
    if person.suppression != ERASED or result.facts is None:
        return result.decision
    facts = msgspec.structs.replace(result.facts, respondent=None, traits={}, context={})
    said = msgspec.json.encode(facts).decode()
    return msgspec.structs.replace(result.decision, respondent=None, facts=said)


async def _facts_of(
    tx: Transaction,
    trigger: Trigger,
    person: Person,
    how: _HowAsked,
    counts: Counts,
    *,
    channels: Channels,
) -> Facts:
    """All that the decision looks at, and what is missing to reach the person on the channel."""
    request, (settings, pace) = trigger.request, how
    facts = await facts_about(tx, settings, trigger, person, counts=counts, pace=pace)
    if channels.sends(request.channel) is None:
        return facts  # whoever hands on the link reaches them
    lacks = await find_lack(
        tx,
        channels,
        request.channel,
        trigger.workspace_id,
        request.respondent,
        email=request.email or person.email,
        phone=request.phone,
    )
    return msgspec.structs.replace(facts, lacks=lacks) if lacks else facts


def new_invitation(
    trigger: Trigger,
    survey_id: UUID,
    link_ttl_days: int,
    quotas: tuple[str, ...] = (),
    probability: float | None = None,
) -> Invitation:
    """Make the personal link of one respondent for one survey: a single use, for some days.

    The days count from when it goes out.
    """
    request, now = trigger.request, trigger.now
    return Invitation(
        id=trigger.invitation_id,
        workspace_id=trigger.workspace_id,
        survey_id=survey_id,
        code=trigger.code,
        touchpoint=request.touchpoint,
        channel=request.channel,
        respondent=request.respondent,
        locale=request.locale,
        context=dict(request.context),
        created_at=now,
        expires_at=max(now, request.send_at or now) + timedelta(days=link_ttl_days),
        wave=trigger.wave,
        quotas=quotas,
        probability=probability,
    )


def _news_of(request: TriggerRequest) -> Respondent | None:
    """What a trigger says of a named person that lasts; None when it says nothing."""
    says = (request.email, request.phone, request.timezone, request.consent)
    if request.respondent is None or not (request.traits or any(one is not None for one in says)):
        return None
    return Respondent(
        respondent=request.respondent,
        email=request.email,
        phone=normalise_phone(request.phone) if request.phone is not None else None,
        locale=request.locale,
        timezone=request.timezone,
        consent=request.consent,
        traits=request.traits,
    )


async def _follow(
    tx: Transaction,
    trigger: Trigger,
    person: Person,
    result: TriggerResult,
    *,
    channels: Channels,
    random: Random,
) -> TriggerResult:
    """Write what follows from a decision beyond its invitation, and tell it."""
    request, now = trigger.request, trigger.now

    def new_id() -> UUID:
        return uuid7(now, random(RANDOM_BYTES))

    if result.verdict.reason == "escalated" and request.respondent is not None:
        await review_within(tx, trigger.workspace_id, request.respondent, now)
    if result.invitation is None or channels.sends(request.channel) is None:
        return result
    delivery_id = await queue_invitation(
        tx,
        channels,
        result.invitation,
        email=request.email or person.email,
        phone=request.phone,
        due_at=max(now, request.send_at or now),
        now=now,
        new_id=new_id,
    )
    return msgspec.structs.replace(result, delivery_id=delivery_id) if delivery_id else result
