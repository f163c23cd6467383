"""Requests to addresses that people give: only to where such a request may go."""
