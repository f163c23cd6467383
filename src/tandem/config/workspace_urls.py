"""Addresses inside a workspace; ``<product>`` is a product's key like ``WEB``."""

from django.urls import include, path

urlpatterns = [
    path("", include("tandem.backlog.urls")),
]
