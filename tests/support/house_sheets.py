"""The house's style sheets, as tests read them."""

from __future__ import annotations

import re
from functools import cache

from harken_server.design.assets import FOLDER

STYLES = FOLDER / "styles"
SCHEMES = ("light", "dark")
_DARK = "@media screen and (prefers-color-scheme: dark)"


@cache
def tokens_of(scheme: str, *, own: bool = False) -> dict[str, str]:
    """The tokens' values by their names; with `own` only those that the scheme says itself."""
    text = (STYLES / "tokens.css").read_text("utf-8")
    light, _, rest = text.partition(_DARK)
    dark = rest.partition("@media")[0]
    values = _read(light) if scheme == "light" or not own else {}
    return values if scheme == "light" else {**values, **_read(dark)}


def _read(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", text))
