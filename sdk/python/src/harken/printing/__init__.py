"""Puts a link on paper: receipts, labels, table tents and posters, with the words beside it.

A `Slip` says what is printed, an `Output` how, and `render` gives the bytes; `read_places` and
`write_stores` do it for a whole list of stores. Everything runs on this machine without the
network. The extras: `harken[qr]` draws symbols, `harken[print]` adds PDF and words in pictures,
`harken[logo]` adds logos.
"""

from harken.printing.escpos import escpos_columns, escpos_native, escpos_raster
from harken.printing.outputs import FORMATS, PAPERS, SUFFIXES, Format, Output, Paper, render
from harken.printing.png import slip_png
from harken.printing.rolls import ROLLS, Roll
from harken.printing.sheets import GRIDS, Grid, labels_pdf, poster_pdf, receipt_pdf, tent_pdf
from harken.printing.slip import Slip, spoken_url
from harken.printing.storelist import BadRow, Place, read_places
from harken.printing.stores import BadRowsError, write_stores
from harken.printing.svg import slip_svg
from harken.printing.symbol import Level, Symbol, dense_url, make_symbol, width_mm
from harken.printing.zpl import zpl_native, zpl_raster

__all__ = [
    "FORMATS",
    "GRIDS",
    "PAPERS",
    "ROLLS",
    "SUFFIXES",
    "BadRow",
    "BadRowsError",
    "Format",
    "Grid",
    "Level",
    "Output",
    "Paper",
    "Place",
    "Roll",
    "Slip",
    "Symbol",
    "dense_url",
    "escpos_columns",
    "escpos_native",
    "escpos_raster",
    "labels_pdf",
    "make_symbol",
    "poster_pdf",
    "read_places",
    "receipt_pdf",
    "render",
    "slip_png",
    "slip_svg",
    "spoken_url",
    "tent_pdf",
    "width_mm",
    "write_stores",
    "zpl_native",
    "zpl_raster",
]
