"""Definition files that would cost far more than their size are refused before they are parsed."""

from __future__ import annotations

import tomllib
from typing import Literal

import pytest

from harken_server.journeys.rules.journeys import decode_journey
from harken_server.kernel.errors import InvalidDefinitionError, Problem
from harken_server.surveys.definition import decode_survey
from harken_server.surveys.files.toml_weight import (
    MAX_TOML_DEPTH,
    MAX_TOML_NAMES,
    MAX_TOML_WORD,
    weigh_toml,
)

Syntax = Literal["json", "yaml", "toml"]
TINY = "{" + ",".join(f'"a{number}":0' for number in range(20_000)) + "}"


def problem_of(text: str, syntax: Syntax) -> Problem:
    with pytest.raises(InvalidDefinitionError) as caught:
        decode_survey(text.encode(), syntax)
    with pytest.raises(InvalidDefinitionError) as alike:
        decode_journey(text.encode(), syntax)
    assert alike.value.problems[0] == caught.value.problems[0]
    return caught.value.problems[0]


TOO_DEEP = {
    "a dotted key": "a." * 20_000 + "a = 1",
    "a dotted key with blanks": "a . " * 20_000 + "a = 1",
    "a key of quoted parts": "''." * 20_000 + "a = 1",
    "a table": "[" + "a." * 20_000 + "a]",
    "a list of tables": "[[" + "a." * 20_000 + "a]]",
    "a key in a map": "x = {" + "a." * 20_000 + "a = 1}",
    "lists": "a = " + "[" * 20_000,
    "maps": "a = " + "{a = " * 20_000,
    "behind what looks like the end of a text": 'x = "\\\\\\""\n' + "a." * 20_000 + "a = 1",
    "behind a text of several lines": "x = '''\n\"\"\"\n'''''\n" + "a." * 20_000 + "a = 1",
    "behind a comment": "# '''\n" + "a." * 20_000 + "a = 1",
}


@pytest.mark.parametrize("name", TOO_DEEP)
def test_what_is_nested_in_toml_without_end_is_refused(name: str) -> None:
    problem = problem_of(TOO_DEEP[name], "toml")

    assert problem.code == "too_deep"
    assert str(MAX_TOML_DEPTH) in problem.message


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("".join(f"[a{number}]\n" for number in range(5_000)), MAX_TOML_NAMES),
        ("".join(f"a{number}.b.c = 1\n" for number in range(5_000)), MAX_TOML_NAMES),
        ("a = " + "9" * 50_000, MAX_TOML_WORD),
        ("a = 0x" + "f" * 50_000, MAX_TOML_WORD),
        ("a = 1." + "0" * 50_000, MAX_TOML_WORD),
    ],
)
def test_a_refusal_of_toml_names_the_limit(text: str, limit: int) -> None:
    assert str(limit) in problem_of(text, "toml").message


@pytest.mark.parametrize("syntax", ["json", "yaml"])
def test_a_file_of_next_to_nothing_but_brackets_is_refused(syntax: Syntax) -> None:
    for text in ("[" + "{}," * 20_000 + "0]", "[" + '{"":0},' * 20_000 + "0]", TINY):
        assert problem_of(text, syntax).code == "too_dense"


def test_one_repeated_key_among_thousands_is_named() -> None:
    text = "{" + ",".join(f'"key_number_{number}": "said"' for number in range(8_000))

    problem = problem_of(text + ',"last":0,"last":1}', "json")

    assert (problem.code, "'last'" in problem.message) == ("duplicate_map_key", True)


SOUND = "\n".join(
    (
        "# a comment with [[[ and '''",
        r'title = "a.b.c.d [[[[ {{{{ \" \\"',
        r"literal = 'C:\' # and " + '"""',
        """ "quoted.key" = '"' """,
        "dotted.key.of.four = 1.5",
        "[context]",
        'store = """',
        "  [not.a.table]",
        '  a.a.a.a = "',
        '"""""',
        "days = [1979-05-27, 07:32:00, 1979-05-27T07:32:00.999999-07:00]",
        "[[questions]]",
        'show_if = {op = "all", of = [{op = "answered", answer = "a"}, {op = "answered"}]}',
        "[[questions.choices]]",
        "value = '''",
        '"]]]]"' + "'''",
        "",
    )
)


def test_brackets_and_points_in_texts_and_comments_are_no_structure() -> None:
    tomllib.loads(SOUND)

    weigh_toml(SOUND + "[[questions]]\n[[questions.choices]]\n" * 100)
