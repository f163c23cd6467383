"""Addresses of the search below ``/w/<workspace>/``."""

from django.urls import path

from tandem.home.views import search

app_name = "search"

urlpatterns = [
    path("search/", search.search, name="search"),
    path("palette/", search.palette, name="palette"),
]
