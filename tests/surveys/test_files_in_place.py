"""A file changed by the form: what says the same stays byte for byte, comments and order too."""

from __future__ import annotations

from copy import deepcopy
from difflib import unified_diff
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiers import first_of

from harken_server.surveys.console.choice_lists import with_moves
from harken_server.surveys.console.simple_form import form_of, with_texts
from harken_server.surveys.drafting import judge_text, tree_of
from harken_server.surveys.files.parsing import Syntax, Tree, read_tree
from harken_server.surveys.files.writing import write_tree
from harken_server.surveys.files.yaml_changes import change_text
from harken_server.surveys.gallery import read_gallery

LAID_OUT = """\
# Asked at the till, and nowhere else.
key: till   # never changes

title: "How was it?"      # in quotes
intro: >-
  Two questions,
  and you are done.

locales: [ de ]
questions:
    # The number that the board looks at.
    - type: nps
      key: recommend
      text: {en: 'Would you?',   de: Würden Sie?}   # two languages
      required: true

    # ---- What follows is for the shop ----

    # Asked of all.
    - { type: single_choice, key: why, text: Why?, choices: [ {value: a, label: A}, {value: b,
        label: "B"}, {value: c, label: C} ] }   # one line, nearly
    - type: multiple_choice
      key: what
      text: |
        What of these?

        Several may fit.
      choices:
        - value: price   # the oldest
          label: Price
        # Since 2024:
        - {value: speed, label: Speed}
        - value: staff
          label:
            en: Staff
            de: Personal
    - type: long_text
      key: more
      text: Anything
        else?
endings:
- key: thanks
  title: Thank you   # short
# The end.
"""
FILES: dict[str, tuple[str, Syntax]] = {
    "laid_out": (LAID_OUT, "yaml"),
    "as_json": (write_tree(tree_of(LAID_OUT, "yaml"), "json"), "json"),
    **{name: (each.text, "yaml") for name, each in read_gallery().items()},
}
TYPED = (
    "Other words", "Why: because # no comment", "yes", "12", "- a", "it's “good”", '"', "{{a}}",
    "a\nb", "\u2028", "{", "ends with:", "", "*a", "x" * 300, "Ünïcödé 🙂",
)  # fmt: skip


def lines_of(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    said = [*unified_diff(lines_of(before), lines_of(after), n=0)][2:]
    went = [line[1:] for line in said if line.startswith("-")]
    return went, [line[1:] for line in said if line.startswith("+")]


def comments_of(text: str) -> list[str]:
    """Of files without the sign in their texts."""
    return [line[line.index("#") :].strip() for line in text.splitlines() if "#" in line]


def typed_into(tree: dict[str, Any], language: str, name: str, text: str) -> dict[str, list[str]]:
    """What the form sends where one field alone was changed."""
    form = form_of(tree, language)
    sent = {f"{each.name}.required": ["on"] for each in form.questions if each.is_required}
    return sent | {"language": [language], name: [text]}


def boxes_of(tree: dict[str, Any], language: str) -> list[Any]:
    return [
        box for box in form_of(tree, language).boxes() if box.kind != "color" and not box.options
    ]


def languages_of(tree: dict[str, Any]) -> tuple[str, ...]:
    return form_of(tree).language.offered


@pytest.mark.parametrize("name", first_of(list(FILES), 6))
def test_one_text_changed_changes_the_lines_of_that_text_alone(name: str) -> None:
    text, syntax = FILES[name]
    tree = tree_of(text, syntax)
    for language in languages_of(tree):
        for box in boxes_of(tree, language):
            if not box.value:
                continue
            wanted = with_texts(tree, typed_into(tree, language, box.name, "Other words"))
            after = change_text(text, syntax, wanted)

            assert after is not None, (language, box.name)
            assert read_tree(after.encode(), syntax) == Tree(
                wanted, after if syntax == "yaml" else ""
            )
            went, came = changed_lines(text, after)
            assert len(came) == (2 if came[0].endswith(("|-\n", ">-\n")) else 1), (box.name, came)
            assert len(went) <= len(lines_of(box.value)) + 1, (went, came)
            assert comments_of(after) == comments_of(text)


@pytest.mark.parametrize("name", FILES)
def test_nothing_changed_is_the_same_text(name: str) -> None:
    text, syntax = FILES[name]

    assert change_text(text, syntax, tree_of(text, syntax)) == text


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("name", ["laid_out", "as_json", "nps", "page_feedback"])
def test_whatever_is_typed_is_read_back_and_what_stands_around_stays(name: str, typed: str) -> None:
    text, syntax = FILES[name]
    tree = tree_of(text, syntax)
    for box in boxes_of(tree, ""):
        wanted = with_texts(tree, typed_into(tree, "", box.name, typed))
        after = change_text(text, syntax, wanted)

        assert after is not None, box.name
        assert tree_of(after, syntax) == wanted
        if "#" not in typed:
            assert comments_of(after) == comments_of(text), box.name


@given(st.data())
def test_any_text_anywhere_is_read_back(data: st.DataObject) -> None:
    tree = tree_of(LAID_OUT, "yaml")
    box = data.draw(st.sampled_from(boxes_of(tree, data.draw(st.sampled_from(["en", "de"])))))
    typed = data.draw(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
    wanted = deepcopy(tree)
    inside: Any = wanted
    for piece in box.path[:-1]:
        inside = inside.setdefault(piece, {}) if isinstance(piece, str) else inside[piece]
    inside[box.path[-1]] = typed

    after = change_text(LAID_OUT, "yaml", wanted)

    assert after is not None
    assert tree_of(after, "yaml") == wanted


@pytest.mark.parametrize("name", first_of(list(FILES), 6))
def test_what_is_added_moved_and_removed_leaves_the_rest_as_it_was(name: str) -> None:
    text, syntax = FILES[name]
    tree = tree_of(text, syntax)
    count = len(tree["questions"])
    asked = [{"do": [f"up:{count - 1}"]}, {"do": ["down:0"]}] if count > 1 else []
    for place, question in enumerate(tree["questions"]):
        for each in {"choices", "rows"} & set(question):
            where = f"questions[{place}].{each}"
            asked += [{where: ["New one\nAnd another"]}, {"remove": [f"{where}[1]"]}]
    for sent in asked:
        wanted = with_moves(tree, sent)
        after = change_text(text, syntax, wanted)

        assert after is not None, sent
        assert tree_of(after, syntax) == wanted
        went, came = changed_lines(text, after)
        if "do" in sent:
            assert sorted(lines_of(after)) == sorted(lines_of(text)) or syntax == "json"
        elif syntax == "yaml":
            assert not (went and came and len(came) > 1), (sent, went, came)


def test_comments_go_with_what_they_are_about() -> None:
    tree = tree_of(LAID_OUT, "yaml")

    moved = change_text(LAID_OUT, "yaml", with_moves(tree, {"do": ["up:1"]})) or ""
    gone = change_text(LAID_OUT, "yaml", with_moves(tree, {"remove": ["questions[1]"]})) or ""

    above = [line.strip() for line in moved.splitlines()]
    assert above[above.index("- type: nps") - 1] == "# The number that the board looks at."
    assert "# Asked of all." in above[above.index("questions:") + 1]
    assert "# Asked of all." not in gone
    assert "# ---- What follows is for the shop ----" in gone
    assert "# The number that the board looks at." in gone


def test_looks_are_written_where_they_belong() -> None:
    tree = tree_of(LAID_OUT, "yaml")

    after = change_text(
        LAID_OUT,
        "yaml",
        with_texts(
            tree,
            {
                "presentation.brand": ["Café"],
                "presentation.theme.accent": ["#112233"],
                "presentation.show_progress": ["false"],
            },
        ),
    )

    assert after is not None
    went, came = changed_lines(LAID_OUT, after)
    assert went == []
    assert came == [
        "presentation:\n", "  brand: Café\n", "  theme:\n", "    accent: '#112233'\n",
        "  show_progress: false\n",
    ]  # fmt: skip
    assert judge_text(after, "yaml").problems == ()


@pytest.mark.parametrize(
    ("text", "syntax"),
    [
        ('key = "a"\n', "toml"),
        ("a: [1, 2]\n", "yaml"),
        ("a: &x 1\nb: *x\n", "yaml"),
        ("a:\n- - key: a\n- - key: b\nb: 2\n", "yaml"),
        ("{", "json"),
    ],
)
def test_what_has_no_place_in_the_file_is_not_written_into_it(text: str, syntax: Syntax) -> None:
    assert change_text(text, syntax, {"a": [2, 1], "b": 3}) is None
