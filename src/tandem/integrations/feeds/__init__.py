"""Feeds: a list as CSV or XLSX at a secret address, for programs that cannot sign in."""
