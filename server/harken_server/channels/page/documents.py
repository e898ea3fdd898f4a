"""A finished page as bytes: its content policy, and its compressed form with a slot for one id."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from harken_server.channels.page.forms import FORM_ID_CHARS, SENT_TO
from harken_server.design.markup import xml_text
from harken_server.http.encodings import BROTLI, Coding, encoded
from harken_server.http.pages import Document, source_of

ID_SLOT = b"\0" * FORM_ID_CHARS
"""Stands for the form's id in a kept page; no survey text can hold it."""
_GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
_LEVEL = 9
_BROTLI_QUALITY = 9
_AFTER_SLOT = 2
"""Bytes after the id that go into its uncompressed block."""
_UNLIKE_ANYTHING = hashlib.shake_256(b"harken").digest(FORM_ID_CHARS)


class PackedDocument(msgspec.Struct, frozen=True):
    """A page kept ready to send, plain and compressed, with a place left for the form's id.

    The compressed form is put together from two finished pieces around an uncompressed block with
    the id, so that serving it costs a checksum and a copy instead of a compression.
    """

    policy: str
    locale: str
    status: int
    head: bytes
    head_crc: int
    tail: bytes
    packed_head: bytes
    packed_tail: bytes
    brotli_head: bytes
    brotli_tail: bytes
    """`brotli_head` is empty when the page could not be put together from two pieces."""

    def encoded(self, form_id: str, coding: Coding) -> bytes:
        """The page with the id in its place, in a content coding."""
        match coding:
            case "br":
                return self.brotlied(form_id)
            case "gzip":
                return self.gzipped(form_id)
            case "":
                return self.plain(form_id)

    def brotlied(self, form_id: str) -> bytes:
        """The same page as one brotli stream."""
        if not self.brotli_head:
            return encoded(self.plain(form_id), "br")
        slot = _brotli_block(form_id.encode() + self.tail[:_AFTER_SLOT])
        return b"".join((self.brotli_head, slot, self.brotli_tail))

    def sent_to(self, address: str, form_id: str) -> Document:
        """The page for a link with a query, which its form keeps; empty for its own address."""
        here = b' action="%b"' % xml_text(address).encode() if address else b""
        body = self.plain(form_id).replace(b' action="%b"' % SENT_TO.encode(), here, 1)
        return Document(body, self.policy, self.status, self.locale)

    def plain(self, form_id: str) -> bytes:
        """The page with the id in its place."""
        return b"".join((self.head, form_id.encode(), self.tail))

    def gzipped(self, form_id: str) -> bytes:
        """The same page as one gzip member."""
        slot = form_id.encode()
        crc = zlib.crc32(self.tail, zlib.crc32(slot, self.head_crc))
        size = len(self.head) + len(slot) + len(self.tail)
        end = struct.pack("<II", crc, size & 0xFFFFFFFF)
        return b"".join((self.packed_head, _stored_block(slot), self.packed_tail, end))


Answer: TypeAlias = Document | PackedDocument
"""What a page's address is answered with."""


def pack_document(document: Document) -> PackedDocument:
    """The page in its kept form. Its first slot is the place for the id."""
    policy, locale, status = document.policy, document.locale, document.status
    head, _, tail = document.body.partition(ID_SLOT)
    first = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    packed_head = _GZIP_HEADER + first.compress(head) + first.flush(zlib.Z_FULL_FLUSH)
    # What comes before is given as dictionary: the tail may refer back across the slot.
    second = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15, zdict=head + ID_SLOT)
    packed_tail = second.compress(tail) + second.flush(zlib.Z_FINISH)
    brotli = _brotli_pieces(head, tail)
    return PackedDocument(
        policy, locale, status, head, zlib.crc32(head), tail, packed_head, packed_tail, *brotli
    )


def _brotli_pieces(head: bytes, tail: bytes) -> tuple[bytes, bytes]:
    """What stands before and after an uncompressed block with the id, or nothing twice.

    A decoder looks back at the last two bytes, so these are part of the block; they never change.
    In place of the id goes what nothing repeats, so that nothing later refers to it.
    """
    packer = BROTLI.Compressor(quality=_BROTLI_QUALITY)
    packed_head: bytes = packer.process(head) + packer.flush()
    packer.process(_UNLIKE_ANYTHING + tail[:_AFTER_SLOT])
    packer.flush()
    packed_tail: bytes = packer.process(tail[_AFTER_SLOT:]) + packer.finish()
    tried = packed_head + _brotli_block(ID_SLOT + tail[:_AFTER_SLOT]) + packed_tail
    try:
        is_whole = BROTLI.decompress(tried) == head + ID_SLOT + tail
    except BROTLI.error:
        is_whole = False
    return (packed_head, packed_tail) if is_whole else (b"", b"")


def content_policy(
    style: str,
    script: str,
    *,
    has_logo: bool = False,
    may_report: bool = False,
    framed_by: Sequence[str] = (),
) -> str:
    """A policy that allows this very style and script, forms to us, our logo, and nothing else.

    `may_report` lets the script send to this server; `framed_by` are origins that may frame it.
    """
    frames = " ".join(origin.strip() for origin in framed_by) or "'none'"
    pictures = "data: 'self'" if has_logo else "data:"
    reports = "connect-src 'self'; " if may_report else ""
    return (
        "default-src 'none'; "
        f"style-src {source_of(style)}; "
        f"script-src {source_of(script)}; "
        f"img-src {pictures}; {reports}form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {frames}"
    )


def _brotli_block(content: bytes) -> bytes:
    """An uncompressed brotli block, RFC 7932 section 9.2; the stream must be byte-aligned.

    Not the last (1 bit), its length less one in 4 digits (2 and 16 bits), uncompressed (1 bit).
    """
    return ((len(content) - 1) << 3 | 1 << 19).to_bytes(3, "little") + content


def _stored_block(content: bytes) -> bytes:
    """An uncompressed deflate block, RFC 1951 section 3.2.4; the stream must be byte-aligned."""
    size = len(content)
    return struct.pack("<BHH", 0, size, size ^ 0xFFFF) + content
