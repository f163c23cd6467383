"""What the backlog does by itself."""

from tandem.backlog.models import ParkingRule
from tandem.backlog.operations.parking import items_park
from tandem.core import channel
from tandem.core.jobs.schedules import scheduled
from tandem.core.jobs.task import task


@scheduled(cron="20 2 * * *")
@task(attempts=3)
def stale_park() -> int:
    """Park what every product's rule finds, in the name of whoever set the rule."""
    rules = ParkingRule.objects.filter(
        is_on=True, product__deleted_at=None, set_by__ended_at=None, set_by__isnull=False
    ).select_related("product", "set_by__user")
    with channel.through("job"):
        return sum(
            len(items_park(by=rule.set_by, product=rule.product).items)
            for rule in rules
            if rule.set_by is not None
        )
