"""One slip in any format: what a format is called, the papers it knows, and its file's suffix."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from harken.printing.escpos import escpos_columns, escpos_native, escpos_raster
from harken.printing.png import slip_png
from harken.printing.rolls import ROLLS, Roll
from harken.printing.sheets import GRIDS, labels_pdf, poster_pdf, receipt_pdf, tent_pdf
from harken.printing.slip import Slip
from harken.printing.svg import slip_svg
from harken.printing.zpl import zpl_native, zpl_raster

Format = Literal[
    "svg", "png", "pdf", "escpos", "escpos-raster", "escpos-columns", "zpl", "zpl-raster"
]
Paper = Literal["58", "80", "a6", "a4", "labels-l7160", "labels-l7163", "labels-5160"]
FORMATS: tuple[Format, ...] = get_args(Format)
PAPERS: tuple[Paper, ...] = get_args(Paper)
SUFFIXES: dict[Format, str] = {
    "svg": ".svg",
    "png": ".png",
    "pdf": ".pdf",
    "escpos": ".escpos",
    "escpos-raster": ".escpos",
    "escpos-columns": ".escpos",
    "zpl": ".zpl",
    "zpl-raster": ".zpl",
}


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """How a slip is put into a file. ValueError when the parts do not go together."""

    format: Format
    paper: Paper | None = None
    """A receipt's width in mm (58, 80), or for PDF a6 (table tent), a4 (poster), labels-…

    None is the symbol's own width for SVG and PNG, and 58 for everything else.
    """
    dots: int | None = None
    """Printer dots a module, from 4; None for the paper's usual 5 (58 mm) or 6 (80 mm)."""
    bleed: bool = False
    """Of the poster."""
    crop_marks: bool = False
    """Of the poster; with them it has a bleed."""
    cut: bool = False
    """ESC/POS: reset the printer first, feed and cut at the end."""
    copies: int | None = None
    """Labels of a sheet; None fills one sheet."""
    first_label: int = 1
    """Where on a sheet that was begun the first label goes."""

    def __post_init__(self) -> None:
        is_poster = (self.format, self.paper) == ("pdf", "a4")
        is_labels = self.grid_name is not None
        is_roll = self.paper in (None, *ROLLS)
        refusals = (
            (not is_roll and self.format != "pdf", f"{self.paper} is for pdf, not {self.format}"),
            (not is_roll and self.dots is not None, f"{self.paper} makes modules as large as fit"),
            ((self.bleed or self.crop_marks) and not is_poster, "bleed and crop marks are for a4"),
            (self.cut and not self.format.startswith("escpos"), "only escpos cuts paper"),
            (
                (self.copies is not None or self.first_label != 1) and not is_labels,
                "copies and the first label are for label sheets",
            ),
            (self.copies is not None and self.copies < 1, "at least one copy is printed"),
        )
        for is_refused, reason in refusals:
            if is_refused:
                raise ValueError(reason)

    @property
    def grid_name(self) -> str | None:
        """The label sheet's name in `GRIDS`; None for other papers."""
        name = (self.paper or "").removeprefix("labels-")
        return name if name in GRIDS else None


def render(slip: Slip, output: Output) -> bytes:
    """The slip as the bytes of a file. The same slip gives the same bytes."""
    roll = ROLLS.get(output.paper or "")
    match output.format:
        case "svg":
            return slip_svg(slip, roll, output.dots).encode("utf-8")
        case "png":
            return slip_png(slip, roll, output.dots)
        case "pdf":
            return _pdf(slip, output)
        case "zpl" | "zpl-raster":
            label = zpl_native if output.format == "zpl" else zpl_raster
            return label(slip, roll or ROLLS["58"], output.dots)
        case "escpos" | "escpos-raster" | "escpos-columns":
            return _escpos(slip, roll or ROLLS["58"], output)


def _escpos(slip: Slip, roll: Roll, output: Output) -> bytes:
    if output.format == "escpos":
        return escpos_native(slip, roll, output.dots, cut=output.cut)
    if output.format == "escpos-raster":
        return escpos_raster(slip, roll, output.dots, cut=output.cut)
    return escpos_columns(slip, roll, output.dots, cut=output.cut)


def _pdf(slip: Slip, output: Output) -> bytes:
    if output.grid_name:
        grid = GRIDS[output.grid_name]
        copies = output.copies or grid.count - output.first_label + 1
        return labels_pdf([slip] * copies, grid, start=output.first_label)
    if output.paper == "a4":
        return poster_pdf(slip, bleed=output.bleed, crop_marks=output.crop_marks)
    if output.paper == "a6":
        return tent_pdf(slip)
    return receipt_pdf(slip, ROLLS[output.paper or "58"], output.dots)
