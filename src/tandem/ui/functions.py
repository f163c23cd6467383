"""Functions that higher apps give to every template, since ``ui`` may not import them."""

from collections.abc import Callable
from typing import Any

_provided: dict[str, Callable[..., Any]] = {}


def provide(name: str, function: Callable[..., Any]) -> None:
    """Make ``function`` callable as ``name`` in every template. Called in an app's ``ready``."""
    _provided[name] = function


def provided() -> dict[str, Callable[..., Any]]:
    return dict(_provided)
