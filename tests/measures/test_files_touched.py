"""A reader who follows one request has few files to open."""

from __future__ import annotations

import pytest

from bench.files_touched import walk_paths

MOST = {"response": 11, "trigger": 14, "form_post": 20}
"""Files of a path, without `kernel`, `database` and `http`; a form is answered with a page.

A rule that few responses meet (quotas, dimensions, programs, small groups) is named in one list,
`responses.submit.compose_response`, and is asked only where it applies."""


@pytest.mark.parametrize("path", MOST)
async def test_a_path_passes_through_few_files(path: str) -> None:
    walked = (await walk_paths())[path]["files"]

    assert len(walked) <= MOST[path], "\n".join(walked)
