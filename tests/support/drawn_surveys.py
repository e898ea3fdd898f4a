"""Surveys at random, of every question type, with logic, widget and theme; and answers to them."""

from __future__ import annotations

from typing import Any

import msgspec
from every_type import TYPES, answers_to, shape_of
from hypothesis import strategies as st

from harken_server.surveys.survey import Survey

SHAPES = {kind: shape_of(kind) for kind in TYPES}
SHAPES["ranking"]["max_ranked"] = 3


@st.composite
def conditions(draw: st.DrawFn, keys: list[str]) -> dict[str, Any]:
    op = draw(st.sampled_from(["answered", "equals", "not_equals", "at_least", "at_most", "not"]))
    tree: dict[str, Any] = {"op": op, "answer": draw(st.sampled_from(keys))}
    if op == "not":
        return {"op": "not", "of": {**tree, "op": "answered"}}
    if op in ("equals", "not_equals"):
        tree["value"] = draw(st.sampled_from(["a", "other", 3, True]))
    if op in ("at_least", "at_most"):
        tree["value"] = draw(st.integers(0, 10))
    return tree


openings = st.one_of(
    st.sampled_from([{"on": "load"}, {"on": "exit"}, {"on": "click", "selector": ".buy"}]),
    st.builds(lambda seconds: {"on": "time", "seconds": seconds}, st.integers(0, 99)),
    st.builds(
        lambda value: {"on": "event", "name": "e", "where": [{"property": "p", "value": value}]},
        st.sampled_from(["a", 0, 1, True, False, 1.5]),
    ),
)
widgets = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from(["popover", "modal", "sheet", "inline", "slide_in"]),
        "opens": st.lists(openings, max_size=3),
        "sample_rate": st.sampled_from([0, 0.5, 1, 1.0]),
        "cooldown": st.just({}) | st.just({"shown_days": 7}) | st.just({"shown_days": 1}),
        "closes_on_navigation": st.booleans(),
    },
)
themes = st.fixed_dictionaries(
    {},
    optional={
        "scheme": st.sampled_from(["auto", "light", "dark"]),
        "ink": st.sampled_from(["#000000", "#111111"]),
        "accent": st.sampled_from(["#0b6e5f", "#ff0000"]),
    },
)


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    count = draw(st.integers(1, 8))
    questions: list[dict[str, Any]] = []
    for place in range(count):
        kind = draw(st.sampled_from(sorted(SHAPES)))
        question: dict[str, Any] = {"type": kind, "key": f"q{place}", "text": "?", **SHAPES[kind]}
        earlier = [f"q{number}" for number in range(place)]
        if earlier and draw(st.booleans()):
            question["show_if"] = draw(conditions(earlier))
        later = [f"q{number}" for number in range(place + 1, count)]
        if draw(st.integers(0, 3)) == 0:
            jump: dict[str, Any] = {"to": draw(st.sampled_from([*later, "end"]))}
            if draw(st.booleans()):
                jump["when"] = draw(conditions([*earlier, f"q{place}"]))
            question["jumps"] = [jump]
        questions.append(question)
    pages = draw(st.sampled_from(["single", "question"]))
    presentation = {"pages": pages, "theme": draw(themes)}
    tree = {"key": "s", "title": "S", "questions": questions, "presentation": presentation}
    return msgspec.convert({**tree, "widget": draw(widgets)}, Survey)


@st.composite
def answered_surveys(draw: st.DrawFn) -> tuple[Survey, dict[str, Any]]:
    survey = draw(surveys())
    answers: dict[str, Any] = {}
    for question in survey.questions:
        if question.behaviour.takes_answer and draw(st.booleans()):
            answers[question.key] = draw(answers_to(question))
    return survey, answers
