"""What there is to walk: every address of the resolver, route of the API, action and operation."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.urls import URLResolver, get_resolver


@cache
def addresses() -> dict[str, tuple[str, ...]]:
    """The name of every address that is a page's -> the parts it takes."""
    found: dict[str, tuple[str, ...]] = {}

    def walk(resolver: URLResolver, spaces: tuple[str, ...], parts: tuple[str, ...]) -> None:
        for each in resolver.url_patterns:
            # Not `converters`: resolving once fills those of an empty route with its parents'.
            here = (*parts, *each.pattern.regex.groupindex)
            if isinstance(each, URLResolver):
                walk(each, (*spaces, each.namespace) if each.namespace else spaces, here)
            elif spaces[:1] != ("api",):
                assert each.name, f"{each.pattern} needs a name"
                found[":".join((*spaces, each.name))] = here

    walk(get_resolver(), (), ())
    return found


@cache
def routes() -> dict[str, dict[str, Any]]:
    """Path of the API -> method -> its operation."""
    from tandem.config.api import ROUTERS
    from tandem.config.api_areas import operations_of

    found: dict[str, dict[str, Any]] = {}
    for path, method, operation, _ in operations_of([("", each) for each in ROUTERS]):
        found.setdefault(path, {})[method] = operation
    return found


@cache
def operations() -> dict[str, Callable[..., Any]]:
    """``app.operation`` -> the function, of everything that takes ``by``."""
    found: dict[str, Callable[..., Any]] = {}
    for config in apps.get_app_configs():
        if not config.name.startswith("tandem."):
            continue
        root = importlib.import_module(config.name)
        for each in pkgutil.walk_packages(root.__path__, f"{config.name}."):
            if not any("operations" in part for part in each.name.split(".")[2:]):
                continue
            module = importlib.import_module(each.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if name.startswith("_") or inspect.unwrap(function).__module__ != each.name:
                    continue
                if "by" in inspect.signature(function).parameters:
                    found[f"{config.label}.{name}"] = function
    return found
