"""The script on the page about live sheets appends, with stand-ins for Google's services."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from api_client import Api
from node import run_node
from sheet_steps import bearer, make_sheet

PAGE = Path(__file__).parents[2] / "docs/how-to/live-sheets.md"
MOST_LINES = 60
STAND_INS = """
const calls = [], kept = { SHEET_TOKEN: "secret" }, cells = [];
const PropertiesService = { getScriptProperties: () => ({
  getProperty: (name) => kept[name] ?? null, setProperty: (name, value) => { kept[name] = value; },
}) };
const UrlFetchApp = { fetch: (url, options) => {
  calls.push([url, options.headers.Authorization, options.followRedirects]);
  const page = PAGES.shift();
  return { getResponseCode: () => 200, getContentText: () => JSON.stringify(page) };
} };
const plain = (value) => typeof value === "string" ? value.replace(/^'/, "") : value;
const sheet = {
  getLastColumn: () => cells.length ? cells[0].length : 0, getLastRow: () => cells.length,
  getRange: (row, column, height, width) => ({
    getValues: () => cells.slice(row - 1, row - 1 + height)
      .map((line) => line.slice(column - 1, column - 1 + width).map(plain)),
    setValues: (values) => values.forEach((line, at) => { cells[row - 1 + at] = [...line]; }),
  }),
};
const SpreadsheetApp = { getActiveSpreadsheet: () => ({ getSheetByName: () => sheet }) };
"""


async def test_it_appends_what_is_new_and_writes_over_what_has_changed(live: Api) -> None:
    (script,) = re.findall(r"```javascript\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL)
    token = (await make_sheet(live))["token"]
    first = "0197a000-0000-7000-8000-00000000000a"
    await live.submit({"recommend": 3}, id=first, complete=False, sequence=1, resume="r" * 16)
    await live.submit({"recommend": 9, "reason": {"other": "=1+1"}}, context={"store": "Oslo"})
    pages = [await pulled(live, token)]
    pages.append(await pulled(live, token, pages[0]["cursor"]))
    await live.submit(
        {"recommend": 3, "why": "=HYPERLINK(1)"}, id=first, sequence=2, resume="r" * 16
    )
    pages.append(await pulled(live, token, pages[1]["cursor"]))
    pages.append(await pulled(live, token, pages[2]["cursor"]))

    told = run_node("-", stdin=(
        f"const PAGES = {json.dumps(pages)};\n{STAND_INS}\n{script}\n"
        "appendResponses(); appendResponses();\n"
        "console.log(JSON.stringify({ calls, kept, cells }));"
    ))  # fmt: skip
    made = json.loads(told)

    assert script.count("\n") <= MOST_LINES
    names, *lines = made["cells"]
    rows = [dict(zip(names, line, strict=False)) for line in lines]
    assert [row["id"].removeprefix("'") for row in rows] == [
        each["id"] for each in pages[0]["responses"]
    ]
    assert rows[0]["recommend"] == 3
    assert rows[0]["why"] == "'=HYPERLINK(1)"
    assert rows[1]["context__store"] == "'Oslo"
    assert all(call[1:] == ["Bearer secret", False] for call in made["calls"])
    assert made["kept"]["SHEET_CURSOR"] == pages[2]["cursor"]
    assert not PAGE_HOLDS_A_TOKEN.search(PAGE.read_text("utf-8"))


PAGE_HOLDS_A_TOKEN = re.compile(r"token=[A-Za-z0-9]")


async def pulled(live: Api, token: str, after: str = "") -> dict[str, Any]:
    told = await live.http.get(
        "/sheets/post_purchase/responses.json", params={"after": after} if after else {},
        headers=bearer(token),
    )  # fmt: skip
    assert told.status_code == 200, told.text
    return told.json()
