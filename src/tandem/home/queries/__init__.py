"""What Home's panels ask for; every function takes a fixed number of queries."""
