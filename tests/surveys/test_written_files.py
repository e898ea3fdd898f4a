"""A survey written as a file is read as the same, whatever its texts look like."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.surveys.console.choice_lists import with_moves
from harken_server.surveys.console.simple_form import form_of, with_texts
from harken_server.surveys.definition import decode_survey, encode_survey
from harken_server.surveys.files.parsing import Tree, read_tree
from harken_server.surveys.files.writing import write_survey, write_tree
from harken_server.surveys.gallery import read_gallery

LIKE_SOMETHING_ELSE = (
    "yes", "no", "null", "~", "12", "-1.5", "1e3", ".inf", "0x1f", "2026-01-01", "# no", "a: b",
    "- a", "", " a ", "a\nb\n", "'", '"', "\u2028", "\x85", "{{x}}", "&a", "*a", "!x", "%", "@",
)  # fmt: skip


def again(tree: Any, syntax: Any) -> Any:
    read = read_tree(write_tree(tree, syntax).encode(), syntax)
    assert isinstance(read, Tree), read
    return read.root


@pytest.mark.parametrize("text", LIKE_SOMETHING_ELSE)
def test_a_text_that_looks_like_something_else_stays_a_text(text: str) -> None:
    assert again({"a": text, "b": [text]}, "yaml") == {"a": text, "b": [text]}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_text_comes_back(text: str) -> None:
    assert again({"a": text}, "yaml") == {"a": text}
    assert again({"a": text}, "json") == {"a": text}


@pytest.mark.parametrize("name", list(read_gallery()))
def test_a_template_written_anew_is_the_same_survey(name: str) -> None:
    survey = msgspec.structs.replace(read_gallery()[name].survey, schema=None)

    assert encode_survey(decode_survey(write_survey(survey).encode(), "yaml")) == encode_survey(
        survey
    )


@pytest.mark.parametrize("name", list(read_gallery()))
def test_a_form_sent_as_it_came_changes_nothing(name: str) -> None:
    tree = again(msgspec.json.decode(encode_survey(read_gallery()[name].survey)), "json")
    form = form_of(tree)
    sent = {box.name: [box.value] for box in form.boxes()}
    sent |= {f"{each.name}.required": ["on"] for each in form.questions if each.is_required}

    assert with_moves(with_texts(tree, sent), sent) == tree
