"""Room for calls within calls, taken once.

CPython keeps the frames of calls in pieces of 16 KiB. Where a loop at the edge of a piece calls, every
call takes a new piece from the system and gives it back: half a million times in a minute of
requests, a seventh of the whole time. A frame that needs more than one piece gets one as large as
needed, rounded up to a power of two, and what it calls finds room in the rest.
"""

from collections.abc import Callable
from typing import Any


def with_room(call: Callable[..., Any], *arguments: Any) -> Any:
    return call(*arguments)


#: In words of eight bytes: just beyond 512 KiB, so that almost as much is left.
with_room.__code__ = with_room.__code__.replace(co_stacksize=66_000)
