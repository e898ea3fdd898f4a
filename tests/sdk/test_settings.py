"""Where a client finds its address and key, and what it says when it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

import harken

KEY = "hk_test_0123456789"


def test_address_and_key_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARKEN_URL", "https://feedback.example/")
    monkeypatch.setenv("HARKEN_API_KEY", KEY)

    client = harken.Client()

    assert repr(client) == "harken.Client('https://feedback.example')"


def test_arguments_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARKEN_URL", "https://feedback.example/")
    monkeypatch.setenv("HARKEN_API_KEY", "hk_other")

    client = harken.AsyncClient("http://127.0.0.1:8300", KEY)

    assert repr(client) == "harken.AsyncClient('http://127.0.0.1:8300')"
    assert client._config.api_key == KEY


def test_the_key_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    monkeypatch.setenv("HARKEN_API_KEY_FILE", str(tmp_path / "key"))

    client = harken.Client("http://127.0.0.1:8300")

    assert client._config.api_key == KEY


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "HARKEN_URL is not set"),
        ({"HARKEN_URL": "feedback.example"}, "HARKEN_URL must start with http"),
        ({"HARKEN_URL": "ftp://feedback.example"}, "HARKEN_URL must start with http"),
        ({"HARKEN_URL": "http://[::1"}, "HARKEN_URL must start with http"),
        ({"HARKEN_URL": "http://x:port"}, "HARKEN_URL must start with http"),
        ({"HARKEN_URL": "http://me:word@x"}, "without user"),
        ({"HARKEN_URL": "http://x/?a=b"}, "HARKEN_URL must be scheme, host and path only"),
        ({"HARKEN_URL": "http://x"}, "HARKEN_API_KEY is not set"),
        ({"HARKEN_URL": "http://x", "HARKEN_API_KEY": " "}, "HARKEN_API_KEY is not set"),
        ({"HARKEN_URL": "http://x", "HARKEN_API_KEY": "hk_a\nhk_b"}, "HARKEN_API_KEY holds"),
        (
            {"HARKEN_URL": "http://x", "HARKEN_API_KEY": "a", "HARKEN_API_KEY_FILE": "b"},
            "both set",
        ),
        (
            {"HARKEN_URL": "http://x", "HARKEN_API_KEY_FILE": "/nowhere/key"},
            "HARKEN_API_KEY_FILE: cannot read '/nowhere/key'",
        ),
    ],
)
def test_a_missing_or_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], message: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(harken.ConfigError, match=message) as caught:
        harken.Client()

    assert "word" not in str(caught.value)
    assert "hk_" not in str(caught.value)


def test_limits_that_make_no_sense_are_refused() -> None:
    with pytest.raises(harken.ConfigError, match="timeout_s"):
        harken.Client("http://x", KEY, timeout_s=0)
    with pytest.raises(harken.ConfigError, match="max_attempts"):
        harken.Client("http://x", KEY, max_attempts=0)


def test_nothing_printed_shows_the_key() -> None:
    client = harken.Client("http://x", KEY)

    assert KEY not in repr(client)
    assert KEY not in repr(client._config)
