"""Settings that cannot be, and what `config check` says of those that can."""

from __future__ import annotations

from pathlib import Path

import pytest
from served import run

pytestmark = pytest.mark.processes


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("HARKEN_PORT", "99999", "1 to 65535"),
        ("HARKEN_PORT", "many", "HARKEN_PORT"),
        ("HARKEN_SECRET_KEY", "short", "32 characters"),
        ("HARKEN_POTR", "1", "HARKEN_POTR"),
        ("HARKEN_PUBLIC_URL", "feedback.example", "HARKEN_PUBLIC_URL"),
        ("HARKEN_PUBLIC_URL", 'http://a/"><script>', "HARKEN_PUBLIC_URL"),
        ("HARKEN_PUBLIC_URL", "http://user:password@a", "HARKEN_PUBLIC_URL"),
        ("HARKEN_SHORT_URL", "http://a\r\nb", "HARKEN_SHORT_URL"),
        ("HARKEN_SECRET_KEY", "x" * 40 + ",", "32 characters"),
        ("HARKEN_DATABASE_URL", "mysql://x", "HARKEN_DATABASE_URL"),
        ("HARKEN_LOG_FORMAT", "xml", "pretty, json"),
        ("HARKEN_SECRET_KEY_FILE", "/nowhere/at/all", "HARKEN_SECRET_KEY"),
    ],
)
def test_a_bad_setting_is_one_line_and_status_78(
    tmp_path: Path, setting: str, value: str, named: str
) -> None:
    ended = run("serve", cwd=tmp_path, **{setting: value})

    assert ended.returncode == 78
    assert named in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_several_bad_settings_are_named_together(tmp_path: Path) -> None:
    ended = run("config", "check", cwd=tmp_path, HARKEN_PORT="x", HARKEN_LOG_LEVEL="loud")

    assert ended.returncode == 78
    assert "HARKEN_PORT" in ended.stderr
    assert "HARKEN_LOG_LEVEL" in ended.stderr


def test_config_check_shows_effective_values_without_secrets(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cr3t-" * 6 + "\n")

    ended = run(
        "config",
        "check",
        cwd=tmp_path,
        HARKEN_SECRET_KEY_FILE=str(secret),
        HARKEN_DATABASE_URL="postgresql://harken:hunter2@db/harken",
    )

    assert ended.returncode == 0
    assert "8300" in ended.stdout
    assert "s3cr3t" not in ended.stdout
    assert "hunter2" not in ended.stdout
    assert "db/harken" in ended.stdout


def test_config_check_asks_for_the_names_that_people_read(tmp_path: Path) -> None:
    url = {"HARKEN_PUBLIC_URL": "https://feedback.shop.example"}
    mail = {"HARKEN_SMTP_URL": "smtp://mx.example", "HARKEN_MAIL_FROM": "hello@shop.example"}

    unnamed = run("config", "check", cwd=tmp_path, **url, **mail).stdout
    named = run("config", "check", cwd=tmp_path, **url, **mail, HARKEN_NAME="The Shop").stdout
    both = {**mail, "HARKEN_NAME": "The Shop", "HARKEN_MAIL_FROM": "Shop <hello@shop.example>"}

    assert "HARKEN_NAME is not set" in unnamed
    assert "“feedback.shop.example”" in unnamed
    assert "HARKEN_NAME is not set" not in named
    assert "HARKEN_MAIL_FROM has no name" in named
    assert "“The Shop”" in named
    assert "“" not in run("config", "check", cwd=tmp_path, **url, **both).stdout
