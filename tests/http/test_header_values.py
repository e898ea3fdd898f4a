"""What data may do to a response header: nothing but be its value."""

from __future__ import annotations

import re
from email.message import Message
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from hostile_texts import TRICKS
from litestar import Litestar

from harken_server.http.fast import Answer, FastRoute
from harken_server.http.gateway.layer import Gateway
from harken_server.http.header_values import (
    attachment,
    header_bytes,
    link_to,
    relative_location,
    safe_file_name,
)
from harken_server.http.settings import HttpSettings
from harken_server.kernel.settings import Settings

ONE_HEADER = re.compile(rb"[\x20-\x7e]+")


@pytest.mark.parametrize("trick", TRICKS)
def test_a_file_name_has_no_folder_no_quote_and_one_meaning(trick: str) -> None:
    value = attachment(f"{trick}-scores.csv")

    assert ONE_HEADER.fullmatch(header_bytes(value))
    header = Message()
    header["content-disposition"] = value.partition("; filename*=")[0]
    old = header.get_filename() or ""
    read = unquote(value.rpartition("filename*=UTF-8''")[2]) if "filename*" in value else old
    assert header.get_content_disposition() == "attachment"
    assert read == safe_file_name(f"{trick}-scores.csv")
    assert len(header.get_params(header="content-disposition") or []) == 2
    assert len(old) == len(read)
    assert read.endswith(".csv")
    assert not set(read) & set('/\\:"<>|%;*?')
    assert not read.startswith(".")
    assert len(read) <= 120


@pytest.mark.parametrize("trick", TRICKS)
def test_no_path_and_no_link_leaves_its_header(trick: str) -> None:
    link = link_to(f"https://shop.example/?q={trick}", "next")

    assert ONE_HEADER.fullmatch(header_bytes(link))
    assert link.count("<") == link.count(">") == 1
    assert re.fullmatch(r"\.\./[A-Za-z0-9%._~-]*", relative_location(trick, up=1))


APP = Litestar([], logging_config=None)


@pytest.mark.parametrize("is_bare", [True, False])
@pytest.mark.parametrize("trick", TRICKS)
async def test_a_header_that_nobody_encoded_is_mended_and_named_in_the_log(
    trick: str, is_bare: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def careless(*_: Any) -> Answer:
        return Answer(200, ((b"x-name", header_bytes(trick)),), b"fine")

    sent: list[Any] = []
    route = FastRoute("/careless", careless, is_bare=is_bare)
    runtime: Any = SimpleNamespace(settings=Settings([HttpSettings()]))
    scope: Any = {"type": "http", "method": "GET", "path": "/careless", "raw_path": b"/careless"}

    async def send(message: Any) -> None:
        sent.append(message)

    await Gateway(APP, runtime, [route])(scope, send, send)

    value = dict(sent[0]["headers"])[b"x-name"]
    assert sent[0]["status"] == 200
    assert sent[1]["body"] == b"fine"
    assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", value)
    is_unfit = re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", header_bytes(trick)) is not None
    assert ("x-name" in caplog.text) == is_unfit
