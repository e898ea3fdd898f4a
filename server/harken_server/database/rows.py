"""What a row holds before it becomes a record: SQLite's form or PostgreSQL's of each value."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

StoredId: TypeAlias = bytes | UUID
StoredTime: TypeAlias = int | datetime
StoredBool: TypeAlias = int | bool
