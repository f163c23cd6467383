"""Delivery's line in the left rail."""

from tandem.ui.navigation import Entry, add

add(Entry("Teams", "delivery:teams", "users-group", 70, key="t"))
