"""What opens a survey, as Share tells it and as its file says it afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from harken_server.channels.widget.openings import (
    Wish,
    events_of,
    is_left_to_site,
    tell_limits,
    tell_openings,
    with_opening,
)
from harken_server.surveys.definition import decode_survey
from harken_server.surveys.files.writing import write_tree
from harken_server.surveys.survey import Survey

ORDER = {"on": "event", "name": "order_placed"}
EXIT, LEAVING = {"on": "exit"}, "when somebody is about to leave"
READ, STAYED = "80 % of the page was scrolled through", "after 10 seconds on the page"
SCROLL, TIME = {"on": "scroll", "percent": 80}, {"on": "time", "seconds": 10}


def tree(**widget: Any) -> dict[str, Any]:
    return {
        "key": "ask", "title": "Ask", "widget": widget,
        "questions": [{"type": "nps", "key": "recommend", "text": "Recommend us?"}],
    }  # fmt: skip


def read(of: dict[str, Any]) -> Survey:
    return decode_survey(write_tree(of, "yaml").encode(), "yaml")


@pytest.mark.parametrize(
    ("widget", "said", "is_left"),
    [
        ({}, "Nothing in the page opens it: it waits until your application asks for it.", True),
        ({"mode": "tab"}, "It opens as soon as the page is ready.", False),
        ({"mode": "inline"}, "It opens as soon as the page is ready.", False),
        ({"opens": [ORDER]}, "It opens when your site reports order_placed.", True),
        ({"opens": [ORDER, EXIT]},
         f"It opens when your site reports order_placed, or {LEAVING}.", False),
        ({"opens": [ORDER, EXIT], "needs": "all"},
         f"It opens when your site reports order_placed and {LEAVING}.", True),
        ({"opens": [SCROLL, TIME], "needs": "all"}, f"It opens when {READ} and {STAYED}.", False),
        ({"opens": [{"on": "click", "selector": "#buy"}]}, "It opens when #buy is clicked.", False),
    ],
)  # fmt: skip
def test_a_survey_tells_what_opens_it(widget: dict[str, Any], said: str, is_left: bool) -> None:
    survey = read(tree(**widget))

    assert tell_openings(survey) == said
    assert is_left_to_site(survey) is is_left


def test_a_survey_without_targeting_opens_with_the_tag_that_names_it() -> None:
    plain = tree()
    del plain["widget"]

    assert tell_openings(read(plain)) == "It opens as soon as the page is ready."
    assert not is_left_to_site(read(plain))
    assert not is_left_to_site(read(with_opening(plain, Wish(visitors="100"))))


def test_what_keeps_it_from_a_visitor_is_told() -> None:
    survey = read(
        tree(sample_rate=0.25, pages=[{"match": "prefix", "url": "/shop"}], devices=["phone"])
    )

    assert tell_limits(survey) == [
        "It asks 25 of 100 visitors; the others see nothing.",
        "Only on pages such as /shop.",
        "Only on: phone.",
    ]


def test_an_event_is_told_with_properties_that_fit() -> None:
    where = [
        {"property": "total", "op": "at_least", "value": 50},
        {"property": "gift", "op": "not_equals", "value": True},
        {"property": "kind", "op": "not_equals", "value": "trial"},
        {"property": "items", "op": "not_equals", "value": 2},
    ]

    (event,) = events_of(read(tree(opens=[{**ORDER, "where": where}])))

    fitting = {"total": 50, "gift": False, "kind": "not trial", "items": 3}
    assert event == ("order_placed", fitting)


@pytest.mark.parametrize(
    ("before", "wish", "after"),
    [
        ({}, Wish("time", "5"), {"opens": [{"on": "time", "seconds": 5}]}),
        ({"opens": [SCROLL, TIME], "needs": "all"}, Wish("load"), {"opens": [{"on": "load"}]}),
        ({"opens": [SCROLL, TIME], "needs": "all"}, Wish(visitors="50"),
         {"opens": [SCROLL, TIME], "needs": "all", "sample_rate": 0.5}),
        ({"mode": "tab", "button": "Hi"}, Wish("scroll", "30"),
         {"mode": "popover", "opens": [{"on": "scroll", "percent": 30}]}),
        ({"mode": "inline", "element": "#a"}, Wish("tab"), {"mode": "tab"}),
        ({"opens": [ORDER]}, Wish("asked"), {}),
        ({"mode": "modal"}, Wish("click", "#buy"),
         {"mode": "modal", "opens": [{"on": "click", "selector": "#buy"}]}),
    ],
)  # fmt: skip
def test_only_what_was_wished_changes(
    before: dict[str, Any], wish: Wish, after: dict[str, Any]
) -> None:
    assert with_opening(tree(**before), wish)["widget"] == after
    assert read(with_opening(tree(**before), wish)).key == "ask"
