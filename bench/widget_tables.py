"""`python -m bench.widget_tables [RESULT.json]`: write the figures of `widget` into the documents.

Runs the whole measure unless given its result; the tables stand between two comments in
docs/reference/performance.md.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.widget_subjects import PEERS

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "performance.md"
WEIGHED = {
    "harken_loader": "Harken: loader", "harken": "**Harken: loader and survey code**",
    "harken_whole": "Harken: whole, in one file",
    "posthog-js: array.js": "posthog-js {posthog-js}: array.js",
    "posthog-js: surveys.js": "posthog-js: surveys.js", "posthog-js": "**PostHog: both**",
    "formbricks": "**@formbricks/js {@formbricks/js} + @formbricks/surveys {@formbricks/surveys}**",
    "surveyjs": "**survey-core + survey-js-ui {survey-core}, with CSS**",
    "typeform": "@typeform/embed {@typeform/embed}, with CSS: opens a frame only",
}  # fmt: skip
VIEWED = {
    "harken": "**Harken, `v1.js?key=`**", "harken_data_key": "Harken, `v1.js` with `data-key`",
    "harken_whole": "Harken, whole file", "formbricks": "Formbricks", "posthog-js": "PostHog",
    "surveyjs": "SurveyJS", "typeform": "Typeform",
}  # fmt: skip
THREAD_TIMES = ("evaluation_ms", "script_ms", "longest_task_ms")


def tables(details: dict[str, Any]) -> dict[str, str]:
    """The Markdown of each table."""
    return {
        "weights": _weights(details["bytes"], details["versions"]),
        "views": _views(details["views"]),
        "endpoint": _endpoint(details["endpoint"]),
    }


def filled(text: str, made: dict[str, str]) -> str:
    """The page with these tables between their comments."""
    for name, table in made.items():
        place = re.compile(rf"(<!-- widget: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if len(place.findall(text)) != 1:
            raise ValueError(f"the page has no place for {name}")
        text = place.sub(lambda found, table=table: found[1] + table + "\n" + found[2], text)
    return text


def _weights(table: dict[str, dict[str, int]], versions: dict[str, str]) -> str:
    own = table["harken"]["brotli_11"]
    peers = {peer.name for peer in PEERS}
    lines = [
        [
            re.sub(r"\{(.+?)\}", lambda found: versions[found[1]], title),
            *(f"{table[name][form]:,}" for form in ("raw", "gzip_9", "brotli_11")),
            f"{table[name]['brotli_11'] / own:.1f}" if name in peers else "",
        ]
        for name, title in WEIGHED.items()
    ]
    return _markdown(["bytes", "raw", "gzip 9", "brotli 11", "times ours"], lines)


def _views(views: dict[str, dict[str, Any]]) -> str:
    lines = [
        [
            title,
            str(views[name]["requests"]),
            f"{views[name]['bytes_received']:,}",
            _pair(views[name]["shown_ms"]),
            *(f"{views[name][what][1]:,.0f}" for what in THREAD_TIMES),
            f"{sum(map(bool, views[name]['long_tasks']))} of {len(views[name]['long_tasks'])}",
            f"{views[name]['layout_shift']:g}",
        ]
        for name, title in VIEWED.items()
        if name in views
    ]
    head = ["", "requests", "bytes received", "first question", "evaluation", "script"]
    head += ["longest task", "rounds with a task over 50 ms", "layout shift"]
    return _markdown(head, lines)


def _endpoint(endpoint: dict[str, Any]) -> str:
    bursts = {
        "config": "config_cold",
        "script with the config in it": "script_cold",
        "config, 304": "config_revalidated",
        "empty Litestar handler": "empty_handler",
    }
    lines = [
        [
            title,
            ", ".join(f"{status}: {n:,}" for status, n in endpoint[name]["statuses"].items()),
            str(endpoint[name].get("reads", "")),
            *(f"{endpoint[name][what]:.0f}" for what in ("first_ms", "p99_ms", "wall_ms")),
        ]
        for title, name in bursts.items()
    ]
    head = ["1,000 at once", "statuses", "reads", "first, ms", "p99, ms", "all, ms"]
    warm = [
        [title, str(endpoint[f"{name}_to_empty_handler"]), f"{endpoint[f'{name}_per_s']:,.0f}/s"]
        for title, name in (("config", "config"), ("script with the config in it", "script"))
    ]
    return (
        _markdown(head, lines)
        + "\n\n"
        + _markdown(["64 clients, warm", "to an empty handler", "idea"], warm)
    )


def _pair(values: Sequence[float]) -> str:
    return " / ".join(f"{value:,.0f}" for value in values) if any(values) else ""


def _markdown(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main(arguments: list[str]) -> None:
    if arguments:
        result = json.loads(Path(arguments[0]).read_text("utf-8").splitlines()[-1])
    else:
        from bench.widget import run

        result = run(quick=False)
    PAGE.write_text(filled(PAGE.read_text("utf-8"), tables(result["details"])), "utf-8")
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
