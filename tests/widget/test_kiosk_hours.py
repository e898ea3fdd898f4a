"""The kiosk's browser and the server agree on when it is open: one table, two programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from node import install_packages, run_node

pytestmark = pytest.mark.processes
HOURS = Path(__file__).parents[1] / "vectors" / "kiosk_hours.json"
SCRIPT = """
import {readFileSync} from "node:fs";
import {build} from "esbuild";
const options = {entryPoints: ["kiosk/hours.ts"], bundle: true, format: "esm", write: false};
const {outputFiles: [{text}]} = await build(options);
const code = Buffer.from(text).toString("base64");
const {isOpen} = await import("data:text/javascript;base64," + code);
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(one => isOpen(one, new Date(one.at)))));
"""


def test_the_browser_opens_and_closes_when_the_server_says() -> None:
    install_packages()
    cases = HOURS.read_text("utf-8")

    printed = run_node("--input-type=module", "-e", SCRIPT, stdin=cases)

    assert json.loads(printed) == [case["open"] for case in json.loads(cases)]
