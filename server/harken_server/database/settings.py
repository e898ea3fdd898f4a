"""What can be set about data: where it is kept, how durably, and how much may wait for it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from harken_server.kernel.settings import setting


def read_database_url(value: str) -> str:
    """The address of a database of a kind we know; ValueError for others."""
    if urlsplit(value).scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError("must start with sqlite:/// or postgresql://")
    return value


class DatabaseSettings(msgspec.Struct, kw_only=True, frozen=True):
    """Where data is kept, and how it is written."""

    database_url: Annotated[
        str,
        setting(
            "Where data is kept: sqlite:///path or postgresql://user:password@host/name; of a "
            "cluster name all hosts, separated by commas. "
            "Default: a SQLite file in the data directory.",
            read=read_database_url,
            is_secret=True,
        ),
    ] = ""
    data_dir: Annotated[
        Path,
        setting(
            "Folder for the SQLite file and the generated secret key.", default="./harken-data"
        ),
    ] = Path("./harken-data")
    synchronous: Annotated[
        Literal["full", "normal"],
        setting(
            "SQLite durability: full survives power loss; normal may lose the last seconds then."
        ),
    ] = "full"
    queue_limit: Annotated[
        int,
        setting(
            "Submissions waiting to be stored before more are refused with 503, 16 to 100000.",
            low=16,
            high=100_000,
        ),
    ] = 1000

    def __post_init__(self) -> None:
        if not self.database_url:
            url = f"sqlite:///{self.data_dir / 'harken.sqlite3'}"
            msgspec.structs.force_setattr(self, "database_url", url)
