"""Which paths are taken before the framework."""

from __future__ import annotations

from typing import Any

import pytest

from harken_server.http.fast import Answer, FastRoute, FastRoutes


async def nothing(*_: Any) -> Answer:
    return Answer(204, (), b"")


ROUTES = FastRoutes([FastRoute("/v1/all", nothing), FastRoute("/s/{address}", nothing)])


@pytest.mark.parametrize(
    ("path", "found", "pieces"),
    [
        ("/v1/all", "/v1/all", {}),
        ("/s/stay", "/s/{address}", {"address": "stay"}),
        ("/s/home.stay", "/s/{address}", {"address": "home.stay"}),
        ("/s/{address}", "/s/{address}", {"address": "{address}"}),
        ("/s/", None, {}),
        ("/s", None, {}),
        ("/s/stay/", None, {}),
        ("/s/stay/seen", None, {}),
        ("//s/stay", None, {}),
        ("/v1/all/", None, {}),
        ("/v1", None, {}),
        ("", None, {}),
    ],
)
def test_a_route_is_found_by_its_path_and_gives_the_piece_that_it_names(path, found, pieces):
    route, named = ROUTES.find(path)

    assert (route and route.path, named) == (found, pieces)
