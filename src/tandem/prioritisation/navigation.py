"""Prioritise's line in the left rail."""

from tandem.accounts.permissions import can
from tandem.ui.navigation import Entry, add

add(
    Entry(
        "Prioritise",
        "prioritisation:prioritise",
        "arrows-sort",
        50,
        key="p",
        visible=lambda member: can(member, "score.view"),
    )
)
