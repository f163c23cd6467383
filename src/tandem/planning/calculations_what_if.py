"""What if there were less capacity, more debt, or this item in: answered while one types, nothing kept.

The relaxation of a scenario stays warm in this process, a few of them; one question at a time, since
each changes the relaxation and takes the change back.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from tandem.core.errors import Refused
from tandem.planning.calculations import Prepared
from tandem.planning.calculations_explain import problem_name
from tandem.ui.filters import spoken
from tandem_engine.planning import Change, ProblemError, WhatIf

#: So many scenarios are kept warm in a process.
WARM = 6
#: Seconds until the first relaxation of a scenario must be there.
SECONDS = 5.0

_lock = threading.Lock()
_warm: OrderedDict[str, WhatIf] = OrderedDict()


@dataclass(frozen=True)
class WhatIfTold:
    """``change``: what the best plan gains or loses, by the relaxation. ``value``: of a plan that
    holds every rule, made by rounding; the best may be a little better. ``bound``: no plan is
    worth more. ``possible`` is false when no plan is left."""

    possible: bool
    change: float
    value: float | None
    bound: float | None
    enters: tuple[str, ...]
    out: tuple[str, ...]
    seconds: float
    text: str


def what_if(
    ready: Prepared,
    *,
    capacity: float = 100.0,
    debt_share: float | None = None,
    take_in: Iterable[str] = (),
    leave_out: Iterable[str] = (),
) -> WhatIfTold:
    """``capacity`` of every team in percent of what it is; ``debt_share`` in percent of the effort."""
    began = time.monotonic()
    change = Change(
        take_in=frozenset(take_in),
        leave_out=frozenset(leave_out),
        capacity={team.name: capacity / 100 for team in ready.problem.teams}
        if capacity != 100
        else None,
        shares={"debt": debt_share / 100} if debt_share is not None else None,
    )
    try:
        with _lock:
            found = _warmed(ready).ask(change)
    except ProblemError as error:
        raise Refused(spoken(error.message), field=error.where) from error
    return WhatIfTold(
        possible=found.possible,
        change=found.change if found.possible else 0.0,
        value=found.value,
        bound=found.bound if found.possible and found.bounded else None,
        enters=found.enters,
        out=found.out,
        seconds=time.monotonic() - began,
        text=found.text,
    )


def _warmed(ready: Prepared) -> WhatIf:
    name = problem_name(ready)
    if name in _warm:
        _warm.move_to_end(name)
        return _warm[name]
    made = WhatIf(ready.problem, time_limit=SECONDS)
    _warm[name] = made
    while len(_warm) > WARM:
        _warm.popitem(last=False)
    return made
