"""QR images per second beside the qrcode library's own, and bytes beside Pillow's and segno's.

Every round draws each kind once for the same fresh links, so that slow moments of the machine hit
all alike and no cache helps; the best of the rounds counts.
"""

from __future__ import annotations

import io
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import qrcode
import segno
from qrcode.image.svg import SvgPathImage

from harken_server.invitations.codes import RANDOM_BYTES, make_code
from harken_server.qr.pictures import make_symbol, qr_png, qr_svg

SCALE = 8
ROUNDS, LINKS = 15, 20
QUICK_ROUNDS, QUICK_LINKS = 7, 8


def run(quick: bool) -> dict[str, Any]:
    """Measure SVG and PNG of fresh invitation links; `value` is SVG images per second."""
    rounds, count = (QUICK_ROUNDS, QUICK_LINKS) if quick else (ROUNDS, LINKS)
    chance = random.Random(18004)
    best = dict.fromkeys(WRITERS, 0.0)
    sizes: dict[str, list[int]] = {name: [] for name in WRITERS}
    for write in WRITERS.values():
        write(fresh_link(chance))
    for _ in range(rounds):
        links = [fresh_link(chance) for _ in range(count)]
        for name, write in WRITERS.items():
            make_symbol.cache_clear()
            rate, written = timed(write, links)
            best[name] = max(best[name], rate)
            sizes[name] += written
    return {
        "name": "qr",
        "unit": "SVG images/s",
        "value": round(best["svg"], 1),
        "baseline_name": "qrcode SvgPathImage",
        "baseline": round(best["qrcode_svg_path"], 1),
        "ratio": round(best["svg"] / best["qrcode_svg_path"], 2),
        "details": describe(best, sizes, rounds, count),
    }


def describe(
    best: dict[str, float], sizes: dict[str, list[int]], rounds: int, count: int
) -> dict[str, Any]:
    own_svg, own_png = max(sizes["svg"]), statistics.mean(sizes["png"])
    return {
        "link_characters": len(fresh_link(random.Random(0))),
        "rounds": rounds,
        "links_per_round": count,
        "images_per_second": {name: round(rate, 1) for name, rate in best.items()},
        "mean_bytes": {name: round(statistics.mean(written)) for name, written in sizes.items()},
        "largest_svg_bytes": own_svg,
        "png_ratio_to_qrcode_pil": round(best["png"] / best["qrcode_pil_png"], 2),
        "svg_ratio_to_segno": round(best["svg"] / best["segno_svg"], 2),
        "png_ratio_to_segno": round(best["png"] / best["segno_png"], 2),
        "targets_met": {
            "svg_as_fast_as_qrcode": best["svg"] >= best["qrcode_svg_path"],
            "png_as_fast_as_qrcode": best["png"] >= best["qrcode_pil_png"],
            "png_smaller_than_pillow": own_png < statistics.mean(sizes["qrcode_pil_png"]),
            "png_smaller_than_segno": own_png < statistics.mean(sizes["segno_png"]),
            "svg_within_2_kb": own_svg <= 2000,
        },
    }


def timed(write: Callable[[str], bytes], links: list[str]) -> tuple[float, list[int]]:
    """Images per second over these links, and the bytes of each."""
    start = time.perf_counter()
    images = [write(link) for link in links]
    elapsed = time.perf_counter() - start
    return len(links) / elapsed, [len(image) for image in images]


def fresh_link(chance: random.Random) -> str:
    return "HTTPS://FEEDBACK.ACME-STORES.COM/I/" + make_code(chance.randbytes(RANDOM_BYTES))


def write_svg(link: str) -> bytes:
    return qr_svg(link, scale=SCALE)


def write_png(link: str) -> bytes:
    return qr_png(link, scale=SCALE)


def write_qrcode_svg_path(link: str) -> bytes:
    buffer = io.BytesIO()
    library_code(link).make_image(image_factory=SvgPathImage).save(buffer)
    return buffer.getvalue()


def write_qrcode_pil_png(link: str) -> bytes:
    buffer = io.BytesIO()
    library_code(link).make_image().save(buffer, "PNG")
    return buffer.getvalue()


def write_segno_svg(link: str) -> bytes:
    return saved_by_segno(link, "svg")


def write_segno_png(link: str) -> bytes:
    return saved_by_segno(link, "png")


def library_code(link: str) -> qrcode.QRCode[Any]:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, box_size=SCALE, border=4)
    code.add_data(link)
    return code


def saved_by_segno(link: str, kind: str) -> bytes:
    buffer = io.BytesIO()
    segno.make(link, error="m", micro=False).save(buffer, kind=kind, scale=SCALE, border=4)
    return buffer.getvalue()


WRITERS: dict[str, Callable[[str], bytes]] = {
    "svg": write_svg,
    "qrcode_svg_path": write_qrcode_svg_path,
    "segno_svg": write_segno_svg,
    "png": write_png,
    "qrcode_pil_png": write_qrcode_pil_png,
    "segno_png": write_segno_png,
}
