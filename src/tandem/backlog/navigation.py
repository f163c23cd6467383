"""The backlog's lines in the left rail."""

from tandem.ui.navigation import Entry, add

add(
    Entry(
        "Backlog",
        "backlog:list",
        "list-details",
        40,
        key="b",
        also=("board/", "calendar/", "views/", "setup/", "items/"),
    )
)
add(Entry("Activity", "backlog:activity", "activity", 95, key="a"))
