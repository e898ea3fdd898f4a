"""Whatever is asked, and however replies are put together, no few people can be told from it."""

from __future__ import annotations

import random

import pytest
from differencing import Attacker, Shop, Told
from hypothesis import given
from hypothesis import strategies as st

from harken_server.responses.blocks import Waiting, gather

SHORT, FULL = 150, 10_000
COLUMNS = st.tuples(
    st.sampled_from((1, 2)), st.sampled_from("ab"), st.sampled_from("ab"), st.sampled_from("ab")
)


def one(number: int, store: str = "", **fields: object) -> Waiting:
    given = Waiting(
        number, 1, "", "web", "en", 700_000, "0", "0", {"store": store}, frozenset({"q"}), ""
    )
    return given._replace(**fields)


def attack(seed: int, *, erases: bool = False) -> None:
    """One survey from its first answer on, asked all the time."""
    dice = random.Random(seed)
    shop, told = Shop(dice, dice.choice((3, 5, 8))), list[Told]()
    for _ in range(dice.randrange(5, 70)):
        shop.come()
        if erases and dice.random() < 0.1:
            shop.erase()
            shop.show(is_due=False)
        for _ in range(dice.randrange(3)):
            told += shop.ask()
    attacker, n = Attacker(told, len(shop.people)), len(shop.people)
    shares = attacker.shares()
    assert shares.max(initial=0) < 1 / shop.minimum + 1e-9, seed
    for _ in range(20):
        few = dice.sample(range(n), min(n, dice.randrange(1, shop.minimum)))
        assert not attacker.finds(few), (seed, few)


@pytest.mark.parametrize("erases", [False, True], ids=["growing", "erasing"])
def test_no_few_people_follow_from_the_replies(erases: bool) -> None:
    for seed in range(SHORT):
        attack(seed, erases=erases)


@pytest.mark.nightly
@pytest.mark.parametrize("erases", [False, True], ids=["growing", "erasing"])
def test_no_few_people_follow_from_the_replies_of_ten_thousand_surveys(
    erases: bool,
) -> None:
    for seed in range(SHORT, SHORT + FULL // 2):
        attack(seed, erases=erases)


def test_the_attack_finds_out_who_is_shown_by_a_rule_that_counts_alone() -> None:
    """Showing each group of five, whenever it is asked for, tells the answer of the sixth."""
    shop = Shop(random.Random(1), 5)
    told = list[Told]()
    for _ in range(20):
        shop.come()
        groups = {store: set[int]() for store in ("Oslo", "Bergen", "Bodø", "")}
        for each in shop.people:
            groups[each.members["store"]].add(each.number)
        told += [Told(frozenset(people)) for people in groups.values() if len(people) >= 5]
    assert Attacker(told, 20).shares().max() == pytest.approx(1)


@given(st.lists(COLUMNS, max_size=40), st.integers(3, 6), st.booleans())
def test_a_block_is_large_enough_and_everybody_is_in_one_at_most(
    rows: list[tuple[int, str, str, str]],
    minimum: int,
    is_due: bool,
) -> None:
    waiting = [
        one(number, store, version=version, channel=channel, counted=frozenset(question))
        for number, (version, store, channel, question) in enumerate(rows)
    ]
    blocks = gather(waiting, minimum, by="store", is_due=is_due)
    shown = [answer.number for block in blocks for answer in block.answers]
    assert len(shown) == len(set(shown))
    for block in blocks:
        assert len(block.answers) >= minimum
        assert len({answer.version for answer in block.answers}) == 1
        for question in "ab":
            n = sum(question in answer.counted for answer in block.answers)
            assert n == 0 or n >= minimum or question in block.rare


def test_a_block_waits_until_a_question_was_answered_by_enough_or_by_none() -> None:
    several = [one(number) for number in range(5)]
    asked_more = one(5, counted=frozenset({"q", "more"}))
    assert len(gather(several, 5, by="store")) == 1
    assert gather([*several, asked_more], 5, by="store") == []
    (block,) = gather([*several, asked_more], 5, by="store", is_due=True)
    assert block.rare == {"more"}


def test_what_all_have_in_common_is_kept_and_the_rest_is_not() -> None:
    answers = [one(0, "Oslo"), one(1, "Oslo", channel="email"), one(2, "Oslo", day=700_003)]
    (block,) = gather(answers, 3, by="store")
    assert (block.members, block.common("channel"), block.common("locale")) == (
        {"store": "Oslo"}, "", "en",
    )  # fmt: skip
    assert block.day == 700_003
