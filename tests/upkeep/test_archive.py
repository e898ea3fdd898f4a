"""A backup's file in which any one bit is another is known, or says the same."""

from __future__ import annotations

from pathlib import Path

from harken_server.upkeep.archive import (
    FORMAT,
    BackupError,
    Lines,
    Manifest,
    open_archive,
    read_manifest,
    read_table,
)

LINES = [b'{"x":%d}' % number for number in range(5)]


def write_small(path: Path) -> None:
    with open_archive(path) as archive:
        seen = Lines()
        with archive.table("response") as put:
            put(seen.add(LINES))
        tables = [seen.manifest("response", ("x",))]
        archive.finish(
            Manifest(
                format=FORMAT,
                harken="1",
                made_at="2026-03-04T12:00:00Z",
                database="sqlite",
                migrations=[],
                secret_keys=[],
                tables=tables,
            )
        )


def read_small(path: Path) -> list[list[bytes]]:
    return [lines for table in read_manifest(path).tables for lines in read_table(path, table)]


def test_each_changed_bit_is_named_or_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    write_small(path)
    content, before, noticed = path.read_bytes(), read_small(path), 0

    for place in range(len(content)):
        for bit in range(8):
            changed = bytes([content[place] ^ (1 << bit)])
            path.write_bytes(content[:place] + changed + content[place + 1 :])
            try:
                assert read_small(path) == before
            except BackupError:
                noticed += 1

    assert noticed > len(content)
