"""Who is measured: the files each peer needs, and a page on which it asks the same question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bench.widget_install import MODULES, Packed, version_of
from bench.widget_site import Reply

QUESTION = "How likely are you to recommend us to a friend?"
LOW, HIGH = "Not at all likely", "Extremely likely"
TOKEN = "phc_bench"
JAVASCRIPT, CSS = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
HTML, JSON = "text/html; charset=utf-8", "application/json"
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A shop</title>
<link rel="icon" href="data:,">
{head}
</head>
<body>
<h1>A shop</h1>
<p>Thank you for your order. It will be with you on Thursday.</p>
{body}
<p>Opening hours: nine to six.</p>
</body>
</html>
"""


class Subject(NamedTuple):
    """One widget and how a page carries it."""

    name: str
    packages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """What a visitor downloads before a survey shows, below node_modules."""
    head: str = ""
    """Tags of the page; `{at}` is the vendor's address."""
    body: str = ""
    is_shown: bool = True
    """False where the question itself comes from the vendor's host in a frame."""
    is_full: bool = True
    """False where only an opener is downloaded."""
    note: str = ""

    def page(self, at: str) -> Reply:
        """The page that carries it."""
        head, body = (text.replace("{at}", at) for text in (self.head, self.body))
        return Reply(HTML, PAGE.format(head=head, body=body).encode())

    @property
    def paths(self) -> tuple[Path, ...]:
        """Its files on this machine."""
        return tuple(MODULES / file for file in self.files)


def replies_of(packed: Mapping[Path, Packed]) -> dict[str, Reply]:
    """What the vendors' servers would say, with every file at brotli 11."""
    replies = {
        f"/{file}": Reply(
            CSS if file.endswith(".css") else JAVASCRIPT,
            packed[MODULES / file].raw,
            packed[MODULES / file].brotli,
        )
        for peer in PEERS
        for file in peer.files
    }
    replies["/static/array.js"] = replies["/posthog-js/dist/array.js"]
    extension = f"/static/{version_of('posthog-js')}/surveys.js"
    replies[extension] = replies["/posthog-js/dist/surveys.js"]
    return replies | _posthog_api()


def _posthog_api() -> dict[str, Reply]:
    """The answers of PostHog's server that its widget waits for, as small as they can be."""
    config = {"surveys": True, "hasFeatureFlags": False, "supportedCompression": ["gzip-js"]}
    inlined = f'(window._POSTHOG_REMOTE_CONFIG = {{}})["{TOKEN}"] = {{config: %s, siteApps: []}}'
    flags = {"flags": {}, "featureFlags": {}, "featureFlagPayloads": {}, **config}
    return {
        f"/array/{TOKEN}/config.js": Reply(JAVASCRIPT, (inlined % json.dumps(config)).encode()),
        f"/array/{TOKEN}/config": _json(config),
        "/flags/": _json(flags),
        "/api/surveys/": _json({"surveys": [POSTHOG_SURVEY]}),
        "/e/": _json({"status": 1}),
        "/i/v0/e/": _json({"status": 1}),
    }


def _json(value: Any) -> Reply:
    return Reply(JSON, json.dumps(value).encode())


def _script(source: str, *, is_deferred: bool = False, after: str = "") -> str:
    how = "defer" if is_deferred else "async"
    told = f' onload="{after}"' if after else ""
    return f'<script {how} src="{{at}}{source}"{told}></script>'


POSTHOG_SURVEY = {
    "id": "0190e7a0-0000-0000-0000-000000000001",
    "name": "NPS",
    "description": "",
    "type": "popover",
    "questions": [{
        "id": "0190e7a0-0000-0000-0000-000000000002", "type": "rating", "question": QUESTION,
        "display": "number", "scale": 10, "lowerBoundLabel": LOW, "upperBoundLabel": HIGH,
        "optional": False, "buttonText": "Submit",
    }],
    "appearance": {"position": "right", "whiteLabel": True, "displayThankYouMessage": True},
    "conditions": None,
    "start_date": "2026-01-01T00:00:00Z",
    "end_date": None,
    "current_iteration": None,
    "current_iteration_start_date": None,
}  # fmt: skip
POSTHOG_INIT = f"""<script>
function begin() {{
  posthog.init("{TOKEN}", {{
    api_host: "{{at}}", autocapture: false, capture_pageview: false, capture_pageleave: false,
    disable_session_recording: true, capture_dead_clicks: false, capture_performance: false,
  }});
}}
</script>"""
FORMBRICKS_SURVEY = {
    "id": "bench", "name": "NPS", "type": "app", "status": "inProgress", "environmentId": "bench",
    "welcomeCard": {"enabled": False},
    "questions": [{
        "id": "recommend", "type": "nps", "headline": QUESTION, "required": True,
        "lowerLabel": LOW, "upperLabel": HIGH, "buttonLabel": "Send",
    }],
    "thankYouCard": {"enabled": True, "headline": "Thank you!"},
    "hiddenFields": {"enabled": False},
    "languages": [], "triggers": [], "styling": None, "displayPercentage": None,
}  # fmt: skip
FORMBRICKS_BEGIN = f"""<script>
function begin() {{
  formbricksSurveys.renderSurveyModal({{
    survey: {json.dumps(FORMBRICKS_SURVEY)}, brandColor: "#0f766e", isBrandingEnabled: false,
    languageCode: "default", placement: "bottomRight", clickOutside: true, darkOverlay: false,
    onDisplay() {{}}, onResponse() {{}}, onClose() {{}},
  }});
}}
</script>"""
SURVEYJS_SURVEY = {
    "elements": [{
        "type": "rating", "name": "recommend", "title": QUESTION, "isRequired": True,
        "rateMin": 0, "rateMax": 10, "minRateDescription": LOW, "maxRateDescription": HIGH,
    }],
}  # fmt: skip
SURVEYJS_BEGIN = f"""<script>
function begin() {{
  new Survey.Model({json.dumps(SURVEYJS_SURVEY)}).render(document.getElementById("survey"));
}}
</script>"""

NOTHING = Subject("nothing")
"""The page without a widget: warms the browser up."""
POSTHOG = Subject(
    "posthog-js",
    ("posthog-js",),
    ("posthog-js/dist/array.js", "posthog-js/dist/surveys.js"),
    POSTHOG_INIT + _script("/static/array.js", after="begin()"),
    note="its configuration, flags and surveys come from a stub on this machine",
)
FORMBRICKS = Subject(
    "formbricks",
    ("@formbricks/js", "@formbricks/surveys"),
    ("@formbricks/js/dist/index.js", "@formbricks/surveys/dist/index.umd.js"),
    FORMBRICKS_BEGIN + _script("/@formbricks/surveys/dist/index.umd.js", after="begin()"),
    note="shown by a call of its surveys bundle: its loader and its client, which a Formbricks "
    "server gives out, are not in the times",
)
SURVEYJS = Subject(
    "surveyjs",
    ("survey-core", "survey-js-ui"),
    (
        "survey-core/survey-core.min.css",
        "survey-core/survey.core.min.js",
        "survey-js-ui/survey-js-ui.min.js",
    ),
    '<link rel="stylesheet" href="{at}/survey-core/survey-core.min.css">'
    + SURVEYJS_BEGIN
    + _script("/survey-core/survey.core.min.js", is_deferred=True)
    + _script("/survey-js-ui/survey-js-ui.min.js", is_deferred=True, after="begin()"),
    '<div id="survey"></div>',
    note="the definition stands in the page",
)
TYPEFORM = Subject(
    "typeform",
    ("@typeform/embed",),
    ("@typeform/embed/build/embed.js", "@typeform/embed/build/css/popup.css"),
    '<link rel="stylesheet" href="{at}/@typeform/embed/build/css/popup.css">'
    + _script("/@typeform/embed/build/embed.js"),
    is_shown=False,
    is_full=False,
    note="opens a frame from its vendor's host: only its evaluation is measured",
)
PEERS = (POSTHOG, FORMBRICKS, SURVEYJS, TYPEFORM)
