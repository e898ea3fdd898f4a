"""Run by the Python that LibreOffice knows: links a sheet to an address, as its menu does.

Takes the address and a free port. Prints the linked cells as JSON, waits for a line, has the link
read again, prints them, and so on until nothing more comes in.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time

FILTER, OPTIONS = "Text - txt - csv (StarCalc)", "44,34,76,1,,1033,false,true"
"""Comma, quotation marks, UTF-8, from the first line, English (USA)."""


def main(address: str, port: str) -> None:
    """See above."""
    import uno  # no library of ours: it comes with the program

    with tempfile.TemporaryDirectory() as profile:
        where = f"socket,host=127.0.0.1,port={port};urp;"
        office = subprocess.Popen([
            "soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--norestore",
            f"--accept={where}",
        ])  # fmt: skip
        try:
            here = uno.getComponentContext()
            there = _reached(here, f"uno:{where}StarOffice.ComponentContext")
            _link(uno, there, address)
        finally:
            office.terminate()
            office.wait(30)


def _reached(here, name: str):
    make = here.ServiceManager.createInstanceWithContext
    resolver = make("com.sun.star.bridge.UnoUrlResolver", here)
    for _ in range(240):
        try:
            return resolver.resolve(name)
        except Exception:  # noqa: BLE001  # whatever it says, it is not there yet
            time.sleep(0.25)
    raise SystemExit("LibreOffice did not start")


def _link(uno, there, address: str) -> None:
    desktop = there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
    document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
    place = uno.createUnoStruct("com.sun.star.table.CellAddress")
    document.AreaLinks.insertAtPosition(place, address, "CSV_all", FILTER, OPTIONS)
    print(json.dumps(_cells(document)), flush=True)
    for _ in sys.stdin:
        document.AreaLinks.getByIndex(0).refresh()
        print(json.dumps(_cells(document)), flush=True)
    document.close(True)


def _cells(document) -> list[list[str | float]]:
    sheet = document.Sheets.getByIndex(0)
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(True)
    return [[*row] for row in cursor.getDataArray()]


if __name__ == "__main__":
    main(*sys.argv[1:])
