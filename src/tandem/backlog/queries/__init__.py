"""What the list and the board need, each in a fixed number of queries."""
