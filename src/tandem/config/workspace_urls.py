"""Addresses inside a workspace; ``<product>`` is a product's key like ``WEB``."""

from django.urls import include, path

urlpatterns = [
    path("<str:product>/", include("tandem.integrations.urls")),
    path("", include("tandem.backlog.urls")),
]
