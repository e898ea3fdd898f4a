"""Counters of the response path, so that its cost can be measured and tested."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Statistics:
    """Counts since the database was opened in this process."""

    commits: int = 0
    """Transactions committed by the writer."""
    stored: int = 0
    """Responses stored, first or later sequences; repeats not counted."""
    statements: int = 0
    """SQL statements run to store responses, BEGIN and COMMIT included."""
    writer_cpu_ns: int = 0
    """CPU time that the writing thread spent on batches, SQLite's own included; 0 on PostgreSQL."""
