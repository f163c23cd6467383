"""What an address may ask after its ``?``. A mistyped filter is refused: overlooked, it would show
everything and look like an answer."""

import functools
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tandem.core.api import problem


def names_of(operation: Any) -> frozenset[str]:
    """The parameters of the query that an operation's document names."""
    return frozenset(
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    )


def known(view: Callable[..., Any]) -> Callable[..., Any]:
    """Around each operation, after the caller is known; ``request.api_query``: its parameters."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        may: frozenset[str] = request.api_query  # type: ignore[attr-defined]
        for name in request.GET:
            if name not in may:
                return problem(422, "Refused", _told(name[:60], may), field=name)
        return view(request, *args, **kwargs)

    return checked


def _told(name: str, may: frozenset[str]) -> str:
    if not may:
        return _("%(name)s: nothing can be asked for here.") % {"name": name}
    near = get_close_matches(name, may, 1)
    values = {"name": name, "known": ", ".join(sorted(may)), "near": near[0] if near else ""}
    if near:
        return _("%(name)s: none of %(known)s. Did you mean %(near)s?") % values
    return _("%(name)s: none of %(known)s.") % values
