"""Which browsers bootstrap.py gets for the tests: Chromium, and its shell where it can be had."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
APT = """#!/bin/sh
echo "$@" >> {told}
case "$*" in *{unknown}*) exit 100 ;; esac
"""
pytestmark = pytest.mark.processes


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """A Debian with these programs: what the work given asks of its apt-get."""

    def has(make: Callable[[], None], *programs: str, unknown: str = "nothing") -> list[str]:
        told = tmp_path / "told"
        for name in (*programs, "firefox-esr", "apt-get"):
            (tmp_path / name).write_text(APT.format(told=told, unknown=unknown))
            (tmp_path / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.delenv("HARKEN_TEST_CHROMIUM", raising=False)
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        make()
        lines = told.read_text().splitlines() if told.exists() else []
        return [line.partition("recommends ")[2] for line in lines if "install" in line]

    return has


def test_the_shell_is_installed_beside_a_whole_browser(bootstrap, debian):
    assert debian(bootstrap.make_browsers, "chromium") == ["chromium-headless-shell"]


def test_without_any_both_are_installed(bootstrap, debian):
    installed = debian(bootstrap.make_browsers)

    assert installed == ["chromium fonts-dejavu-core", "chromium-headless-shell"]


def test_what_is_there_is_not_installed_again(bootstrap, debian):
    assert debian(bootstrap.make_browsers, "chromium", "chromium-headless-shell") == []


def test_a_whole_browser_does_where_there_is_no_shell(bootstrap, debian):
    installed = debian(bootstrap.make_browsers, "google-chrome", unknown="shell")

    assert installed == ["chromium-headless-shell"]
