"""Texts of an address that no database keeps are refused before one is asked with them."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tandem.core.api import problem
from tandem.core.rest.bodies import storable


def kept(view: Callable[..., Any]) -> Callable[..., Any]:
    """Around each operation, after the caller is known."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        sent = [("", request.path)] + [
            (name, value)
            for values in (request.GET, request.POST)
            for name, each in values.lists()
            for value in (name, *each)
        ]
        for name, value in sent:
            if not storable(value):
                text = _("It holds a character that cannot be kept.")
                return problem(422, "Refused", text, field=name or None)
        return view(request, *args, **kwargs)

    return checked
