"""Everything that opens the links of a message, simulated: no program counts, people do."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from api_client import SURVEY, Api
from mail_scanners import SCANNERS, Person, Scanner, make_person, play, reads, sends_forms
from mail_visitors import Inbox
from tiers import POSTGRES_NIGHTLY, pairwise

from harken_server.channels.email.answers import taking
from harken_server.deliveries.reminders import queue_reminders
from harken_server.deliveries.sendable import Against, why_not
from harken_server.deliveries.store.deliveries import list_deliveries
from harken_server.routes import CHANNELS

NAMES = {True: "opens kept", False: "opens not kept"}
SEEDS = {"quick": 1, "test": 2, "nightly": 6}
PEOPLE = {"quick": 100, "test": 150, "nightly": 1000}
MOST_WRONGLY_QUARANTINED = 0.005
SCANNED_SHARE = 0.3


def name_of(value: Scanner | bool) -> str:
    return NAMES[value] if isinstance(value, bool) else value.__name__


@POSTGRES_NIGHTLY
@pytest.mark.parametrize(*pairwise(scanner=SCANNERS, counts_opens=[True, False]), ids=name_of)
async def test_no_program_is_counted(api: Api, scanner: Scanner, counts_opens, tier: str):
    await api.push({**SURVEY, "asking": {"email_counts_opens": counts_opens}})
    inbox = Inbox(api)
    for seed in range(SEEDS[tier]):
        await play(inbox, [(inbox.clock(), scanner(inbox, await inbox.link(), Random(seed)))])
    assert "counted" not in await inbox.standings()
    assert await inbox.count() == 0


@POSTGRES_NIGHTLY
@pytest.mark.parametrize("scanner", SCANNERS, ids=lambda scanner: scanner.__name__)
async def test_no_program_changes_what_a_person_answered_before(live: Api, scanner: Scanner):
    inbox = Inbox(live)
    link = await inbox.link()
    await inbox.answer(link, 9)
    await inbox.settle(seconds=600)
    await play(inbox, [(inbox.clock(), scanner(inbox, link, Random(1)))])
    assert [item["answers"] for item in await inbox.responses("counted")] == [{"recommend": 9}]
    assert await inbox.differences() == []


async def test_what_is_sent_while_another_page_is_saved_is_judged_like_that_one(
    live: Api, monkeypatch: pytest.MonkeyPatch
):
    inbox = Inbox(live)
    link = await inbox.link()
    await inbox.answer(link, 9)
    await inbox.settle(seconds=600)
    first, second = [await inbox.open(link, rating) for rating in (2, 5)]
    reopen = taking.reopen_response

    async def reopen_late(*who: Any) -> bool:
        monkeypatch.setattr(taking, "reopen_response", reopen)
        await inbox.send(link, second)
        return await reopen(*who)

    monkeypatch.setattr(taking, "reopen_response", reopen_late)
    await inbox.send(link, first)
    await inbox.settle()

    assert [item["answers"] for item in await inbox.responses("counted")] == [{"recommend": 9}]
    assert await inbox.differences() == []


async def test_an_answer_during_the_hand_over_is_a_programs(live: Api):
    inbox = Inbox(live)
    for after_s, standing in ((-30, "quarantined"), (4, "quarantined"), (30, "counted")):
        invitation = await inbox.invite()
        await inbox.hand_over(invitation, at=inbox.clock() + timedelta(seconds=3 - after_s))
        await inbox.answer(invitation.code, 9)
        await inbox.settle()
        assert (await inbox.responses())[-1]["standing"] == standing


@POSTGRES_NIGHTLY
@pytest.mark.seconds
async def test_people_count_as_they_mean_it(live: Api, engine_name, tier: str):
    inbox, random = Inbox(live), Random(20261121)
    people: list[Person] = []
    visitors = []
    for _ in range(PEOPLE[tier] if engine_name == "sqlite" else PEOPLE[tier] // 5):
        delivered_at = inbox.clock() + timedelta(minutes=random.uniform(0, 60))
        person = make_person(await inbox.link(), delivered_at, random)
        people.append(person)
        visitors.append((person.arrives_at, reads(inbox, person)))
        if random.random() < SCANNED_SHARE:
            scanner = random.choice(SCANNERS)(inbox, person.code, random)
            visitors.append((delivered_at, scanner))
    await play(inbox, visitors)

    found = await inbox.counted_ratings()
    wrong = [person for person in people if found.get(person.code) != person.last]
    assert len(wrong) / len(people) < MOST_WRONGLY_QUARANTINED
    assert await inbox.differences() == []


@pytest.mark.parametrize("is_person", [True, False])
async def test_only_a_persons_answer_spares_them_the_reminder(live: Api, is_person):
    inbox, runtime = Inbox(live), live.runtime
    invitation = await inbox.invite()
    await inbox.hand_over(invitation, at=live.clock())
    inbox.clock.move(minutes=10)
    if is_person:
        await inbox.answer(invitation.code, 9)
    else:
        await play(inbox, [(inbox.clock(), sends_forms(inbox, invitation.code, Random(2)))])
    await inbox.settle()
    inbox.clock.move(days=3)
    queued = await queue_reminders(runtime.db, CHANNELS, now=live.clock(), new_id=runtime.new_id)
    assert queued == (0 if is_person else 1)
    (latest, *_) = await list_deliveries(runtime.db, runtime.home, invitation_id=invitation.id)
    against = await why_not(runtime.db, latest, live.clock())
    assert isinstance(against, Against) is is_person
