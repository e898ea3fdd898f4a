"""`python -m harken` is the command `harken`."""

from __future__ import annotations

import sys

from harken.cli import main

sys.exit(main())
