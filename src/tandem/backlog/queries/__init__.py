"""What the list, the board and the palette need, each in a fixed number of queries."""
