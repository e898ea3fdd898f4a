"""The rules of the shipped survey code, run in a browser on many cases at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.async_api import Page
from rule_cases import Case

from harken_server.surveys.logic.placeholders import with_fallbacks

FILES = Path(__file__).parents[2] / "server" / "harken_server" / "channels" / "widget" / "files"
SITE = "https://rules.test"
RUN = """async ([address, cases]) => {
    const {fetchFor, rules} = await import(address);
    const questions = JSON.parse(cases).flatMap(({config}) => config.questions);
    await fetchFor({survey: {title: "{{all}}", questions}, mode: "inline", answers: {}});
    return JSON.stringify(JSON.parse(cases).map(({config, answers, given, context, texts}) => {
        const {visible, ending} = rules.walk(config, answers, context);
        return {
            visible: visible.map(({key}) => key),
            ending: ending ? ending.key : null,
            problems: rules.check(visible, given).map(([{key}, fault]) => [key, fault]),
            filled: texts.map(text => rules.late.fill(config, text, answers, context)),
        };
    }));
}"""


def shipped(name: str) -> Path:
    """A file that the server ships: `loader`, `survey` or `whole`."""
    return FILES / json.loads((FILES / "files.json").read_text("utf-8"))[name]


def shipped_late() -> list[str]:
    """Names of the files that the survey code imports when it needs them."""
    return list(json.loads((FILES / "files.json").read_text("utf-8"))["late"].values())


async def run_rules(page: Page, cases: list[Case]) -> list[dict[str, Any]]:
    """What the browser makes of the cases, in the form in which the server's `judge` tells it.

    Problems are those of `given`, the answers as the widget holds them.
    """
    await page.route(f"{SITE}/", lambda route: route.fulfill(body="<!doctype html>"))
    await page.route(f"{SITE}/*.js", lambda route: route.fulfill(path=_file(route.request.url)))
    await page.goto(f"{SITE}/")
    sent = json.dumps([{**case, "texts": _as_sent(case)} for case in cases])
    return json.loads(await page.evaluate(RUN, [f"{SITE}/survey.js", sent]))


def _file(address: str) -> Path:
    name = address.rpartition("/")[2]
    return shipped("survey") if name == "survey.js" else FILES / name


def _as_sent(case: Case) -> list[str]:
    """Texts as the widget gets them: each placeholder names its fallback."""
    fallbacks = case["survey"].get("context", {})
    return [with_fallbacks(text, fallbacks) for text in case["texts"]]
