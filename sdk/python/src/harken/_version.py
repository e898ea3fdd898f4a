"""The version of this package, kept here because reading package metadata slows the import."""

from __future__ import annotations

VERSION = "0.1.0"
