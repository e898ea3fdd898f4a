"""All scenarios, by the file in which each is recorded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import scenario_asking
import scenario_demo
import scenario_findings
import scenario_mail
import scenario_pages
import scenario_places
import scenario_printing
import scenario_results
import scenario_sheets
import scenario_surveys
import scenario_talk
import scenario_widget
from golden_stage import Stage


class Scenario(NamedTuple):
    """What is played, and with which settings beside the usual ones."""

    name: str
    play: Callable[[Stage], Awaitable[None]]
    settings: Mapping[str, str] = MappingProxyType({})
    is_stored: bool = True
    """Whether a database has a part in it; else it is played once, not on each engine."""


MAIL = {"HARKEN_SMTP_URL": "smtp://mail.shop.example"}
"""Nobody is asked by mail where no mail can be sent."""

CONTACT = {"HARKEN_SECURITY_CONTACT": "mailto:security@shop.example"}

SCENARIOS: tuple[Scenario, ...] = (
    Scenario("api-surveys", scenario_surveys.play),
    Scenario("api-dimensions", scenario_surveys.play_dimensions),
    Scenario("api-findings", scenario_findings.play),
    Scenario("api-asking", scenario_asking.play, MAIL),
    Scenario("api-journeys-programmes", scenario_asking.play_plans),
    Scenario("api-stores", scenario_places.play),
    Scenario("receipts", scenario_places.play_receipts),
    Scenario("kiosk", scenario_places.play_kiosk),
    Scenario("pages", scenario_pages.play),
    Scenario("mail-previews", scenario_mail.play),
    Scenario("mail-sent", scenario_mail.play_sending, MAIL),
    Scenario("mail-returned", scenario_mail.play_returns),
    Scenario("conversations", scenario_talk.play),
    Scenario("widget", scenario_widget.play),
    Scenario("results", scenario_results.play),
    Scenario("sheets", scenario_sheets.play),
    Scenario("front", scenario_results.play_front, CONTACT),
    Scenario("limits", scenario_results.play_limits, {"HARKEN_RATE_LIMIT": "1"}),
    Scenario("routes", scenario_results.play_routes),
    Scenario("printing", scenario_printing.play, is_stored=False),
    Scenario("commands", scenario_printing.play_commands, is_stored=False),
    Scenario("demo", scenario_demo.play),
)
