"""Decide a group of triggers in one transaction, with a handful of statements for all of them.

No two of a group are about the same respondent or have the same idempotency key, so each decision
is what it would be alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple
from uuid import UUID

import msgspec

from harken_server.asking.decision import Decision
from harken_server.asking.facts import Counts, facts_about, fills_quotas, subject_of
from harken_server.asking.inviting import Random
from harken_server.asking.occasions import DRAWN_BYTES, Occasion, Prepared, prepare
from harken_server.asking.paces import PaceBook
from harken_server.asking.respondent_record import told_of
from harken_server.asking.results import TriggerResult
from harken_server.asking.rules.adaptive import Pace
from harken_server.asking.rules.eligibility import Facts, Verdict, decide
from harken_server.asking.rules.explanations import explain
from harken_server.asking.store.decisions import find_used_keys, record_decisions, take_turns
from harken_server.asking.store.escalations import EscalationDetail, open_escalation
from harken_server.asking.store.settings import Settings, read_settings
from harken_server.database.database import Transaction
from harken_server.deliveries.channels import Channels
from harken_server.deliveries.queueing import queue_invitation
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import add_invitations
from harken_server.respondents.store.persons import ERASED, Person, read_persons
from harken_server.respondents.store.respondents import merge_respondents


class Undecided(Enum):
    """Why a trigger of the group has no decision of its own."""

    REPEATED = "its idempotency key has a decision"
    BUSY = "another process is deciding about the same respondent or key"


class _Settled(NamedTuple):
    prepared: Prepared
    person: Person
    facts: Facts
    verdict: Verdict
    decision: Decision
    invitation: Invitation | None


async def decide_group(
    tx: Transaction,
    occasions: Sequence[Occasion],
    *,
    drawn: bytes,
    random: Random,
    paces: PaceBook,
    channels: Channels,
    is_waiting: bool,
) -> list[TriggerResult | Undecided]:
    """Decide and write what follows, for triggers of one workspace; results in their order.

    When `is_waiting`, one that somebody else is deciding about is waited for, else it is left out.
    `drawn` is `DRAWN_BYTES` of fresh chance for each, `random` gives more where it is needed.
    Raises ConflictError when a key came to be used meanwhile: nothing may be kept then.
    """
    workspace_id = occasions[0].workspace_id
    hindrances = await _find_hindrances(tx, workspace_id, occasions, is_waiting=is_waiting)
    ready = [one for one, why in zip(occasions, hindrances, strict=True) if why is None]
    if not ready:
        return [why for why in hindrances if why is not None]
    settings = await _read_settings(tx, workspace_id, ready, paces)
    prepared = [
        prepare(
            one,
            *settings[one.request.touchpoint],
            random=random,
            drawn=drawn[place * DRAWN_BYTES : (place + 1) * DRAWN_BYTES],
        )
        for place, one in enumerate(ready)
    ]
    results = iter(await _decide(tx, workspace_id, prepared, channels))
    return [why or next(results) for why in hindrances]


async def _find_hindrances(
    tx: Transaction, workspace_id: UUID, occasions: Sequence[Occasion], *, is_waiting: bool
) -> list[Undecided | None]:
    turns = [one.turns for one in occasions]
    have_turn = await take_turns(tx, workspace_id, turns, is_waiting=is_waiting)
    keys = [one.idempotency_key for one in occasions if one.idempotency_key is not None]
    used = await find_used_keys(tx, workspace_id, keys)
    return [
        Undecided.BUSY if not is_ready
        else Undecided.REPEATED if one.idempotency_key in used
        else None
        for one, is_ready in zip(occasions, have_turn, strict=True)
    ]  # fmt: skip


async def _read_settings(
    tx: Transaction, workspace_id: UUID, occasions: Sequence[Occasion], paces: PaceBook
) -> dict[str, tuple[Settings, Pace | None]]:
    """How each touchpoint asks, read once for all of the group and anew for each group."""
    known: dict[str, tuple[Settings, Pace | None]] = {}
    for one in occasions:
        touchpoint = one.request.touchpoint
        if touchpoint not in known:
            settings = await read_settings(tx, workspace_id, touchpoint)
            pace = await paces.look(tx, workspace_id, touchpoint, settings, one.now)
            known[touchpoint] = settings, pace
    return known


async def _decide(
    tx: Transaction, workspace_id: UUID, group: Sequence[Prepared], channels: Channels
) -> list[TriggerResult]:
    """Decisions are written first: a used key ends it there."""
    subjects = [subject_of(one.settings, one.told) for one in group]
    persons = await read_persons(tx, workspace_id, subjects)
    counts = Counts(tx, workspace_id)
    settled = [
        await _settle(tx, one, person, counts) for one, person in zip(group, persons, strict=True)
    ]
    await record_decisions(tx, [one.decision for one in settled])
    told = [
        (told, one.decision.created_at)
        for one in settled
        if one.person.suppression != ERASED
        and (told := told_of(one.prepared.occasion.request)) is not None
    ]
    await merge_respondents(tx, workspace_id, told)
    await add_invitations(tx, [one.invitation for one in settled if one.invitation is not None])
    return [await _follow(tx, one, channels) for one in settled]


async def _settle(tx: Transaction, one: Prepared, person: Person, counts: Counts) -> _Settled:
    facts = await facts_about(tx, one.settings, one.told, person, counts=counts, pace=one.pace)
    verdict = decide(facts)
    invitation = _invite(one, person) if verdict.reason == "asked" else None
    decision = msgspec.structs.replace(
        one.draft,
        is_asked=invitation is not None,
        reason=verdict.reason,
        invitation_id=invitation.id if invitation else None,
        facts=msgspec.json.encode(facts).decode(),
    )
    return _Settled(one, person, facts, verdict, decision, invitation)


def _invite(one: Prepared, person: Person) -> Invitation | None:
    """The invitation drawn beforehand, with the quotas that this person's answer fills."""
    if one.invitation is None or not one.settings.of_survey.quotas:
        return one.invitation
    traits = {**person.traits, **one.told.traits}
    quotas = fills_quotas(one.settings, traits, one.told.context)
    return msgspec.structs.replace(one.invitation, quotas=quotas)


async def _follow(tx: Transaction, one: _Settled, channels: Channels) -> TriggerResult:
    """Write what follows from a decision beyond its invitation, and tell it."""
    delivery_id = None
    if one.invitation is not None:
        delivery_id = await _queue(tx, one, one.invitation, channels)
    await _escalate(tx, one)
    return TriggerResult(
        decision=one.decision,
        verdict=one.verdict,
        explanation=explain(one.verdict, one.facts),
        survey_key=one.facts.survey,
        invitation=one.invitation,
        delivery_id=delivery_id,
    )


async def _queue(
    tx: Transaction, one: _Settled, invitation: Invitation, channels: Channels
) -> UUID | None:
    request, now = one.prepared.occasion.request, one.decision.created_at
    return await queue_invitation(
        tx,
        channels,
        invitation,
        email=request.email or one.person.email,
        phone=request.phone,
        due_at=max(now, request.send_at or now),
        now=now,
        new_id=one.prepared.new_id,
    )


async def _escalate(tx: Transaction, one: _Settled) -> None:
    facts = one.facts
    if one.verdict.reason != "escalated" or facts.escalation is None or facts.respondent is None:
        return
    detail = EscalationDetail(
        poor_answers=facts.poor_answers,
        within_days=facts.escalation.within_days,
        touchpoint=facts.touchpoint,
        survey=facts.survey,
    )
    await open_escalation(
        tx,
        one.decision.workspace_id,
        facts.respondent,
        detail,
        now=facts.now,
        new_id=one.prepared.new_id(),
    )
