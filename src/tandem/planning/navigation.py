"""Planning's lines in the left rail."""

from tandem.ui.navigation import Entry, add

add(Entry("Plan", "planning:plan", "layout-columns", 60, key="l"))
add(Entry("Forecast", "planning:forecast", "chart-histogram", 65, key="f"))
