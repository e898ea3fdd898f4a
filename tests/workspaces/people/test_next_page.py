"""Where somebody goes on to after signing in is never another site."""

from __future__ import annotations

import pytest

from harken_server.workspaces.people.next_page import next_page


@pytest.mark.parametrize(
    "given",
    [
        "",
        "evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%5cevil.example",
        "/%2fevil.example",
        "/%2Fevil.example/console",
        "/%252fevil.example",
        "https://evil.example/console",
        "https:/evil.example",
        "javascript:alert(1)",
        "/console//evil.example",
        "/console/\\evil.example",
        "/console/%5c%5cevil.example",
        "/console/%255cevil.example",
        "/console/../../evil",
        "/console/%2e%2e/evil",
        "/console/..%2f..%2fevil",
        "/console\t/evil",
        "/console\n",
        "/console\r\nset-cookie: a=b",
        "/console/%0d%0aset-cookie:a",
        "/console@evil.example",
        "/console.evil.example",
        "/consoleevil",
        "/v1/surveys",
        "/sign-out",
        " /console",
        "/console/" + "a" * 500,
    ],
)
def test_what_is_no_page_of_the_console_leads_home(given: str) -> None:
    assert next_page(given) == "/console"


@pytest.mark.parametrize(
    "given",
    ["/console", "/console/shop", "/console/shop/surveys?status=live&page=2", "/join/aB-_9",
     "/console/shop/stores/Sk%C3%B8yen"],
)  # fmt: skip
def test_pages_of_ours_are_gone_on_to(given: str) -> None:
    assert next_page(given) == given
