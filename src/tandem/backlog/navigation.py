"""The backlog's line in the left rail."""

from tandem.ui.navigation import Entry, add

add(Entry("Backlog", "backlog:list", "list-details", 40, key="b"))
