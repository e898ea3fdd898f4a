"""Setting up a programme and filling its list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from harken_server.asking.requests import (
    MAX_EMAIL,
    MAX_LOCALE,
    MAX_PHONE,
    MAX_TIMEZONE,
    TriggerRequest,
    Values,
    check_request,
)
from harken_server.database.database import Database, Transaction
from harken_server.database.locks import named_lock
from harken_server.deliveries.channels import Channels
from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.kernel.formats import normalise_phone
from harken_server.kernel.local.zones import read_zone
from harken_server.kernel.person_names import PersonName, trim_respondent
from harken_server.programmes import rules
from harken_server.programmes import store as programmes
from harken_server.programmes.rules import Channel, Every, Programme
from harken_server.programmes.store import Member, StoredProgramme
from harken_server.respondents.store import respondents, suppressions
from harken_server.surveys.published import Touchpoint
from harken_server.surveys.store import surveys, touchpoints
from harken_server.surveys.survey import SURVEY_KEY_PATTERN, TouchpointKey
from harken_server.workspaces.store.workspaces import declared_channels

MAX_MEMBERS_AT_ONCE = 1_000
_TOGETHER = 100
"""Members stored in one transaction: others want to write, too."""


class ProgrammeBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Whom to ask what, and when."""

    survey: Annotated[str, msgspec.Meta(pattern=SURVEY_KEY_PATTERN, max_length=64)]
    touchpoint: TouchpointKey
    """Is made to ask the survey, if it asks none yet."""
    every: Every
    channel: Channel = "email"
    starts_on: date | None = None
    """First day of wave 1; today unless said, and what it was when the programme is there."""
    spread_days: int | None = None
    """Days from the beginning of each wave over which its askings are spread; all of them, and one
    for `once`, unless said."""
    timezone: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TIMEZONE)] = "UTC"
    is_active: bool = True


class MemberBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A respondent, and what is to be known of them; what is left out stays as it is known."""

    respondent: PersonName
    email: Annotated[str, msgspec.Meta(min_length=3, max_length=MAX_EMAIL)] | None = None
    phone: Annotated[str, msgspec.Meta(min_length=5, max_length=MAX_PHONE)] | None = None
    locale: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_LOCALE)] | None = None
    timezone: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TIMEZONE)] | None = None
    consent: bool | None = None
    traits: Values = {}

    def __post_init__(self) -> None:
        """Blanks around the name are no part of it."""
        trim_respondent(self)


class MembersReply(msgspec.Struct, kw_only=True):
    """What became of a batch."""

    added: int
    known: int
    """Were members already; what is known of them was brought up to date."""
    removed: int
    skipped: int
    """Were erased, so that nothing may be kept of them: they are not taken in."""


async def put_programme(
    db: Database,
    workspace_id: UUID,
    key: str,
    body: ProgrammeBody,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
    channels: Channels,
) -> StoredProgramme:
    """Make or change a programme, and let its touchpoint ask the survey.

    Raises InvalidInputError with every problem; once a programme has begun, `every`, `starts_on`
    and `timezone` stay as they are.
    """
    async with db.transaction() as tx:
        await programmes.lock_programmes(tx, workspace_id)
        before = await programmes.get_programme(tx, workspace_id, key)
        programme = _complete(key, body, before, now)
        touchpoint = await touchpoints.get_touchpoint(tx, workspace_id, programme.touchpoint)
        problems = [
            *channels.names.check(programme.channel, await declared_channels(tx, workspace_id)),
            *_check_calendar(programme, before, now),
            *await _check_survey(tx, workspace_id, programme),
            *_check_touchpoint(programme, touchpoint),
        ]
        if problems:
            raise InvalidInputError("The programme is not acceptable.", tuple(problems))
        if touchpoint is None or touchpoint.survey is None:
            made = _touchpoint_for(programme, touchpoint)
            await touchpoints.put_touchpoint(tx, workspace_id, made, now, new_id())
        await programmes.put_programme(tx, workspace_id, programme, now, new_id())
        stored = await programmes.get_programme(tx, workspace_id, key)
    if stored is None:
        raise AssertionError("a programme was stored and is not there")
    return stored


def check_members(members: Sequence[MemberBody], removed: Sequence[str]) -> list[Problem]:
    """Everything wrong with a batch, each with its place in it."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for place, member in enumerate(members):
        request = TriggerRequest(
            touchpoint="x",
            respondent=member.respondent,
            locale=member.locale,
            email=member.email,
            phone=member.phone,
            timezone=member.timezone,
            traits=member.traits,
        )
        problems += (_placed(problem, place) for problem in check_request(request))
        if member.respondent in seen:
            message = f"$.members[{place}].respondent is in the batch twice"
            problems.append(Problem(f"$.members[{place}].respondent", "duplicate", message))
        seen.add(member.respondent)
    for place, name in enumerate(removed):
        if name in seen:
            message = f"$.remove[{place}] is among the members of the same batch"
            problems.append(Problem(f"$.remove[{place}]", "contradiction", message))
    return problems


async def change_members(
    db: Database,
    stored: StoredProgramme,
    members: Sequence[MemberBody],
    removed: Sequence[str],
    *,
    now: datetime,
) -> MembersReply:
    """Take respondents in, or bring what is known of them up to date, and let others go.

    Repeating a batch is safe. A new member is first asked at their next slot. InvalidInputError
    lists every problem, and then nothing is changed.
    """
    problems = check_members(members, removed)
    if problems:
        raise InvalidInputError("The members are not acceptable.", tuple(problems))
    ordered = sorted(members, key=lambda member: member.respondent)
    taken: list[bool | None] = []
    for start in range(0, len(ordered), _TOGETHER):
        async with db.transaction() as tx:
            batch = ordered[start : start + _TOGETHER]
            taken += [await _take_in(tx, stored, member, now) for member in batch]
    gone = 0
    async with db.transaction() as tx:
        for name in sorted(set(removed)):
            gone += await programmes.remove_member(tx, stored, name)
    return MembersReply(
        added=taken.count(True), known=taken.count(False), removed=gone, skipped=taken.count(None)
    )


async def _take_in(
    tx: Transaction, stored: StoredProgramme, member: MemberBody, now: datetime
) -> bool | None:
    """Whether the member is new; None for one who must be forgotten."""
    await named_lock(tx, stored.workspace_id, f"respondent {member.respondent}")
    if await suppressions.is_erased(tx, stored.workspace_id, member.respondent):
        return None
    told = respondents.Respondent(**msgspec.structs.asdict(member))
    if told.phone is not None:
        told = msgspec.structs.replace(told, phone=normalise_phone(told.phone))
    await respondents.merge_respondent(tx, stored.workspace_id, told, now)
    slot = rules.slot_of(stored.id, member.respondent)
    wave = rules.wave_of_new_member(stored.programme, slot, now)
    return await programmes.add_member(tx, stored, Member(member.respondent, slot, wave))


def _complete(
    key: str, body: ProgrammeBody, before: StoredProgramme | None, now: datetime
) -> Programme:
    starts_on = body.starts_on
    if starts_on is None and before is not None:
        starts_on = before.programme.starts_on
    said = msgspec.structs.asdict(body)
    said["starts_on"] = starts_on or now.astimezone(read_zone(body.timezone)).date()
    return Programme(key=key, **said)


def _check_calendar(
    programme: Programme, before: StoredProgramme | None, now: datetime
) -> list[Problem]:
    problems = list(rules.check_programme(programme))
    if not problems and before is not None and now >= rules.wave_start(before.programme, 1):
        problems += rules.find_frozen(before.programme, programme)
    return problems


async def _check_survey(tx: Transaction, workspace_id: UUID, programme: Programme) -> list[Problem]:
    known = [record.key for record in await surveys.list_surveys(tx, workspace_id)]
    if programme.survey in known:
        return []
    message = f"There is no survey {programme.survey!r} here."
    return [Problem("$.survey", "survey_unknown", message)]


def _check_touchpoint(programme: Programme, touchpoint: Touchpoint | None) -> list[Problem]:
    if touchpoint is None:
        return []
    if touchpoint.survey not in {None, programme.survey}:
        message = (
            f"The touchpoint {touchpoint.key} asks the survey {touchpoint.survey}; give the"
            " programme a touchpoint of its own."
        )
        return [Problem("$.touchpoint", "touchpoint_taken", message, limit=touchpoint.survey)]
    if programme.every == "once":
        return []
    return [*_check_rest(programme, touchpoint)]


def _check_rest(programme: Programme, touchpoint: Touchpoint) -> Iterator[Problem]:
    """A touchpoint must not stand in the way of its own next wave."""
    shortest = rules.SHORTEST_DAYS[programme.every]
    for name, days, meaning in (
        ("cooldown_days", touchpoint.cooldown_days, "leaves people in peace"),
        ("link_ttl_days", touchpoint.link_ttl_days, "keeps an invitation open"),
    ):
        if days >= shortest:
            message = (
                f"The touchpoint {touchpoint.key} {meaning} for {days} days, which reaches into the"
                f" next wave {shortest} days later; make its `{name}` shorter first."
            )
            yield Problem("$.touchpoint", f"{name}_too_long", message, limit=shortest)


def _touchpoint_for(programme: Programme, touchpoint: Touchpoint | None) -> Touchpoint:
    if touchpoint is not None:
        return msgspec.structs.replace(touchpoint, survey=programme.survey)
    cooldown, link = rules.REST_DAYS[programme.every]
    return Touchpoint(
        key=programme.touchpoint,
        survey=programme.survey,
        cooldown_days=cooldown,
        link_ttl_days=link,
    )


def _placed(problem: Problem, place: int) -> Problem:
    path = problem.path.removeprefix("$")
    at = f"$.members[{place}]"
    return msgspec.structs.replace(
        problem, path=f"{at}{path}", message=problem.message.replace("$", at, 1)
    )
