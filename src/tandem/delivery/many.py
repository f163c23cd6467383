"""Sprints and teams as a change of many items sets them, and what takes a team back."""

import datetime
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.backlog.operations.bulk_settings import Look, Setting, Told, register
from tandem.backlog.operations.undo import takes_back_field
from tandem.core import bulk, events
from tandem.core.errors import Conflict, Refused
from tandem.core.models import Event
from tandem.core.search import among
from tandem.delivery.lanes import OPEN, open_sprints
from tandem.delivery.models import Assignment, Sprint, SprintItem, SprintState, Team
from tandem.delivery.operations import team_assign
from tandem.ui.filters import spoken

SPRINTS_OFFERED = 100


def _sprint_row(product: Product, pk: int) -> Sprint:
    found = Sprint.objects.filter(team__product=product, pk=pk).select_related("team").first()
    if found is None:
        raise Refused(_("This sprint is gone. Choose another one."), field="sprint")
    return found


def _sprint_offers(product: Product) -> dict[int, str]:
    rows = open_sprints(product)[:SPRINTS_OFFERED]
    return {each.pk: spoken(str(each)) for each in rows}


def _sprint_checked(product: Product, sprint: Sprint | None) -> Sprint | None:
    if sprint is None:
        return None
    rows = Sprint.objects.select_for_update(of=("self",)).select_related("team")
    found = rows.filter(team__product=product, pk=sprint.pk).first()
    if found is None:
        raise Refused(_("The sprint belongs to another product."), field="sprint")
    if found.state == SprintState.FINISHED:
        raise Refused(
            _("%(sprint)s is finished; what was in it stays as it was.")
            % {"sprint": spoken(str(found))},
            field="sprint",
        )
    return found


def _sprint_look(
    product: Product, items: Sequence[Item], wanted: Sprint | None
) -> Mapping[int, Look]:
    """In this one and in no other that is not over; what was in a finished one stays there."""
    entries = SprintItem.objects.filter(
        item__in=among([item.pk for item in items]), sprint__state__in=OPEN
    ).select_related("sprint__team")
    held: dict[int, list[Sprint]] = {}
    for entry in entries.order_by("sprint__start_date", "sprint_id"):
        held.setdefault(entry.item_id, []).append(entry.sprint)
    after = [str(wanted)] if wanted else []
    return {
        item.pk: Look([str(each) for each in has], after, held=has)
        for item in items
        for has in [held.get(item.pk, [])]
    }


def _sprint_write(
    by: Member, product: Product, told: Told, wanted: Sprint | None, now: datetime.datetime
) -> list[Event]:
    ids = [item.pk for item, _look in told]
    rows = SprintItem.objects.filter(item__in=among(ids), sprint__state__in=OPEN)
    rows.exclude(sprint=wanted).delete()
    found: list[Event] = []
    came: list[SprintItem] = []
    for item, look in told:
        found += [
            _moved(by, "sprint.item_removed", item, [str(sprint), None], now)
            for sprint in look.held
            if sprint != wanted
        ]
        if wanted is not None and wanted not in look.held:
            came.append(SprintItem(sprint=wanted, item=item, added_at=now))
            found.append(_moved(by, "sprint.item_added", item, [None, str(wanted)], now))
    bulk.insert(came)
    return found


def _moved(
    by: Member, verb: str, item: Item, change: list[str | None], now: datetime.datetime
) -> Event:
    return events.build(by=by, verb=verb, obj=item, changes={"sprint": change}, at=now)


def _team_row(product: Product, pk: int) -> Team:
    found = Team.objects.of(product).filter(pk=pk).first()
    if found is None:
        raise Refused(_("This team is gone. Choose another one."), field="team")
    return found


def _team_checked(product: Product, team: Team | None) -> Team | None:
    if team is not None and team.product_id != product.pk:
        raise Refused(_("The team belongs to another product."), field="team")
    return team


def _team_look(product: Product, items: Sequence[Item], wanted: Team | None) -> Mapping[int, Look]:
    rows = Assignment.objects.filter(item__in=among([item.pk for item in items]))
    held = {row.item_id: row.team for row in rows.select_related("team")}
    after = wanted and wanted.name
    return {
        item.pk: Look(has and has.name, after, held=has and has.pk)
        for item in items
        for has in [held.get(item.pk)]
    }


def _team_write(
    by: Member, product: Product, told: Told, wanted: Team | None, now: datetime.datetime
) -> list[Event]:
    ids = [item.pk for item, _look in told]
    Assignment.objects.filter(item__in=among(ids)).delete()
    if wanted is not None:
        bulk.insert(Assignment(item=item, team=wanted) for item, _look in told)
    return [
        events.build(
            by=by,
            verb="item.updated",
            obj=item,
            changes={
                "team": [look.before, look.after],
                "team_id": [look.held, wanted and wanted.pk],
            },
            at=now,
        )
        for item, look in told
    ]


def _team_back(by: Member, item: Item, event: Event) -> None:
    before, after = event.changes.get("team_id") or [None, None]
    now = Assignment.objects.filter(item=item).values_list("team_id", flat=True).first()
    team = Team.objects.of(item.product).filter(pk=before or 0).first()
    if "team_id" not in event.changes or now != after or (before and team is None):
        raise Conflict(
            _("The team of %(key)s was changed again since; it stays.") % {"key": item.key},
            current=item,
        )
    team_assign(by=by, item=item, team=team)


register(
    Setting(
        "sprint",
        N_("Sprint"),
        "sprint.edit",
        _sprint_checked,
        _sprint_look,
        _sprint_write,
        empty=N_("In no running or planned sprint"),
        offers=_sprint_offers,
        row=_sprint_row,
    )
)
register(
    Setting(
        "team",
        N_("Team"),
        "item.edit",
        _team_checked,
        _team_look,
        _team_write,
        empty=N_("Any team"),
        offers=lambda product: dict(Team.objects.of(product).values_list("pk", "name")),
        row=_team_row,
    )
)
takes_back_field("team", _team_back)
