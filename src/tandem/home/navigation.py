"""Home's line in the left rail."""

from tandem.ui.navigation import Entry, add

add(Entry("Home", "home:home", "home", 10, key="h"))
