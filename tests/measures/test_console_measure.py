"""The console's measure looks at every page that the console has."""

from __future__ import annotations

from console_routes import console_routes

from bench.console import PIECE, pages_of


def test_every_page_of_the_console_is_measured() -> None:
    pages = pages_of("someone")

    assert len(pages) == len(console_routes("GET"))
    assert not [path for path in pages.values() if PIECE.search(path)]
    assert pages["home"] == ""
    assert pages["people/{account_id}"] == "/people/someone"
