"""Work that comes back: every night, every hour. All schedules of an app stand in its ``tasks.py``.

    @scheduled(cron="15 3 * * *")
    @task()
    def tidy() -> None: ...

Each tick becomes one job, however many workers there are: the schedule's row is moved to the tick
by the one who asks for the job, in one transaction. Ticks missed while nothing ran become one job.
"""

import datetime
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from croniter import croniter
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks.base import Task

from tandem.core.models import Schedule

Declared = TypeVar("Declared", bound=Task[[], Any])

#: Seconds between two looks at the schedules; no tick is later than this.
PAUSE = 5.0


@dataclass(frozen=True)
class Plan:
    """When ``task`` is due: at the minutes of ``cron`` (UTC), or ``every`` so often since 1970."""

    task: Task[[], Any]
    cron: str = ""
    every: datetime.timedelta = datetime.timedelta()

    @property
    def name(self) -> str:
        return self.task.module_path

    def last_tick(self, now: datetime.datetime) -> datetime.datetime:
        """The newest tick that is not after ``now``."""
        if self.cron:
            # croniter looks strictly before; a tick that is exactly now counts.
            start = now + datetime.timedelta(seconds=1)
            found: datetime.datetime = croniter(self.cron, start).get_prev(datetime.datetime)
            return found
        seconds = self.every.total_seconds()
        return datetime.datetime.fromtimestamp(now.timestamp() // seconds * seconds, datetime.UTC)


_plans: dict[str, Plan] = {}
_looked: list[float] = []
_lock = threading.Lock()


def scheduled(
    *, cron: str = "", every: datetime.timedelta | None = None
) -> Callable[[Declared], Declared]:
    """Ask for the task (which takes no arguments) at each tick of ``cron`` or ``every``."""
    if bool(cron) == bool(every):
        raise ValueError("a schedule has either cron or every")
    if cron and (len(cron.split()) != 5 or not croniter.is_valid(cron)):
        raise ValueError(f"{cron!r} is no cron line of five fields")
    if every is not None and every < datetime.timedelta(seconds=1):
        raise ValueError("a schedule's interval is a second or longer")

    def declared(task: Declared) -> Declared:
        plan = Plan(task, cron, every or datetime.timedelta())
        _plans[plan.name] = plan
        return task

    return declared


def plans() -> list[Plan]:
    """All schedules, those of every app's ``tasks.py``."""
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("tasks")
    return list(_plans.values())


def tick() -> int:
    """Look whether anything is due, at most every ``PAUSE`` seconds in this process."""
    with _lock:
        now = time.monotonic()
        if _looked and now - _looked[0] < PAUSE:
            return 0
        _looked[:] = [now]
    return ask(timezone.now())


def ask(now: datetime.datetime) -> int:
    """Enqueue a job for each schedule with a tick since its last; returns how many."""
    known = dict(Schedule.objects.values_list("name", "slot"))
    return sum(_asked(plan, plan.last_tick(now), known.get(plan.name)) for plan in plans())


def _asked(plan: Plan, slot: datetime.datetime, known: datetime.datetime | None) -> bool:
    if known is None:
        # Seen for the first time: its next tick is the first one that counts.
        try:
            with transaction.atomic():
                Schedule.objects.create(name=plan.name, slot=slot)
        except IntegrityError:
            pass  # another worker was faster
        return False
    if known >= slot:
        return False
    with transaction.atomic():
        if not Schedule.objects.filter(name=plan.name, slot__lt=slot).update(slot=slot):
            return False
        plan.task.enqueue()
        return True
