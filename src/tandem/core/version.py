"""Which Tandem this is."""

import importlib.metadata


def version() -> str:
    return importlib.metadata.version("tandem-product")
