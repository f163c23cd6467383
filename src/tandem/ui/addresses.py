"""The addresses of named pages, remembered: finding one among all patterns takes a while.

Pages ask for the same addresses all day, but for the numbers and item keys in them. So an address
is found once for each name, with stand-ins where those stand.
"""

import re
from functools import lru_cache
from typing import Any

from django.core.signals import setting_changed
from django.urls import reverse

_KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}-[1-9][0-9]{0,8}")
_NUMBER = 90_909_090_900


def address(name: str, /, *args: Any, **kwargs: Any) -> str:
    """What ``reverse`` gives."""
    if not all(type(each) in (str, int) for each in (*args, *kwargs.values())):
        return reverse(name, args=args or None, kwargs=kwargs or None)
    shape: list[tuple[str, str | int]] = []
    moving: list[tuple[str, str]] = []
    for place, (word, value) in enumerate(kwargs.items()):
        stand_in: str | int = value
        if isinstance(value, int):
            if value >= 0:
                stand_in = _NUMBER + place
        elif _KEY.fullmatch(value):
            stand_in = f"ZZ9-{_NUMBER + place}"
        if stand_in is not value:
            moving.append((str(stand_in), str(value)))
        shape.append((word, stand_in))
    found = _found(name, args, tuple(shape))
    for stood, value in moving:
        before, it, after = found.partition(stood)
        if not it or stood in after:
            return reverse(name, args=args or None, kwargs=kwargs or None)
        found = f"{before}{value}{after}"
    return found


@lru_cache(maxsize=4096)
def _found(name: str, args: tuple[str | int, ...], shape: tuple[tuple[str, str | int], ...]) -> str:
    return reverse(name, args=args or None, kwargs=dict(shape) or None)


def _forget(setting: str, **_: Any) -> None:
    if setting == "ROOT_URLCONF":
        _found.cache_clear()


setting_changed.connect(_forget)
