"""The steps of an import as background work. Each can run again from the start."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

