"""Why a survey is asked or not: one code for each reason, the same in server, widget and API."""

from __future__ import annotations

from typing import Literal, TypeAlias

DecisionReason: TypeAlias = Literal[
    "asked", "no_survey", "not_live", "suppressed", "sampled_out", "cooldown"
]
"""Given by the server when a touchpoint is triggered."""

WidgetReason: TypeAlias = Literal[
    "shown",
    "answered",
    "waiting",
    "wrong_page",
    "wrong_locale",
    "wrong_device",
    "max_shown",
    "another_open",
    "open_elsewhere",
    "host_modal",
    "no_element",
    "opted_out",
    "not_targeted",
    "origin_not_allowed",
    "unreachable",
]
"""Given by the widget alone, which gives the codes of decisions too."""

ReasonCode: TypeAlias = Literal[DecisionReason, WidgetReason]

MEANINGS: dict[ReasonCode, str] = {
    "asked": "The respondent is asked, or will be at the next page view.",
    "shown": "The survey is on the page.",
    "answered": "The visitor has answered the survey.",
    "waiting": "Nothing stands against it, but what opens it has not happened yet.",
    "no_survey": "There is no such survey, or the touchpoint has none assigned.",
    "not_live": "The survey is a draft or closed.",
    "not_targeted": "The survey has no targeting, so it is shown only where it is named.",
    "suppressed": "This respondent must not be asked: unsubscribed, bounced or erased.",
    "opted_out": "The visitor wants no surveys.",
    "sampled_out": "The respondent or visitor is not in the share that is asked.",
    "cooldown": "The respondent or visitor was asked, or closed or answered it, too recently.",
    "max_shown": "The visitor was shown the survey as often as its targeting allows.",
    "wrong_page": "The address of the page is not among those of the targeting.",
    "wrong_locale": "The locale of the page is not among those of the targeting.",
    "wrong_device": "The window has another width than the devices of the targeting.",
    "another_open": "Another survey is open on this page.",
    "open_elsewhere": "A survey is open in another tab of this site.",
    "host_modal": "The page shows a dialog of its own.",
    "no_element": "The element for an inline survey is not on the page.",
    "origin_not_allowed": "The key may not be used on this site.",
    "unreachable": "The server could not be reached, or gave no proper answer.",
}
"""One sentence each, for developers; from lasting reasons to passing ones within each group."""
