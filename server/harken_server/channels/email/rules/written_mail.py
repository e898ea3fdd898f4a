"""Writes a mail as the bytes that a mail server gets: the one place that makes headers of mail.

Each header is made from the literal text. The library's headers are not used: they read encoded
words (RFC 2047) in what they are given, and write the line breaks that stood hidden in them. Here a
text that holds `=?` is encoded once more, so that a mail program shows the characters themselves.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.quoprimime import body_encode
from email.utils import format_datetime

import msgspec

from harken_server.kernel.shown_text import without_hidden

_LINE_CHARS = 78
"""RFC 5322 section 2.1.1: lines should not be longer."""
_MAX_LINE_BYTES = 998
_WORD_BYTES = 39
"""Of text in one encoded word of 64 characters, which with a header's name keeps to the 76 that a
line with such a word may have (RFC 2047 section 2)."""
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_TOKEN = re.compile(r"[!-~]+(?: [!-~]+)*")
_ADDRESS = re.compile(r"[^\x00-\x20\x7f-\xa0<>\"(),:;\\\[\]@]+@[A-Za-z0-9.-]+")
_BREAKS = re.compile(r"\r\n|\r|\n")


class Header(msgspec.Struct, frozen=True):
    """One header, ready to be sent; made by one of the functions below and by nothing else."""

    name: str
    value: str
    """Folded; a continuation begins with a space."""


def text_header(name: str, text: str) -> Header:
    """A header of free text, such as Subject; what cannot be seen is left out.

    >>> text_header("Subject", "=?utf-8?q?=0D=0ABcc:_x?=").value
    '=?utf-8?b?PT91dGYtOD9xPz0wRD0wQUJjYzpfeD89?='
    """
    line = _one_line(text)
    words = line.split(" ") if _is_literal(line) else _encoded_words(line)
    return Header(name, _folded(name, words))


def address_header(name: str, address: str, shown: str = "") -> Header:
    """An address, with the name shown for it. ValueError when the address is none.

    >>> address_header("From", "ada@shop.example", 'The "Shop", Oslo').value
    '"The \\\\"Shop\\\\", Oslo" <ada@shop.example>'
    """
    if not _ADDRESS.fullmatch(address) or "=?" in address:
        raise ValueError(f"{name} needs a plain address")
    line = _one_line(shown)
    if not line:
        return Header(name, address)
    return Header(name, _folded(name, [*_name_words(line), f"<{address}>"]))


def token_header(name: str, value: str) -> Header:
    """A header that is made by us alone, in printable ASCII, and is never folded."""
    if not _TOKEN.fullmatch(value):
        raise ValueError(f"{name} holds what no header may hold")
    return Header(name, value)


def date_header(moment: datetime) -> Header:
    """When the mail was written."""
    return token_header("Date", format_datetime(moment))


def write_mail(
    headers: Iterable[Header], text: str, *, html: str, locale: str, boundary: str
) -> bytes:
    """A mail with both forms of its message; `boundary` must not occur in them.

    A boundary that begins with `=_` cannot: quoted-printable writes `=3D_`.
    """
    kind = Header("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"')
    language = token_header("Content-Language", locale)
    body = (
        f"--{boundary}\r\n{_part('plain', text)}\r\n"
        f"--{boundary}\r\n{_part('html', html)}\r\n"
        f"--{boundary}--\r\n"
    )
    return _whole([*headers, token_header("MIME-Version", "1.0"), kind, language], body)


def write_text_mail(headers: Iterable[Header], text: str) -> bytes:
    """A mail that is plain text alone."""
    kind = token_header("Content-Type", 'text/plain; charset="utf-8"')
    coding = token_header("Content-Transfer-Encoding", "quoted-printable")
    version = token_header("MIME-Version", "1.0")
    return _whole([*headers, version, kind, coding], _quoted_printable(text))


def _whole(headers: list[Header], body: str) -> bytes:
    head = "".join(f"{header.name}: {header.value}\r\n" for header in headers).encode()
    _check_head(head, [header.name for header in headers])
    return head + b"\r\n" + body.encode("ascii")


def _check_head(head: bytes, meant: list[str]) -> None:
    """ValueError unless the bytes hold the headers that were meant, and none besides."""
    lines = head.removesuffix(b"\r\n").split(b"\r\n")
    found = [line.partition(b":")[0].decode() for line in lines if not line.startswith(b" ")]
    is_sound = all(
        line.strip() and len(line) <= _MAX_LINE_BYTES and not re.search(rb"[\x00-\x1f\x7f]", line)
        for line in lines
    )
    if found != meant or not is_sound:
        raise ValueError("the headers are not those that were meant")


def _one_line(text: str) -> str:
    return " ".join(without_hidden(" ".join(text.split())).split())


def _is_literal(line: str) -> bool:
    """Whether it can stand as it is; what looks like an encoded word cannot."""
    return line.isascii() and "=?" not in line and all(len(word) < 60 for word in line.split(" "))


def _name_words(line: str) -> list[str]:
    if not _is_literal(line):
        return list(_encoded_words(line))
    if _PLAIN_NAME.fullmatch(line):
        return line.split(" ")
    return ['"' + re.sub(r'(["\\])', r"\\\1", line) + '"']


def _encoded_words(line: str) -> Iterator[str]:
    """Encoded words, cut between characters: each is read by itself (RFC 2047 section 5)."""
    taken = b""
    for letter in line:
        encoded = letter.encode()
        if len(taken) + len(encoded) > _WORD_BYTES:
            yield _encoded_word(taken)
            taken = b""
        taken += encoded
    yield _encoded_word(taken)


def _encoded_word(raw: bytes) -> str:
    return f"=?utf-8?b?{b64encode(raw).decode()}?="


def _folded(name: str, words: Iterable[str]) -> str:
    """The words on lines, parted by single spaces."""
    lines, width = [""], len(name) + 1
    for word in words:
        if lines[-1] and width + 1 + len(word) > _LINE_CHARS:
            lines.append("")
            width = 0
        lines[-1] += f" {word}"
        width += 1 + len(word)
    return "\r\n".join(lines)[1:]


def _part(kind: str, text: str) -> str:
    version = "MIME-Version: 1.0\r\n" if kind == "html" else ""
    return (
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: quoted-printable\r\n{version}\r\n{_quoted_printable(text)}"
    )


def _quoted_printable(text: str) -> str:
    """The text in ASCII lines (RFC 2045 section 6.7); a control character becomes its code."""
    lines = _BREAKS.split(text.encode("utf-8", "replace").decode("latin-1"))
    if not lines[-1]:
        lines.pop()
    body = body_encode("\n".join(lines) + "\n", _LINE_CHARS)
    return body.replace("\n", "\r\n")
