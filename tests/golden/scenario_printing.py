"""What the SDK prints: receipts, codes and slips for printers; and the commands' help."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from unittest import mock

from golden_book import digest
from golden_stage import Stage

import harken.cli
import harken_server.cli
from harken.printing import ROLLS, Output, Slip, render, slip_png, slip_svg
from harken.receipts import Till

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CONFIGURATION = "hkr1.17.0.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8.HTTPS://FB.ACME.COM"
SLIP = Slip(
    url="https://feedback.acme-stores.com/r/K7Q2W8XM4RTZ5NDB1C0VYS9HGF",
    text="Rate your visit - 20 s",
    words="acme.com/s",
    note="store K7Q2-4 no 001734",
)
PLACE = Slip(url="https://fb.acme.com/R/K7Q2W8XM4", text="How was your coffee?")
ROLL_FORMS = ("svg", "png", "escpos", "escpos-raster", "escpos-columns", "zpl", "zpl-raster")
SERVER = ("", "serve", "demo", "migrate", "worker", "schema", "config", "config check", "mail",
          "mail test", "keys", "keys create")  # fmt: skip
CLIENT = ("push", "pull", "score", "export", "trigger", "explain", "links", "qr")
"""Not `harken --help` itself: argparse takes the `%` in the help of `score` for a format."""


async def play(stage: Stage) -> None:
    """Receipts of a till whose configuration is known, and each kind of slip."""
    till = Till.from_text(CONFIGURATION)
    for sequence, is_strong in ((0, False), (1, False), (1, True), (16_777_215, True)):
        minted = till.mint(sequence=sequence, at=AT, strong=is_strong)
        stage.say(f"Receipt {sequence}{' strong' if is_strong else ''}", repr(minted), minted.url)
    for name, slip in (("receipt", SLIP), ("place", PLACE)):
        stage.say(f"{name}: SVG", slip_svg(slip))
        stage.say(f"{name}: PNG", digest(slip_png(slip)))
        for form in ROLL_FORMS:
            for paper in ROLLS:
                printed = render(slip, Output(format=form, paper=paper))
                is_text = form in {"svg", "zpl"}
                told = printed.decode("utf-8") if is_text else digest(printed)
                stage.say(f"{name}: {form} on {paper}", told)
    for paper in ("58", "80", "a6", "a4"):
        printed = render(PLACE, Output(format="pdf", paper=paper))
        stage.say(f"place: pdf on {paper}", digest(printed))


async def play_commands(stage: Stage) -> None:
    """The help of each command, and what it says of a wrong one."""
    server, client = harken_server.cli.main, harken.cli.main
    for main, name, commands in (
        (server, "harken-server", SERVER), (client, "harken", CLIENT)
    ):  # fmt: skip
        for command in commands:
            _run(stage, main, name, *command.split(), "--help")
        _run(stage, main, name, "nothing")
    _run(stage, server, "harken-server", "schema", "--of", "journey")
    _run(stage, server, "harken-server", "config", "check")


def _run(stage: Stage, main: Callable[[list[str]], int], name: str, *arguments: str) -> None:
    """Run a command in this process, as if alone on a terminal of 80 columns."""
    out, err = io.StringIO(), io.StringIO()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HARKEN_")}
    environ = {**kept, "COLUMNS": "80", "NO_COLOR": "1"}
    with (
        mock.patch.dict(os.environ, environ, clear=True),
        mock.patch.object(sys, "argv", [name, *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            status: object = main(list(arguments))
        except SystemExit as stopped:
            status = stopped.code
    said = out.getvalue() if len(out.getvalue()) < 20_000 else digest(out.getvalue().encode())
    stage.say(f"$ {name} {' '.join(arguments)}", said, err.getvalue(), f"exit {status}")
