"""The backlog's lines in the left rail."""

from django.utils.translation import gettext_noop as N_

from tandem.ui.navigation import Entry, add

add(
    Entry(
        N_("Backlog"),
        "backlog:list",
        "list-details",
        40,
        key="b",
        also=("board/", "calendar/", "views/", "setup/", "items/", "approvals/"),
    )
)
add(Entry(N_("Activity"), "backlog:activity", "activity", 95, key="a"))
