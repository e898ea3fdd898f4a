"""Every sink encodes for itself: what leaves the house is written in one place each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from source_files import SOURCES, name_of

TEXTS = {path: path.read_text("utf-8") for path in SOURCES}
SERVER = "server/harken_server"
SDK = "sdk/python/src/harken"

WRITERS: dict[str, tuple[str, set[str]]] = {
    "a mail": (r"EmailMessage\(|MIME\w+\(|encoded-word|=\?utf-8", {
        f"{SERVER}/channels/email/rules/written_mail.py",
    }),
    "a name of a downloaded file": (r"attachment;|filename\*?=\\?\"", {
        f"{SERVER}/http/header_values.py",
    }),
    "a Link header": (r">; rel=", {f"{SERVER}/http/header_values.py"}),
    "XML": (r"from html import escape|xml\.sax|\]\]>", {
        f"{SERVER}/design/markup.py", f"{SDK}/printing/svg.py",
    }),
    "a cell of a workbook": (r"inlineStr\"", {f"{SERVER}/exports/xlsx/cells.py"}),
    "CSV": (r"csv\.writer\(|csv\.DictWriter\(", {
        f"{SERVER}/channels/email/api/mail.py", f"{SERVER}/insights/page/tables.py",
        f"{SERVER}/workspaces/console/audit.py", f"{SDK}/printing/stores.py",
        f"{SDK}/cli/files/imports.py",
    }),
    "a zip": (r"ZipInfo\(|\.writestr\(", {
        f"{SERVER}/channels/receipts/console/files.py",
        f"{SERVER}/upkeep/archive.py", f"{SDK}/printing/stores.py",
    }),
    "ZPL": (r"\^FD|\^XA", {f"{SDK}/printing/zpl.py"}),
    "a line of a log": (r"logging\.Formatter\)|StreamHandler\(", {f"{SERVER}/kernel/logs.py"}),
}  # fmt: skip
"""What gives a sink away in the source, and where it may stand."""
HEADER_ENCODERS = {"attachment", "link_to", "relative_location", "own_location", "link"}
DATA_HEADERS = {"content-disposition", "location", "link", "refresh", "server-timing"}


@pytest.mark.parametrize("sink", WRITERS)
def test_a_sink_is_written_in_one_place(sink: str) -> None:
    pattern, places = WRITERS[sink]

    writing = {name_of(path) for path, text in TEXTS.items() if re.search(pattern, text)}

    assert writing == places


def test_a_header_made_of_data_goes_through_its_encoder() -> None:
    """Its value is a call of an encoder, or a name that holds one."""
    careless = [
        f"{name_of(path)}: {name}"
        for path, text in TEXTS.items()
        if name_of(path).startswith(SERVER) and re.search("|".join(DATA_HEADERS), text)
        for name, value in _headers(ast.parse(text))
        if isinstance(value, ast.JoinedStr | ast.BinOp)
        or (isinstance(value, ast.Call) and _called(value) not in HEADER_ENCODERS)
    ]

    assert careless == []


def test_no_module_reads_encoded_words_of_what_it_writes() -> None:
    """`email.header`, `email.headerregistry` and `email.policy` decode what is put into them."""
    reading = {
        name_of(path)
        for path, text in TEXTS.items()
        for line in text.splitlines()
        if re.match(r"\s*(from|import) email\.(header|headerregistry|mime)\b", line)
    }

    assert reading == set()


def test_no_pattern_of_a_field_ends_before_a_line_break() -> None:
    """`$` alone matches before a last line break, and msgspec searches."""
    ended = re.compile(r"(?:pattern=|_PATTERN = |_SURVEYS = )r\"([^\"\n]*)\$\"")
    open_ended = {
        f"{name_of(path)}: {pattern}"
        for path, text in TEXTS.items()
        if "/channels/page/face/" not in name_of(path)
        for pattern in ended.findall(text)
        if not pattern.endswith(r"(?!\n)")
    }

    assert open_ended == set()


def _headers(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and str(key.value).lower() in DATA_HEADERS:
                    yield str(key.value), value


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ast.unparse(call.func)
