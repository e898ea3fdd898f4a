"""Make `overview.png`: the survey on a phone beside its results, from a demo started for it.

Run it with the Python of `.venv` after `bootstrap.py test`. The pages use the system's font; the
picture in the repository was made with Inter as that font.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Browser, ViewportSize, sync_playwright

TARGET = Path(__file__).with_name("overview.png")
PORT = "8330"
SIZE = (1600, 1040)
TOP, BOTTOM = (238, 240, 250), (222, 236, 230)
RESULTS = (1180, 1130)
PHONE = (390, 812)
DENSITY = 2
"""Screenshots and shapes are made this much larger, so that edges come out smooth."""
RESULTS_SCALE, PHONE_SCALE = 0.92, 0.9


def main() -> None:
    """Start a demo, take both screenshots, put the picture together."""
    with demo() as results_url, sync_playwright() as playwright:
        chromium = os.environ.get("HARKEN_TEST_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        survey_url = results_url.replace("/results/", "/s/").partition("?")[0]
        results, phone = shoot_results(browser, results_url), shoot_survey(browser, survey_url)
        browser.close()
    picture = background()
    place(picture, results, (438, 60), radius=18, shade=46)
    place(picture, framed(phone), (84, 150), radius=48, shade=90)
    picture = picture.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
    picture.quantize(256, Image.Quantize.MEDIANCUT, kmeans=3).save(TARGET, optimize=True)


@contextmanager
def demo() -> Iterator[str]:
    """A demo in a folder of its own; gives the link to its results."""
    environ = {**os.environ, "HARKEN_PORT": PORT}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "harken_server.cli", "demo"]
        server = subprocess.Popen(  # noqa: S603  (our own command)
            command, cwd=folder, env=environ, stdout=subprocess.PIPE, text=True
        )
        try:
            printed = iter(server.stdout or ())
            link = next(
                found[1] for line in printed if (found := re.search(r"Results +(\S+)", line))
            )
            wait_for(link)
            yield link
        finally:
            server.terminate()
            server.wait(30)


def wait_for(url: str) -> None:
    """Return when the page is there; gives up after ten seconds."""
    for _ in range(100):
        try:
            urllib.request.urlopen(url).close()  # noqa: S310  (our own demo)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{url} does not answer")


def shoot_results(browser: Browser, url: str) -> Image.Image:
    """The top of the results page."""
    return shot(browser, url, RESULTS, RESULTS_SCALE, [])


def shoot_survey(browser: Browser, url: str) -> Image.Image:
    """The survey, half answered."""
    return shot(browser, url, PHONE, PHONE_SCALE, ["9", "The delivery", "The service"])


def shot(
    browser: Browser, url: str, size: tuple[int, int], scale: float, chosen: list[str]
) -> Image.Image:
    """A screenshot of a page after clicking some labels."""
    viewport: ViewportSize = {"width": size[0], "height": size[1]}
    page = browser.new_page(viewport=viewport, device_scale_factor=DENSITY * scale)
    page.goto(url)
    for label in chosen:
        page.locator("label").filter(has_text=re.compile(f"^{label}$")).first.click()
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.mouse.move(0, 0)
    page.wait_for_timeout(400)  # colours fade
    return Image.open(io.BytesIO(page.screenshot())).convert("RGBA")


def background() -> Image.Image:
    """A soft slope from one light colour to another."""
    slope = Image.linear_gradient("L").resize((SIZE[0] * DENSITY, SIZE[1] * DENSITY))
    return Image.composite(
        Image.new("RGB", slope.size, BOTTOM), Image.new("RGB", slope.size, TOP), slope
    ).convert("RGBA")


def framed(screen: Image.Image) -> Image.Image:
    """The screen inside the dark edge of a phone."""
    edge = 11 * DENSITY
    phone = Image.new("RGBA", (screen.width + 2 * edge, screen.height + 2 * edge), "#12171a")
    phone.paste(screen, (edge, edge), rounded(screen.size, 38))
    return phone


def place(
    picture: Image.Image, what: Image.Image, at: tuple[int, int], *, radius: int, shade: int
) -> None:
    """Put something with round corners onto the picture, above its own shadow."""
    mask = rounded(what.size, radius)
    left, top = at[0] * DENSITY, at[1] * DENSITY
    shadow = Image.new("L", picture.size)
    shadow.paste(rounded(what.size, radius, shade), (left, top + 18 * DENSITY), mask)
    shadow = shadow.filter(ImageFilter.GaussianBlur(26 * DENSITY))
    picture.paste(Image.new("RGBA", picture.size, "#1b2440"), (0, 0), shadow)
    picture.paste(what, (left, top), mask)


def rounded(size: tuple[int, int], radius: int, strength: int = 255) -> Image.Image:
    """A mask with round corners."""
    mask = Image.new("L", size)
    box = (0, 0, size[0] - 1, size[1] - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius * DENSITY, strength)
    return mask


if __name__ == "__main__":
    main()
