"""Paper larger than a receipt: the table tent, the poster and sheets of labels, and the receipt."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from harken.printing.logo import draw_symbol
from harken.printing.pdf import Box, Pdf
from harken.printing.rolls import Roll, fit_symbol
from harken.printing.slip import Slip
from harken.printing.symbol import DOTS_PER_MM

BLEED_MM = 3.0
"""Beyond the cut on every side, so that colour reaches the edge of a poster."""
MARK_MM = 5.0
"""Length of crop marks; they end where the bleed does."""
MAX_LABELS = 10_000

_A5, _A4, _LETTER = (148.0, 210.0), (210.0, 297.0), (215.9, 279.4)


class Grid(msgspec.Struct, frozen=True):
    """A sheet of labels, in millimetres; `pitch` is from one label's edge to the next one's."""

    page: tuple[float, float]
    columns: int
    rows: int
    label: tuple[float, float]
    corner: tuple[float, float]
    """Left and top edge of the first label."""
    pitch: tuple[float, float]

    def place(self, at: int) -> Box:
        """The label with this number, counted from 0 in rows."""
        row, column = divmod(at, self.columns)
        x = self.corner[0] + column * self.pitch[0]
        return Box(x, self.corner[1] + row * self.pitch[1], *self.label)

    @property
    def count(self) -> int:
        """Labels on a sheet."""
        return self.columns * self.rows


GRIDS = {
    "l7160": Grid(_A4, 3, 7, (63.5, 38.1), (7.25, 15.15), (66.0, 38.1)),
    "l7163": Grid(_A4, 2, 7, (99.1, 38.1), (4.65, 15.15), (101.6, 38.1)),
    "5160": Grid(_LETTER, 3, 10, (66.675, 25.4), (4.7625, 12.7), (69.85, 25.4)),
}
"""By the maker's number: Avery L7160 and L7163 (A4), 5160 (US Letter)."""


def receipt_pdf(slip: Slip, roll: Roll, dots: int | None = None) -> bytes:
    """A strip of receipt paper, as long as it needs, with modules of whole printer dots."""
    made, dots = fit_symbol(slip, roll, dots)
    pdf = Pdf(slip.text or slip.readable)
    inner = roll.printable_mm - 2
    left = (roll.width_mm - inner) / 2
    text = pdf.block(
        slip, slip.text, width=inner, largest=inner / 11, smallest=inner / 15, lines=1, bold=True
    )
    words = pdf.block(
        slip, slip.readable, width=inner, largest=inner / 18, smallest=inner / 24, lines=1
    )
    note = pdf.block(slip, slip.note, width=inner, largest=inner / 22, smallest=2.0, lines=2)
    module = dots / DOTS_PER_MM
    side = made.symbol.side * module
    top = 3.0
    height = top + text.height + side + words.height + note.height + 5
    pdf.open_page(roll.width_mm, height)
    pdf.fill(Box(0, 0, roll.width_mm, height), slip.background)
    below = pdf.write(slip, text, Box(left, top, inner, height), slip.ink)
    pdf.symbol(made, (roll.width_mm - side) / 2, below, module, slip)
    below = pdf.write(slip, words, Box(left, below + side, inner, height), slip.ink)
    pdf.write(slip, note, Box(left, below + 1, inner, height), slip.ink)
    pdf.close_page()
    return pdf.finish()


def tent_pdf(slip: Slip) -> bytes:
    """A table tent: two sides of A6 on a sheet of A5, to be folded along the dashed line."""
    pdf = Pdf(slip.text or slip.readable)
    width, height = _A5
    pdf.open_page(width, height)
    pdf.fill(Box(0, 0, width, height), slip.background)
    front = Box(0, height / 2, width, height / 2)
    _tent_side(pdf, slip, front)
    pdf.upside_down(Box(0, 0, width, height), lambda: _tent_side(pdf, slip, front))
    for start, end in ((0.0, 8.0), (width - 8, width)):
        pdf.line((start, height / 2), (end, height / 2), dashed=True)
    pdf.close_page()
    return pdf.finish()


def poster_pdf(slip: Slip, *, bleed: bool = False, crop_marks: bool = False) -> bytes:
    """A poster of A4; with `bleed` 3 mm larger on each side, with crop marks 8 mm larger."""
    pdf = Pdf(slip.text or slip.readable)
    edge = (BLEED_MM if bleed or crop_marks else 0.0) + (MARK_MM if crop_marks else 0.0)
    trim = Box(edge, edge, *_A4)
    width, height = trim.width + 2 * edge, trim.height + 2 * edge
    pdf.open_page(width, height, trim)
    spill = BLEED_MM if edge else 0.0
    pdf.fill(trim.inset(-spill), slip.background)
    for y in (trim.y - spill, trim.y + trim.height - 9):
        pdf.fill(Box(trim.x - spill, y, trim.width + 2 * spill, 9 + spill), slip.ink)
    _stand(pdf, slip, trim.inset(22), largest=26.0)
    if crop_marks:
        _mark_corners(pdf, trim)
    pdf.close_page()
    return pdf.finish()


def labels_pdf(slips: Sequence[Slip], grid: Grid, *, start: int = 1) -> bytes:
    """One label for each slip, on as many sheets as it takes, from label `start` of the first."""
    if not 1 <= start <= grid.count:
        raise ValueError(f"the sheet has labels 1 to {grid.count}; it has no label {start}")
    if not 1 <= len(slips) <= MAX_LABELS:
        raise ValueError(f"from 1 to {MAX_LABELS} labels are printed at a time, not {len(slips)}")
    pdf = Pdf("Labels")
    pages = [*[None] * (start - 1), *slips]
    for first in range(0, len(pages), grid.count):
        pdf.open_page(*grid.page)
        for at, slip in enumerate(pages[first : first + grid.count]):
            if slip is not None:
                _label(pdf, slip, grid.place(at))
        pdf.close_page()
    return pdf.finish()


def _tent_side(pdf: Pdf, slip: Slip, box: Box) -> None:
    """The symbol on the left, the words on the right; a bar along the foot."""
    pdf.fill(Box(box.x, box.y + box.height - 5, box.width, 5), slip.ink)
    _beside(pdf, slip, Box(box.x + 8, box.y + 9, box.width - 18, box.height - 21), 9.0, 0.53)


def _label(pdf: Pdf, slip: Slip, box: Box) -> None:
    pdf.fill(box.inset(0.5), slip.background)
    _beside(pdf, slip, box.inset(1.5), 4.4, 0.55)


def _beside(pdf: Pdf, slip: Slip, box: Box, largest: float, share: float) -> None:
    """Symbol left, at most `share` of the width; words right, centred in the height."""
    made = draw_symbol(slip)
    module = min(box.height, box.width * share) / made.symbol.side
    side = made.symbol.side * module
    pdf.symbol(made, box.x, box.y + (box.height - side) / 2, module, slip)
    gap = max(0.5, side * 0.02)
    width = box.width - side - gap
    least = min(2.0, largest / 2)
    text = pdf.block(
        slip, slip.text, width=width, largest=largest, smallest=least, lines=3, bold=True
    )
    words = pdf.block(
        slip, slip.readable, width=width, largest=largest / 2, smallest=least * 0.8, lines=1
    )
    note = pdf.block(
        slip, slip.note, width=width, largest=largest / 2.4, smallest=least * 0.8, lines=2
    )
    space = largest * 0.45
    blocks = [each for each in (text, words, note) if each.lines]
    tall = sum(each.height for each in blocks) + space * max(0, len(blocks) - 1)
    if tall > box.height:
        raise ValueError(
            f"the words are {tall:.0f} mm high and there are {box.height:.0f} mm: shorten them"
        )
    y = box.y + (box.height - tall) / 2
    for each in blocks:
        end = pdf.write(
            slip, each, Box(box.x + side + gap, y, width, tall), slip.ink, centred=False
        )
        y = end + space


def _stand(pdf: Pdf, slip: Slip, box: Box, *, largest: float) -> None:
    """Words above, the symbol as large as fits, the link and the note below."""
    made = draw_symbol(slip)
    text = pdf.block(
        slip, slip.text, width=box.width, largest=largest, smallest=10, lines=2, bold=True
    )
    words = pdf.block(slip, slip.readable, width=box.width, largest=10, smallest=6, lines=1)
    note = pdf.block(slip, slip.note, width=box.width, largest=6.5, smallest=4, lines=2)
    room = box.height - text.height - words.height - note.height - 12
    side = min(room, box.width * 0.95)
    pdf.symbol(
        made,
        box.x + (box.width - side) / 2,
        box.y + text.height + 2 + (room - side) / 2,
        side / made.symbol.side,
        slip,
    )
    pdf.write(slip, text, box, slip.ink)
    foot = box.y + box.height - words.height - note.height - 4
    end = pdf.write(slip, words, Box(box.x, foot, box.width, words.height), slip.ink)
    pdf.write(slip, note, Box(box.x, end + 4, box.width, note.height), slip.ink)


def _mark_corners(pdf: Pdf, trim: Box) -> None:
    for x, out_x in ((trim.x, -1), (trim.x + trim.width, 1)):
        for y, out_y in ((trim.y, -1), (trim.y + trim.height, 1)):
            near, far = BLEED_MM, BLEED_MM + MARK_MM
            pdf.line((x + out_x * near, y), (x + out_x * far, y), dashed=False)
            pdf.line((x, y + out_y * near), (x, y + out_y * far), dashed=False)
