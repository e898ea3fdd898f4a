"""The command `harken qr`: one link, or a list of stores, put on paper without the network."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from harken.cli.terminal import DONE, FAILED, remark, say
from harken.printing import (
    FORMATS,
    PAPERS,
    Format,
    Output,
    Paper,
    Slip,
    read_places,
    render,
    write_stores,
)

_BY_SUFFIX: dict[str, Format] = {
    ".svg": "svg",
    ".png": "png",
    ".pdf": "pdf",
    ".zpl": "zpl",
    ".escpos": "escpos",
    ".bin": "escpos",
}
_TOLD_EVERY = 50
"""Places between two lines of progress."""
_MAX_FILE = 20_000_000


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("link", metavar="URL", nargs="?", help="or --stores")
    command.add_argument(
        "-o", "--output", metavar="FILE", required=True, help="the suffix says the format"
    )
    command.add_argument(
        "--format", action="append", choices=FORMATS, help="with --stores, may be repeated"
    )
    command.add_argument("--paper", choices=PAPERS, help="mm of a receipt, or what it is cut into")
    command.add_argument("--dots", type=int, metavar="N", help="printer dots a module, from 4")
    _add_words(command)
    _add_looks(command)
    stores = command.add_argument_group("many stores")
    stores.add_argument("--stores", metavar="CSV", help="store, touchpoint, url or code; to a .zip")
    stores.add_argument("--base", metavar="URL", help="what codes are put behind")
    stores.add_argument(
        "--skip-bad", action="store_true", help="list bad rows in errors.csv instead of refusing"
    )


def _add_words(command: ArgumentParser) -> None:
    words = command.add_argument_group("words")
    words.add_argument("--text", default="", help='the call to action: "Rate your visit - 20 s"')
    words.add_argument("--words", metavar="TEXT", help="the link as people type it")
    words.add_argument("--note", default="", metavar="TEXT", help="small print below")
    words.add_argument("--font", type=Path, metavar="TTF", help="letters for other scripts")


def _add_looks(command: ArgumentParser) -> None:
    looks = command.add_argument_group("looks")
    looks.add_argument("--level", choices=("L", "M", "Q", "H"), default="M", help="correction")
    looks.add_argument("--logo", type=Path, metavar="FILE", help=".png or .jpg for the middle")
    looks.add_argument("--ink", default="#000000", metavar="#RGB", help="the darker colour")
    looks.add_argument("--background", default="#ffffff", metavar="#RGB", help="the lighter one")
    looks.add_argument("--bleed", action="store_true", help="of a4: 3 mm on each side")
    looks.add_argument("--crop-marks", action="store_true", help="of a4, with a bleed")
    looks.add_argument("--copies", type=int, metavar="N", help="labels; else a whole sheet")
    looks.add_argument(
        "--first-label", type=int, default=1, metavar="N", help="on a sheet that was begun"
    )
    looks.add_argument("--cut", action="store_true", help="escpos: reset before, cut after")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    if bool(options.link) == bool(options.stores):
        raise ValueError("either a URL or --stores says what to print")
    if options.stores:
        return _many(options)
    if options.base or options.skip_bad:
        raise ValueError("--base and --skip-bad belong to --stores")
    target = Path(options.output)
    if len(options.format or ()) > 1:
        raise ValueError("one link is written in one format; --stores writes several")
    format = options.format[0] if options.format else _BY_SUFFIX.get(target.suffix.lower())
    if format is None:
        known = ", ".join(_BY_SUFFIX)
        raise ValueError(f"a QR is written as {known}, not as {target.name!r}; or say --format")
    is_bare = format in ("svg", "png") and not (options.text or options.paper or options.note)
    words = "" if is_bare and options.words is None else options.words
    target.write_bytes(render(_slip(options, options.link, words), _output(options, format)))
    return DONE


def _many(options: Namespace) -> int:
    target = Path(options.output)
    if target.suffix.lower() != ".zip":
        raise ValueError(f"the codes of many stores are written as .zip, not to {target.name!r}")
    formats: list[Format] = options.format or (
        ["pdf"] if options.paper and options.paper not in ("58", "80") else ["svg", "png"]
    )
    outputs = [_output(options, format) for format in formats]
    template = _slip(options, "https://example.com", options.words)
    source = Path(options.stores)
    if source.stat().st_size > _MAX_FILE:
        raise ValueError(f"{source.name} is larger than {_MAX_FILE // 1_000_000} MB")
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{source.name} is not UTF-8, at byte {error.start}") from error
    rows = read_places(text, template, options.base)
    bad = write_stores(rows, target, outputs, skip_bad=options.skip_bad, say=_tell)
    for row in bad:
        remark(f"line {row.line}: {row.reason}")
    drawn = f"{target}: {len(rows) - len(bad)} codes"
    say(f"{drawn}, {len(bad)} bad rows in errors.csv" if bad else drawn)
    return FAILED if bad else DONE


def _slip(options: Namespace, url: str, words: str | None) -> Slip:
    return Slip(
        url=url,
        text=options.text,
        words=words,
        note=options.note,
        level=options.level,
        ink=options.ink,
        background=options.background,
        logo=options.logo.read_bytes() if options.logo else None,
        font=options.font,
    )


def _output(options: Namespace, format: Format) -> Output:
    """With several formats, what only some of them know is given to those."""
    paper: Paper | None = options.paper
    is_one = len(options.format or (format,)) == 1
    is_sheet = paper not in (None, "58", "80")
    if not is_one and is_sheet and format != "pdf":
        paper = None
    return Output(
        format=format,
        paper=paper,
        dots=None if is_sheet and format == "pdf" and not is_one else options.dots,
        bleed=options.bleed and (is_one or format == "pdf"),
        crop_marks=options.crop_marks and (is_one or format == "pdf"),
        cut=options.cut and (is_one or format.startswith("escpos")),
        copies=options.copies if is_one or format == "pdf" else None,
        first_label=options.first_label if is_one or format == "pdf" else 1,
    )


def _tell(done: int, total: int) -> None:
    if total > _TOLD_EVERY and (done % _TOLD_EVERY == 0 or done == total):
        remark(f"{done} of {total} places drawn")
