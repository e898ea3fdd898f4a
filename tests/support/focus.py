"""What the keyboard reaches on a page, and whether the focus is seen there."""

from __future__ import annotations

from playwright.async_api import Page

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
NOW = """() => {
  const part = document.activeElement;
  const around = [part, part.nextElementSibling, part.parentElement, part.closest("label"),
    part.closest(".card")];
  const isRinged = around.some(each => {
    if (!each) return false;
    const {outlineStyle, outlineWidth} = getComputedStyle(each);
    return outlineStyle != "none" && parseFloat(outlineWidth) >= 2;
  });
  const same = each => each == part || (part.type == "radio" && each.name == part.name);
  return [reachable.findIndex(same), isRinged, part.outerHTML.slice(0, 160)];
}"""
MISSED = "seen => reachable.filter((_, n) => !seen.includes(n)).map(e => e.outerHTML.slice(0, 160))"


async def unreachable_by_keyboard(page: Page) -> list[str]:
    """Controls that Tab does not reach, and those on which the focus is not seen."""
    count, seen, dark = await page.evaluate(CONTROLS), set[int](), list[str]()
    last = -1
    for _ in range(count + 16):
        await page.keyboard.press("Tab")
        place, is_ringed, shown = await page.evaluate(NOW)
        if place == last:  # a date has a stop for each of its parts
            continue
        if place in seen:
            break
        last = place
        if place >= 0:
            seen.add(place)
            dark += [] if is_ringed else [f"no ring: {shown}"]
    return [*dark, *await page.evaluate(MISSED, sorted(seen))]
