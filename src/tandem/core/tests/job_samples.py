"""Tasks for the tests, also for workers in processes of their own."""

import time
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from tandem.core.jobs import progress
from tandem.core.jobs.task import task
from tandem.core.models import Schedule


@task(attempts=3)
def add_up(numbers: list[int], folder: str) -> int:
    """Writes a row, waits in mid-transaction while ``folder``/hold is there, then sums up."""
    place = Path(folder)
    with transaction.atomic():
        Schedule.objects.create(name=f"sum-{timezone.now().timestamp()}", slot=timezone.now())
        (place / "begun").touch()
        while (place / "hold").exists():
            time.sleep(0.05)
    return sum(numbers)


@task(attempts=2)
def fails(word: str) -> None:
    raise ValueError(f"no luck with {word}")


@task(queue="mail", priority=10)
def hello(name: str) -> str:
    return f"hello {name}"


@task(progress="sample-{0}")
def stops_when_asked(number: int) -> None:
    tell = progress.Teller(f"sample-{number}")
    for done in range(1000):
        tell(done, 1000, "Counting")
        time.sleep(0.05)
