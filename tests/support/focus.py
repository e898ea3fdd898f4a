"""What the keyboard reaches on a page, and whether the focus is seen there."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page

MORE = 16
"""Presses of Tab beyond one for each control: a date has a stop for each of its parts."""
CONTROLS = """() => {
  const parts = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const groups = new Set();
  window.reachable = [...document.querySelectorAll(parts)].filter(part => {
    if (part.disabled || part.type == "hidden" || part.tabIndex < 0) return false;
    if (!part.checkVisibility({visibilityProperty: true})) return false;
    if (part.closest("[inert]")) return false;
    if (part.type != "radio") return true;
    const group = part.form + part.name;
    if (groups.has(group)) return false;
    groups.add(group);
    return true;
  });
  return reachable.length;
}"""
NOTE = """() => {
  window.focused = [];
  const same = (each, part) =>
    each == part || (part.type == "radio" && each.name == part.name);
  addEventListener("focusin", ({target: part}) => {
    const around = [part, part.nextElementSibling, part.parentElement, part.closest("label"),
      part.closest(".card")];
    const isRinged = around.some(each => {
      if (!each) return false;
      const {outlineStyle, outlineWidth} = getComputedStyle(each);
      return outlineStyle != "none" && parseFloat(outlineWidth) >= 2;
    });
    const place = reachable.findIndex(each => same(each, part));
    focused.push([place, isRinged, part.outerHTML.slice(0, 160)]);
  });
}"""
"""Notes what gets the focus, and whether that is seen: which of `reachable` it is."""
MISSED = "seen => reachable.filter((_, n) => !seen.includes(n)).map(e => e.outerHTML.slice(0, 160))"


async def unreachable_by_keyboard(page: Page) -> list[str]:
    """Controls that Tab does not reach, and those on which the focus is not seen."""
    count = await page.evaluate(CONTROLS)
    await page.evaluate(NOTE)
    seen: dict[int, str] = {}
    for presses in (count, MORE):
        await asyncio.gather(*(page.keyboard.press("Tab") for _ in range(presses)))
        for place, is_ringed, shown in await page.evaluate("focused"):
            if place >= 0:
                seen.setdefault(place, "" if is_ringed else f"no ring: {shown}")
        if len(seen) == count:
            break
    return [*filter(None, seen.values()), *await page.evaluate(MISSED, sorted(seen))]
