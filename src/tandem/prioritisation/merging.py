"""What moves to the other item when two are merged: ratings, with their days.

Where a member has rated the other item on a criterion, ever, that stands; theirs of the merged
item stay with it, in its history.
"""

from django.utils.translation import gettext_noop as N_

from tandem.backlog.models import Item
from tandem.backlog.operations.merging import Carrier, carries
from tandem.prioritisation.models import Rating


def _move(source: Item, target: Item) -> list[int]:
    have = set(Rating.objects.filter(item=target).values_list("criterion_id", "member_id"))
    rows = Rating.objects.filter(item=source).values_list("pk", "criterion_id", "member_id")
    ids = [pk for pk, criterion, member in rows if (criterion, member) not in have]
    Rating.objects.filter(pk__in=ids).update(item=target)
    return ids


def _back(target: Item, source: Item, ids: list[int]) -> None:
    Rating.objects.filter(pk__in=ids, item=target).update(item=source)


carries(Carrier("ratings", (N_("rating"), N_("ratings")), _move, _back))
