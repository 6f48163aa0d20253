"""Every test of a page starts with nothing in memory: pages are kept by the version of a board that tests do not bump."""

import pytest
from django.core.cache import cache, caches


@pytest.fixture(autouse=True)
def _empty_memory() -> None:
    cache.clear()
    caches["shared"].clear()
