"""Random surveys, answers and contexts for the rules, odd ones on purpose."""

from __future__ import annotations

from typing import Any

from every_type import TYPES, answers_to, question_of, shape_of
from hypothesis import strategies as st
from rule_cases import Case, config_of

VALUES = ["a", "b", "constructor", "trim"]
CHOICES = [{"value": value, "label": f"Label {value}"} for value in VALUES]
OFFER = {"choices": CHOICES, "other": "Other"}
NONE = {"none": {"value": "nothing", "label": "-"}}
SHAPES: dict[str, list[dict[str, Any]]] = {kind: [shape_of(kind)] for kind in TYPES} | {
    "rating": [{"low": 0, "high": 3}],
    "single_choice": [OFFER],
    "multiple_choice": [
        {**OFFER, **NONE, "min_choices": 2, "max_choices": 3},
        {**OFFER, "min_choices": 1},
        {**OFFER, **NONE},
    ],
    "matrix": [{"rows": CHOICES, "columns": CHOICES}],
    "ranking": [{"choices": CHOICES}, {"choices": CHOICES, "max_ranked": 2}],
    "short_text": [{"max_chars": 6}],
    "long_text": [{"max_chars": 9}],
    "number": [{"min": -3.5, "is_whole": True}, {"max": 5}, {"min": 0, "max": 7}, {}],
    "date": [{"earliest": "2026-02-10", "latest": "2027-01-01"}, {"latest": "2026-02-10"}, {}],
}
SIGNS = 'aé😀 \t\n\u00a0\u3000\u200b\u0301{}|.@-+0٣1"<'
ODD_SIGNS = SIGNS + "\r\x00\ud83d\\"
ADDRESS_SIGNS = 'aé例😀0٣.-+_@ "\u0301\u200b\\'

written = st.text(st.sampled_from(SIGNS), max_size=12)
texts = st.text(st.sampled_from(ODD_SIGNS), max_size=12)
numbers = st.sampled_from([0, 1, 2, 3, 5, 7, 10, 11, -1, -4, 0.5, 2.25, 0.001, 10**15, 2**53])
words = st.sampled_from(["about five", "5 kg", "1.2.3", "-"])
plain = st.one_of(st.none(), st.booleans(), numbers, texts, st.sampled_from([*VALUES, "other"]))
items = st.one_of(
    st.sampled_from([*VALUES, "nothing", "other", "else"]),
    st.builds(lambda text: {"other": text}, plain),
)
maps = st.dictionaries(st.sampled_from([*VALUES, "other", "else"]), plain, max_size=3)
days = st.one_of(
    st.dates().map(str),
    st.sampled_from(["2026-02-09", "2026-02-10", "2027-01-01", "2027-01-02"]),
    st.sampled_from(["12026-01-01", "2026-2-1", "tomorrow", ""]),
)
names = st.text(st.sampled_from(ADDRESS_SIGNS), max_size=12) | st.sampled_from(["ada", "a.b"])
hosts = names | st.sampled_from(["example.com", "bücher.example", "x-.com", "-x.com", "x..com"])
emails = st.builds(lambda name, host: f"{name}@{host}".strip(), names, hosts)
phones = st.text(st.sampled_from("+0123456789 -/(x٣\u00a0"), max_size=22).map(str.strip)
answer_values = st.one_of(plain, items, st.lists(items, max_size=4), maps, days, emails, phones)
own_words = written.filter(str.strip).map(lambda text: {"other": text})
ticked = st.lists(st.sampled_from(VALUES), max_size=len(VALUES), unique=True)
FITTING: dict[str, st.SearchStrategy[Any]] = {
    kind: answers_to(question_of(kind))
    for kind in TYPES
    if question_of(kind).behaviour.takes_answer
} | {
    "rating": st.integers(0, 3),
    "single_choice": st.sampled_from([*VALUES, "other"]) | own_words,
    "multiple_choice": st.one_of(
        ticked,
        st.just(["nothing"]),
        st.builds(lambda many, own: [*many, own], ticked, own_words | st.just("other")),
    ),
    "matrix": st.dictionaries(st.sampled_from(VALUES), st.sampled_from(VALUES)),
    "ranking": ticked,
    "short_text": written,
    "long_text": written,
    "number": numbers | words,
    "date": days,
    "email": emails,
    "phone": phones,
}
"""Answers that can be given in the widget, wrong ones among them; statements have none."""
placeholders = st.builds(
    lambda source, name, fallback: f"{{{{{source}.{name}{fallback}}}}}",
    st.sampled_from(["context", "answer"]),
    st.sampled_from(["q0", "q1", "q2", "constructor"]),
    st.just("") | texts.map(lambda text: f"|{text}"),
)
filled_texts = st.lists(st.lists(placeholders | texts, max_size=3).map("".join), max_size=3)


@st.composite
def conditions(draw: st.DrawFn, keys: list[str], depth: int = 2) -> dict[str, Any]:
    kinds = ["equals", "not_equals", "at_least", "at_most", "one_of", "includes", "answered"]
    op = draw(st.sampled_from([*kinds, *(["all", "any", "not"] if depth else [])]))
    if op in ("all", "any"):
        return {"op": op, "of": draw(st.lists(conditions(keys, depth - 1), min_size=1, max_size=3))}
    if op == "not":
        return {"op": op, "of": draw(conditions(keys, depth - 1))}
    where = draw(st.sampled_from(["answer", "answer", "context"]))
    tree: dict[str, Any] = {"op": op, where: draw(st.sampled_from(keys))}
    if where == "answer" and draw(st.integers(0, 4)) == 0:
        tree["row"] = draw(st.sampled_from(VALUES))
    values = st.sampled_from([*VALUES, "other", 0, 1, 3, 7, 0.5, True, False])
    if op in ("equals", "not_equals"):
        tree["value"] = draw(values)
    elif op in ("at_least", "at_most"):
        tree["value"] = draw(st.sampled_from([0, 1, 3, 7, 0.5]))
    elif op == "one_of":
        tree["values"] = draw(st.lists(values, min_size=1, max_size=3))
    elif op == "includes":
        tree["value"] = draw(st.sampled_from([*VALUES, "other"]))
    return tree


@st.composite
def questions(draw: st.DrawFn, place: int, total: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(SHAPES)))
    shape = draw(st.sampled_from(SHAPES[kind]))
    question: dict[str, Any] = {"type": kind, "key": f"q{place}", "text": "?", **shape}
    earlier = [f"q{number}" for number in range(place)]
    if kind != "statement" and draw(st.booleans()):
        question["required"] = True
    if earlier and draw(st.booleans()):
        question["show_if"] = draw(conditions(earlier))
    if draw(st.integers(0, 2)) == 0:
        later = [f"q{number}" for number in range(place + 1, total)]
        jump: dict[str, Any] = {"to": draw(st.sampled_from([*later, "end", "end:last"]))}
        if draw(st.integers(0, 3)):
            jump["when"] = draw(conditions([*earlier, f"q{place}"]))
        question["jumps"] = [jump]
    return question


@st.composite
def rule_cases(draw: st.DrawFn) -> Case:
    """A case as those of the shared vectors, without what is expected."""
    total = draw(st.integers(2, 9))
    asked = [draw(questions(place, total)) for place in range(total)]
    keys = [question["key"] for question in asked]
    endings = [{"key": "first", "title": "F", "show_if": draw(conditions(keys))}]
    endings.append({"key": "last", "title": "L"})
    survey = {"key": "s", "title": "S", "questions": asked, "context": {"q0": "usual", "q1": ""}}
    survey["endings"] = endings[draw(st.integers(0, 2)) :]
    is_odd = draw(st.integers(0, 3)) == 0
    answers = {
        question["key"]: draw(_answers(question["type"], is_odd=is_odd))
        for question in asked
        if draw(st.integers(0, 5)) and (is_odd or question["type"] in FITTING)
    }
    context = draw(st.dictionaries(st.sampled_from([*keys, "constructor"]), plain, max_size=3))
    case = {"survey": survey, "answers": answers, "context": context, "texts": draw(filled_texts)}
    return {**case, "config": config_of(survey)}


def _answers(kind: str, *, is_odd: bool) -> st.SearchStrategy[Any]:
    fitting = FITTING.get(kind, plain)
    return fitting | answer_values if is_odd else fitting
