"""What is put on paper: a link's symbol, the words beside it, its colours and its logo."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from harken._shown_text import link_fault, visible
from harken.printing.symbol import Level

MAX_TEXT = 200
"""Characters of a call to action, of the link in words, and of a note."""
MIN_CONTRAST = 4.5
"""Luminance contrast between dark and light modules, as WCAG 2.2 computes it."""

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """One code with everything printed around it. ValueError when a part cannot be printed."""

    url: str
    """What the symbol leads to: a web address in printable ASCII; percent-encode anything else."""
    text: str = ""
    """The call to action above the symbol, such as "Rate your visit - 20 s"; "" for none."""
    words: str | None = None
    """The link as people type it; None derives it from the link, "" leaves it out."""
    note: str = ""
    """Small print below, such as "store K7Q2-4  receipt 001734"; "" for none."""
    level: Level = "M"
    """Least error correction. A logo makes it H."""
    ink: str = "#000000"
    """Of the dark modules and the words, as #rgb or #rrggbb (SVG, PNG, PDF)."""
    background: str = "#ffffff"
    """Of the light modules and the paper; must be the lighter one."""
    logo: bytes | None = None
    """A PNG or JPEG for the middle of the symbol; needs the extra `harken[logo]`."""
    font: Path | None = None
    """A TrueType file for words that the built-in letters lack."""

    def __post_init__(self) -> None:
        if not self.url:
            raise ValueError("a QR needs a link")
        if strange := sorted(set(re.findall(r"[^!-~]", self.url))):
            raise ValueError(
                f"a printed link is printable ASCII; percent-encode {' '.join(map(repr, strange))}"
            )
        if fault := link_fault(self.url):
            raise ValueError(f"nobody should be led to {self.url!r}: the link {fault}")
        for name in ("text", "words", "note"):
            _check_text(name, getattr(self, name) or "")
        check_colours(self.ink, self.background)

    @property
    def readable(self) -> str:
        """The link in words: given, or derived by `spoken_url`."""
        return spoken_url(self.url) if self.words is None else self.words

    @property
    def has_words(self) -> bool:
        """Whether anything is printed beside the symbol."""
        return bool(self.text or self.readable or self.note)

    @property
    def is_black_on_white(self) -> bool:
        """Whether a printer without colours can do it."""
        return (rgb(self.ink), rgb(self.background)) == ((0, 0, 0), (255, 255, 255))


def spoken_url(url: str) -> str:
    """The link as one would write it on a wall: no scheme, host in small letters.

    >>> spoken_url("HTTPS://FB.ACME.COM/R/K7Q2W8XM4")
    'fb.acme.com/r/K7Q2W8XM4'
    """
    parts = urlsplit(url)
    if parts.scheme.lower() not in ("http", "https"):
        return url
    path = re.sub("^/(I|R)/", lambda found: found[0].lower(), parts.path)
    tail = url.partition(parts.netloc + parts.path)[2]
    return (parts.netloc.lower() + path + tail).rstrip("/")


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255; ValueError unless written #rgb or #rrggbb."""
    if not _COLOUR.fullmatch(colour):
        raise ValueError(f"a colour is written #rgb or #rrggbb, not {colour!r}")
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white): WCAG 2.2."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in rgb(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def check_colours(ink: str, background: str) -> None:
    """ValueError unless `ink` is darker than `background` by a contrast of at least 4.5."""
    dark, light = luminance(ink), luminance(background)
    if dark > light:
        raise ValueError(
            f"a QR is dark on light: {ink} is lighter than {background}, and many readers "
            "cannot read inverted symbols"
        )
    contrast = (light + 0.05) / (dark + 0.05)
    if contrast < MIN_CONTRAST:
        raise ValueError(
            f"the contrast of {ink} on {background} is {contrast:.2f}; "
            f"a QR needs at least {MIN_CONTRAST}"
        )


def _check_text(name: str, text: str) -> None:
    if len(text) > MAX_TEXT:
        raise ValueError(f"{name} is {len(text)} characters long; at most {MAX_TEXT} are printed")
    if found := _CONTROL.search(text):
        raise ValueError(f"{name} contains the control character {found[0]!r}")
    if visible(text) != text:
        raise ValueError(f"{name} holds a character that cannot be seen: {visible(text)!r}")
