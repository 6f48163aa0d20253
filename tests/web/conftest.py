"""Every test of a page starts with nothing in memory and in no reader's language.

Pages are kept by the version of a board that tests do not bump; a request leaves its language behind in the thread.
"""

import pytest
from django.core.cache import cache, caches
from django.utils import translation


@pytest.fixture(autouse=True)
def _empty_memory() -> None:
    cache.clear()
    caches["shared"].clear()
    translation.deactivate()
