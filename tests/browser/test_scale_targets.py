"""Every point of every scale of the page is large enough to press, in as few rows as fit.

`tests/widget/test_face_access.py` looks at the widget's, `test_kiosk_looks.py` at the kiosk's.
"""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WIDTHS = pytest.mark.parametrize("width", [320, 360, 390, 768, 1280])
TEXT = pytest.mark.parametrize("text", [100, 200])
LARGE_PX, ALLOWANCE_PX = 44, 0.1
SCALES: dict[str, dict[str, Any]] = {
    "nps": {"type": "nps"},
    "ces_7": {"type": "ces"},
    "ces_5": {"type": "ces", "variant": "1"},
    **{
        f"{kind}_{style}": {"type": kind, "style": style}
        for kind in ("csat", "rating")
        for style in ("number", "star", "smiley")
    },
    "thumbs": {"type": "rating", "style": "thumbs", "low": 1, "high": 2},
    **{
        f"{style}_{points}": {"type": "rating", "style": style, "low": 1, "high": points}
        for style in ("number", "star")
        for points in (2, 3, 4, 6, 7, 8, 9, 10, 11)
    },
}
QUESTIONS = [
    {"key": key, "text": f"How was it ({key})?", "low_label": "Poor", "high_label": "Good", **scale}
    for key, scale in SCALES.items()
]
MEASURED = """() => Object.fromEntries(
  [...document.querySelectorAll(".scale")].map(scale => [
    scale.querySelector("input").name.replace("a_", ""),
    [...scale.children].map(one => {
      const {y, width, height} = one.getBoundingClientRect();
      return {y, width, height, over: one.scrollWidth - one.clientWidth};
    }),
  ]),
)"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def rows_of(boxes: list[dict[str, float]]) -> list[int]:
    """How many points stand in each row, from the top."""
    tops = [round(box["y"]) for box in boxes]
    return [tops.count(top) for top in sorted(set(tops))]


@TEXT
@WIDTHS
@pytest.mark.few(4)
async def test_points_of_the_page_are_large_enough_to_press(open_page, publish, width, text):
    _, address = publish("every_type", questions=QUESTIONS)
    page = (await open_page(width=width, bypass_csp=True)).page
    await page.goto(address)
    await page.add_style_tag(content=f"html{{font-size:{text}%}}")

    measured = await page.evaluate(MEASURED)
    assert {*measured} == {*SCALES}
    for key, boxes in measured.items():
        for box in boxes:
            assert min(box["width"], box["height"]) > LARGE_PX - ALLOWANCE_PX, (key, box)
            assert box["over"] <= 0, (key, box)
        rows = rows_of(boxes)
        assert rows == sorted(rows, reverse=True), key
        room = width - 2 * 16 * text / 100
        if width < 640 and len(boxes) * (LARGE_PX + 3) - 3 < room:
            assert len(rows) == 1, (key, "would fit into one row")
    assert await page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize(
    ("width", "rows"),
    [(320, [6, 5]), (360, [6, 5]), (390, [6, 5]), (600, [11]), (768, [11]), (1280, [11])],
)
async def test_nought_to_ten_is_two_rows_on_a_phone_and_one_from_where_it_fits(
    open_page, publish, width, rows
):
    _, address = publish("every_type", questions=QUESTIONS)
    page = (await open_page(width=width)).page
    await page.goto(address)

    assert rows_of((await page.evaluate(MEASURED))["nps"]) == rows
