"""Prioritise's line in the left rail."""

from django.utils.translation import gettext_noop as N_

from tandem.accounts.permissions import can
from tandem.ui.navigation import Entry, add

add(
    Entry(
        N_("Prioritise"),
        "prioritisation:prioritise",
        "arrows-sort",
        50,
        key="p",
        visible=lambda member: can(member, "score.view"),
    )
)
