"""Single-use invitations, erasure and counts of stored responses, on both engines."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from uuid import uuid4

from stored_rows import EVERYTHING, NOON, counts_of

from harken_server.database.lanes import lane_of
from harken_server.database.opening import open_database
from harken_server.insights.rules.counts import CountRow
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import add_invitation, get_invitation
from harken_server.responses.response import StoreOutcome
from harken_server.responses.store.changing import erase_response
from harken_server.responses.store.read import list_responses
from harken_server.responses.store.recount import recount
from harken_server.responses.store.row import decode_counts, get_response
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow


async def _invite(database, new, **changes) -> Invitation:
    invitation = Invitation(
        id=uuid4(), workspace_id=new.survey.workspace_id, survey_id=new.survey.id,
        code=uuid4().hex[:13].upper(), touchpoint="till", channel="receipt", created_at=NOON,
        **changes,
    )  # fmt: skip
    await add_invitation(database, invitation)
    return invitation


async def test_a_single_use_invitation_takes_one_response(database, make_response):
    invitation = await _invite(database, make_response())
    used = {"invitation_id": invitation.id, "is_single_use": True}
    first = make_response(is_complete=False, **used)
    other = make_response(**used)
    more = make_response(id=first.id, sequence=2, replaces=1, **used)

    outcomes = [await database.store(RESPONSES, new) for new in (first, other, first, more)]

    kinds = [outcome.kind for outcome in outcomes]
    assert kinds == ["stored", "already_answered", "repeated", "stored"]
    claimed = await get_invitation(database, invitation.workspace_id, invitation.id)
    assert claimed is not None
    assert claimed.response_id == first.id
    assert await database.fetch("SELECT count(*) FROM response") == [(1,)]


async def test_two_answers_to_a_single_use_link_at_the_same_instant_yield_one(
    database, database_url, make_response
):
    """From one process, and from another one that runs beside it where that is allowed."""
    others = [await open_database(database_url)] if database.dialect == "postgres" else []
    databases = [database, *others]
    for _ in range(10):
        invitation = await _invite(database, make_response())
        used = {"invitation_id": invitation.id, "is_single_use": True}
        news = [make_response(**used) for _ in range(6)]

        outcomes = await asyncio.gather(
            *[
                databases[place % len(databases)].store(RESPONSES, new)
                for place, new in enumerate(news)
            ]
        )

        kinds = sorted(outcome.kind for outcome in outcomes)
        assert kinds == ["already_answered"] * 5 + ["stored"]
    for other in others:
        await other.close()


async def test_an_invitation_for_many_takes_many(database, make_response):
    invitation = await _invite(database, make_response(), is_single_use=False)

    outcomes = await asyncio.gather(
        *[database.store(RESPONSES, make_response(invitation_id=invitation.id)) for _ in range(3)]
    )

    assert {outcome.kind for outcome in outcomes} == {"stored"}


async def test_an_erased_response_is_a_tombstone_for_ever(database, make_response):
    new = make_response(
        respondent="c-42", context='{"a": 1}', locale="nb", started_at=NOON, answers=EVERYTHING
    )
    kept = make_response()
    await database.store(RESPONSES, new)
    await database.store(RESPONSES, kept)
    place = (new.survey.workspace_id, new.survey.id)
    last = (await list_responses(database, *place, after={}, limit=10))[-1]
    read = {lane_of(last.position): last.position}

    erased = [await erase_response(database, *place, new.id) for _ in range(2)]
    repeat = await database.store(RESPONSES, new)
    later = await database.store(RESPONSES, make_response(id=new.id, sequence=2, replaces=1))

    found = await get_response(database, *place, new.id)
    assert erased == [True, True]
    assert (repeat, later) == (StoreOutcome("erased"), StoreOutcome("erased"))
    assert found is not None
    assert (found.state, found.answers, found.respondent, found.context) == (
        "erased",
        [],
        None,
        "{}",
    )
    assert (found.locale, found.started_at, found.invitation_id, found.digest) == (
        "",
        None,
        None,
        b"",
    )
    assert found.completed_at is None
    assert await recount(database, *place) == []
    assert [row.n for row in await counts_of(database, new)] == [1, 1]
    changed = await list_responses(database, *place, after=read, limit=10)
    assert [response.id for response in changed] == [new.id]


async def test_erasing_what_is_not_there_or_elsewhere_says_so(database, make_response):
    new = make_response()
    await database.store(RESPONSES, new)

    assert not await erase_response(database, new.survey.workspace_id, new.survey.id, uuid4())
    assert not await erase_response(database, uuid4(), new.survey.id, new.id)
    assert not await erase_response(database, new.survey.workspace_id, uuid4(), new.id)


async def test_counts_equal_a_recount_under_a_random_workload(database, make_response):
    randomness = random.Random(20260301)
    ids = [uuid4() for _ in range(25)]
    sequences: dict[object, int] = {}

    async def act() -> None:
        chosen = randomness.choice(ids)
        if randomness.random() < 0.1:
            blank = make_response()
            await erase_response(database, blank.survey.workspace_id, blank.survey.id, chosen)
            return
        known = sequences.get(chosen)
        is_hidden = randomness.random() < 0.2
        outcome = await database.store(
            RESPONSES,
            make_response(
                id=chosen,
                sequence=(known or 0) + 1,
                replaces=known,
                is_complete=randomness.random() < 0.2,
                version=randomness.randint(1, 2),
                channel=randomness.choice(["web", "email"]),
                touchpoint=randomness.choice(["", "till"]),
                received_at=NOON + timedelta(hours=randomness.randint(0, 60)),
                answers=[
                    AnswerRow("recommend", rating=randomness.randint(0, 10)),
                    AnswerRow("mood", rating=1, is_hidden=randomness.random() < 0.5),
                    *(
                        AnswerRow("reasons", part=choice, choice=choice, is_hidden=is_hidden)
                        for choice in randomness.sample("abc", randomness.randint(0, 3))
                    ),
                ],
            ),
        )
        if outcome.kind == "stored":
            sequences[chosen] = outcome.sequence

    for _ in range(12):
        await asyncio.gather(*[act() for _ in range(20)])

    blank = make_response()
    assert await recount(database, blank.survey.workspace_id, blank.survey.id) == []
    counted = await counts_of(database, blank)
    assert counted
    assert all(row.n > 0 for row in counted)


async def test_all_values_of_a_question_share_a_row_of_counts(database, make_response):
    for rating in (9, 3, 9):
        answers = [
            AnswerRow("recommend", rating=rating),
            AnswerRow("reasons", part="price", choice="price"),
        ]
        await database.store(RESPONSES, make_response(answers=answers))

    rows = await database.fetch(
        "SELECT question, CAST(counts AS TEXT) FROM answer_count ORDER BY question"
    )

    assert [(question, sorted(decode_counts(counts))) for question, counts in rows] == [
        ("reasons", [("", "", 3), ("price", "price", 3)]),
        ("recommend", [("", "3", 1), ("", "9", 2)]),
    ]


async def test_people_are_counted_once_however_many_choices_they_make(database, make_response):
    reasons = [AnswerRow("reasons", part=choice, choice=choice) for choice in "abc"]
    first = make_response(is_complete=False, answers=reasons)
    await database.store(RESPONSES, first)
    await database.store(RESPONSES, make_response(answers=reasons[1:]))
    before = await counts_of(database, first)

    await database.store(
        RESPONSES, make_response(id=first.id, sequence=2, replaces=1, answers=reasons[:2])
    )

    assert before == [
        CountRow("reasons", "", "", 2), CountRow("reasons", "a", "a", 1),
        CountRow("reasons", "b", "b", 2), CountRow("reasons", "c", "c", 2),
    ]  # fmt: skip
    assert await counts_of(database, first) == [
        CountRow("reasons", "", "", 2), CountRow("reasons", "a", "a", 1),
        CountRow("reasons", "b", "b", 2), CountRow("reasons", "c", "c", 1),
    ]  # fmt: skip
    assert await recount(database, first.survey.workspace_id, first.survey.id) == []


async def test_clearing_every_choice_takes_the_person_out_of_the_base(database, make_response):
    first = make_response(is_complete=False, answers=EVERYTHING)
    await database.store(RESPONSES, first)

    await database.store(RESPONSES, make_response(id=first.id, sequence=2, replaces=1))

    keys = {row.question for row in await counts_of(database, first)}
    assert "reasons" not in keys
    assert await recount(database, first.survey.workspace_id, first.survey.id) == []


async def test_a_recount_finds_a_base_that_is_wrong(database, make_response):
    new = make_response(answers=EVERYTHING)
    await database.store(RESPONSES, new)
    await database.execute(
        "UPDATE answer_count SET counts = $1 WHERE question = 'reasons'",
        '{"price.price":1,"other.other":1}',
    )

    (difference,) = await recount(database, new.survey.workspace_id, new.survey.id)

    assert (difference.question, difference.part, difference.value) == ("reasons", "", "")
    assert (difference.counted, difference.found) == (0, 1)


async def test_a_recount_finds_a_planted_difference(database, make_response):
    new = make_response()
    await database.store(RESPONSES, new)
    await database.execute(
        "UPDATE answer_count SET counts = $1 WHERE question = $2", '{"9":6}', "recommend"
    )

    (difference,) = await recount(database, new.survey.workspace_id, new.survey.id)

    assert (difference.question, difference.value) == ("recommend", "9")
    assert (difference.counted, difference.found) == (6, 1)


async def test_a_recount_finds_a_sum_that_is_not_what_its_counts_add_up_to(database, make_response):
    new = make_response()
    for place in ("shop.till", "shop.door"):
        await database.store(RESPONSES, make_response(touchpoint=place))
    await database.execute(
        "UPDATE day_count SET counts = $1 WHERE question = $2", '{"9":3}', "recommend"
    )

    (difference,) = await recount(database, new.survey.workspace_id, new.survey.id)

    assert (difference.question, difference.value, difference.touchpoint) == (
        "recommend", "9", None,
    )  # fmt: skip
    assert (difference.counted, difference.found) == (3, 2)
