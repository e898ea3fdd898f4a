"""Somebody who may bring files, and the worker that reads them."""

from __future__ import annotations

import pytest
from api_client import Api
from import_steps import Importing
from signed_in import sign_in


@pytest.fixture
async def importing(api: Api) -> Importing:
    return Importing(api, await sign_in(api, "editor"))
