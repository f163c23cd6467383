"""Challenges as pages and the API read them."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from tandem.backlog.models import Item
from tandem.prioritisation.models import Challenge, ChallengeState


def challenges_of(item: Item) -> "QuerySet[Challenge]":
    """The item's challenges, the oldest first, with everybody who has a name in them."""
    rows: QuerySet[Challenge] = Challenge.objects.filter(rating__item=item).select_related(
        "rating__item", "rating__criterion", "rating__member__user", "raised_by__user",
        "answered_by__user",
    )  # fmt: skip
    return rows.order_by("pk")


def doubts_about(item_ids: Iterable[int]) -> dict[tuple[int, int, int], list[Challenge]]:
    """Challenges by item, criterion and rater: the open ones, and those answered about a value
    that still counts. An open one outlives the value it was raised about."""
    rows = Challenge.objects.filter(rating__item__in=list(item_ids))
    rows = rows.exclude(state=ChallengeState.WITHDRAWN)
    found: dict[tuple[int, int, int], list[Challenge]] = defaultdict(list)
    for each in rows.select_related("rating", "raised_by__user", "answered_by__user"):
        if each.state == ChallengeState.OPEN or each.rating.superseded_at is None:
            about = each.rating
            found[about.item_id, about.criterion_id, about.member_id].append(each)
    return found
