"""What visitors download: small, whole, and made of the sources beside it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache

import brotli
import pytest
from node import FILES, install_packages, run_node

LOADER_BUDGET = 3_250
TWO_FILES_BUDGET = 9_200
"""Loader and survey code: all that a common survey needs before it shows."""
LATE_BUDGET = 4_000
"""A file that only some surveys need, or that comes once a survey shows."""
SHOWN_BUDGET = 10 * 1024
"""The same with conditions and placeholders."""
WHOLE_BUDGET = 12_700
"""One file with everything in it."""
TOKEN = b'"@@HARKEN_CONFIG@@"'
"""What the server replaces by the config."""


@cache
def names() -> dict[str, str]:
    listed = json.loads((FILES / "files.json").read_text("utf-8"))
    return {kind: listed[kind] for kind in ("loader", "survey", "whole")} | listed["late"]


LATE = ["logic", "looks", "parts", "queue", "sending"]
ALL = ["loader", "survey", "whole", *LATE]


def script(kind: str) -> bytes:
    return (FILES / names()[kind]).read_bytes()


def compressed(content: bytes) -> int:
    """Bytes on the wire, styles and all: the best that brotli gives."""
    return len(brotli.compress(content, quality=11))


def test_the_loader_keeps_its_budget() -> None:
    assert compressed(script("loader")) <= LOADER_BUDGET


def test_all_it_takes_to_show_a_common_survey_keeps_the_budget() -> None:
    two = compressed(script("loader")) + compressed(script("survey"))

    assert two <= TWO_FILES_BUDGET
    assert two + compressed(script("logic")) <= SHOWN_BUDGET


@pytest.mark.parametrize("kind", LATE)
def test_each_late_file_keeps_its_budget(kind: str) -> None:
    assert compressed(script(kind)) <= LATE_BUDGET


def test_the_late_files_are_these() -> None:
    assert set(names()) == set(ALL)


def test_the_whole_widget_in_one_file_keeps_the_budget() -> None:
    assert compressed(script("whole")) <= WHOLE_BUDGET


@pytest.mark.parametrize("kind", ALL)
def test_what_is_sent_compressed_is_the_file_and_as_small(kind: str) -> None:
    packed = (FILES / f"{names()[kind]}.br").read_bytes()

    assert brotli.decompress(packed) == script(kind)
    assert len(packed) <= compressed(script(kind)) + 20


def test_names_and_integrity_are_those_of_the_content() -> None:
    listed = json.loads((FILES / "files.json").read_text("utf-8"))

    for kind, start in (("survey", "survey"), ("whole", "harken")):
        digest = hashlib.sha256(script(kind)).hexdigest()
        assert names()[kind] == f"{start}-{digest[:10]}.js"
    together = hashlib.sha256(b"".join(map(script, LATE))).hexdigest()
    assert {kind: names()[kind] for kind in LATE} == {
        kind: f"{kind}-{together[:10]}.js" for kind in LATE
    }
    for name, integrity in listed["integrity"].items():
        digest = hashlib.sha384((FILES / name).read_bytes()).digest()
        assert integrity == f"sha384-{base64.b64encode(digest).decode()}"
    assert set(listed["integrity"]) == set(names().values())


def test_there_is_one_place_for_the_config() -> None:
    assert script("loader").count(TOKEN) == 1
    assert script("whole").count(TOKEN) == 0


@pytest.mark.parametrize("kind", ALL)
def test_no_script_does_what_strict_sites_forbid(kind: str) -> None:
    """No code from text, no markup from text, no cookie, no other script's element."""
    text = script(kind).decode()

    assert (
        re.findall(
            r"\beval\b|\bFunction\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser"
            r"|cookie|createElement\(.script|setAttribute\(.style|sourceMappingURL|//#",
            text,
        )
        == []
    )


@pytest.mark.processes
@pytest.mark.nightly
def test_the_files_are_what_the_sources_give() -> None:
    install_packages()

    said = run_node("build.mjs", "--check")

    assert names()["loader"] in said


@pytest.mark.processes
def test_the_types_hold() -> None:
    modules = install_packages()

    run_node(modules / "typescript" / "bin" / "tsc", "--noEmit")
