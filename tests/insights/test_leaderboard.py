"""Groups in order: planted differences are found, and what is alike is never put in an order."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from api_client import Api
from dimension_steps import declare

from harken_server.insights.rules.comparing.ranks import are_tied, rank_groups, split_by_evidence
from harken_server.insights.rules.metrics import net_promoter_score, score_question
from harken_server.insights.rules.scores import Score
from harken_server.surveys.questions.types import Ces

RATINGS = range(11)
USUAL = (2, 1, 1, 1, 1, 4, 5, 12, 20, 25, 28)
"""How often each rating is given: an NPS of about 39."""
BETTER = (0, 0, 0, 0, 0, 1, 2, 7, 15, 30, 45)
URL = "/v1/surveys/post_purchase/leaderboard"


def drawn(chance: random.Random, n: int, weights: tuple[int, ...] = USUAL) -> Score:
    return net_promoter_score("q", Counter(chance.choices(RATINGS, weights, k=n)))


def false_separations(rounds: int, sizes: list[int]) -> float:
    """In which share of rounds any of the alike groups is told from another."""
    chance = random.Random(11)
    wrong = 0
    for _ in range(rounds):
        scores = {f"{place}": drawn(chance, n) for place, n in enumerate(sizes)}
        wrong += not are_tied(rank_groups(scores, 0.95))
    return wrong / rounds


@pytest.mark.parametrize("sizes", [[60] * 8, [40, 40, 80, 200, 1_000]], ids=["even", "uneven"])
def test_alike_groups_are_separated_in_at_most_five_of_a_hundred_rounds(sizes: list[int]) -> None:
    assert false_separations(200, sizes) <= 0.05 + 2 * (0.05 * 0.95 / 200) ** 0.5


@pytest.mark.nightly
@pytest.mark.parametrize("sizes", [[60] * 20, [40] * 50, [40, 40, 80, 200, 1_000], [300] * 2])
def test_alike_groups_are_separated_in_at_most_five_of_a_hundred_of_many_rounds(
    sizes: list[int],
) -> None:
    assert false_separations(2_000, sizes) <= 0.05 + 2 * (0.05 * 0.95 / 2_000) ** 0.5


def test_planted_groups_come_first_and_the_others_share_their_ranks() -> None:
    chance = random.Random(5)
    scores = {f"usual {place}": drawn(chance, 400) for place in range(6)}
    scores |= {f"better {place}": drawn(chance, 400, BETTER) for place in range(2)}

    ranks = {each.group: each.says for each in rank_groups(scores, 0.95)}

    assert sorted([*ranks][:2]) == ["better 0", "better 1"]
    assert Counter(ranks.values()) == {"1-2": 2, "3-8": 6}


def test_lower_is_better_puts_the_lowest_first() -> None:
    def effort(ratings: dict[int, int]) -> Score:
        return score_question(Ces(key="q", text="?", variant="1"), ratings)

    ranks = rank_groups({"hard": effort({5: 90, 4: 30}), "easy": effort({1: 90, 2: 30})}, 0.95)

    assert [(each.group, each.says) for each in ranks] == [("easy", "1"), ("hard", "2")]


def test_no_groups_and_one_group_have_their_ranks() -> None:
    assert rank_groups({}, 0.95) == []
    (only,) = rank_groups({"one": drawn(random.Random(1), 50)}, 0.95)
    assert only.says == "1"


def test_too_few_answers_stand_apart_however_good_they_are() -> None:
    chance = random.Random(2)
    scores = {"Oslo": drawn(chance, 300), "": drawn(chance, 300), "new": drawn(chance, 3, BETTER)}

    ranked, others = split_by_evidence(scores)

    assert [*ranked] == ["Oslo"]
    assert [name for name, _ in others] == ["", "new"]


async def test_stores_are_ranked_as_their_scores_are_told(live: Api) -> None:
    await declare(live, {"name": "store"})
    given = {"Oslo": [10] * 32 + [8] * 3, "Berlin": [2] * 30 + [9] * 2, "Rome": [1] * 29 + [10] * 3}
    for store, ratings in {**given, "Kiosk": [10, 3]}.items():
        for rating in ratings:
            sent = await live.submit({"recommend": rating}, context={"store": store})
            assert sent.is_success, sent.text

    found = (await live.http.get(URL, params={"by": "store"})).json()
    told = (await live.http.get("/v1/surveys/post_purchase/scores", params={"by": "store"})).json()[
        "groups"
    ]

    assert [(each["group"], each["rank"]) for each in found["ranked"]] == [
        ("Oslo", "1"), ("Rome", "2-3"), ("Berlin", "2-3")
    ]  # fmt: skip
    assert not found["are_all_tied"]
    assert [(each["group"], each["n"]) for each in found["not_enough"]] == [("Kiosk", 2)]
    assert found["not_enough"][0]["answers_wanted"] > 2
    scores = {each["group"]: each["scores"][0] for each in told}
    for each in (*found["ranked"], *found["not_enough"]):
        same = ("score", "low", "high", "n")
        assert [each[name] for name in same] == [scores[each["group"]][name] for name in same]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"by": "colour"}, "by is 'colour'"),
        ({"by": "channel", "question": "why"}, "no scored question 'why'"),
        ({"by": "channel", "level": "0.5"}, "level is 0.5"),
    ],
)
async def test_what_cannot_be_ranked_is_refused(
    live: Api, query: dict[str, str], says: str
) -> None:
    reply = await live.http.get(URL, params=query)

    assert (reply.status_code, reply.json()["code"]) == (400, "bad_parameter")
    assert says in reply.json()["detail"]
