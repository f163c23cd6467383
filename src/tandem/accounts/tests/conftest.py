import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh_counts(db):
    """Attempts are counted in the cache: no test pays for another's."""
    cache.clear()
    yield
    cache.clear()
