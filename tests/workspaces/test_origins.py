"""Origins of keys: read in any spelling, kept in the browsers' one, and every mistake named."""

from __future__ import annotations

import pytest

from harken_server.kernel.errors import InvalidInputError
from harken_server.workspaces.rules.origins import plain_origin, read_origins


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://shop.example", "https://shop.example"),
        ("HTTPS://Shop.Example", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("https://[2001:db8::1]:8080", "https://[2001:db8::1]:8080"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(given: str, kept: str) -> None:
    assert read_origins([given]) == (kept,)


@pytest.mark.parametrize(
    "wrong",
    [
        "", "shop.example", "https://", "https://shop.example/", "https://shop.example/a",
        "https://*.shop.example", "*", "null", "ftp://shop.example", "https://a@shop.example",
        "https://shop.example:0", "https://shop.example:", "https://shop.example?x",
        "https://bücher.example", "https://shop..example", "https://-shop.example",
        "https://shop.example https://b.example", "https://shop.example\n", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_named_with_its_place(wrong: str) -> None:
    assert plain_origin(wrong) is None
    with pytest.raises(InvalidInputError) as caught:
        read_origins(["https://shop.example", wrong])

    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == ("$.origins[1]", "bad_origin")
    assert repr(wrong) in problem.message
    assert "https://shop.example" in problem.message


def test_the_limits_are_named_with_their_figures() -> None:
    long = f"https://{'a' * 200}.example"
    with pytest.raises(InvalidInputError) as caught:
        read_origins([long, *(f"https://s{n}.example" for n in range(20))])

    assert [(problem.path, problem.limit) for problem in caught.value.problems] == [
        ("$.origins", 20),
        ("$.origins[0]", 200),
    ]
    assert "20 entries, not 21" in caught.value.message
    assert f"200 characters, not {len(long)}" in caught.value.message
