"""The page on sending mail: settings, states, survey file and attempts are those of the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import yaml
from mail_steps import SURVEY

from harken_server.channels.email.settings import MailSettings
from harken_server.configuration import load_settings
from harken_server.deliveries.reminders import reminder_days
from harken_server.deliveries.rules import DeliveryState
from harken_server.deliveries.times import BACK_OFF
from harken_server.surveys.definition import decode_survey

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "send-by-email.md").read_text("utf-8")


def test_the_settings_on_the_page_are_accepted() -> None:
    exported = dict(re.findall(r"^export (HARKEN_\w+)='?([^'\n]+)'?$", PAGE, re.MULTILINE))
    assert len(exported) == 4
    assert load_settings(exported).of(MailSettings).mail_from == "The Shop <feedback@shop.example>"


def test_every_state_is_explained() -> None:
    table = PAGE.partition("| `state` |")[2].partition("\n\n")[0]
    named = re.findall(r"^\| (.+?) \|", table, re.MULTILINE)
    states = {state for cell in named for state in re.findall(r"`(\w+)`", cell)}
    assert states == set(get_args(DeliveryState))


def test_the_survey_file_sets_the_reminder() -> None:
    (block,) = re.findall(r"```yaml\n(.+?)```", PAGE, re.DOTALL)
    survey = decode_survey(json.dumps(SURVEY | yaml.safe_load(block)).encode(), "json")
    assert reminder_days(survey) == 5


def test_the_attempts_are_those_of_the_code() -> None:
    assert "after 1, 5 and 15 minutes, then 1, 2, 4, 8 and 8 hours" in PAGE
    minutes = [pause.total_seconds() / 60 for pause in BACK_OFF]
    assert minutes == [1, 5, 15, 60, 120, 240, 480, 480]
