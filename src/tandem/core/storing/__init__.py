"""Where the bytes of attachments lie: a folder, or a bucket of anything that speaks S3.

``store()`` is the one the settings name. A key is never used twice, so bytes are written before
the row that names them and removed after it is gone; what a crash leaves is found by age.
"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from tandem.core.storing.place import Place
from tandem.core.storing.store import Store


@lru_cache(maxsize=4)
def _made(address: str, data: str) -> Store:
    place = Place.of(address, Path(data))
    if place.bucket:
        from tandem.core.storing.s3 import S3Store

        return S3Store(place)
    from tandem.core.storing.local import LocalStore

    return LocalStore(place.folder)


def store() -> Store:
    return _made(settings.ATTACHMENTS, str(settings.DATA))
