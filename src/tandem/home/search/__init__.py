"""Searching everything a member may see: the palette, the page, the API, the command."""
