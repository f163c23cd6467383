"""Addresses inside a workspace; ``<product>`` is a product's key like ``WEB``."""

from django.urls import include, path

urlpatterns = [
    # First: some of its addresses are the workspace's own and would be read as products.
    path("", include("tandem.integrations.urls")),
    path("inbox/", include("tandem.notices.urls")),
    path("", include("tandem.backlog.urls")),
    path("", include("tandem.home.workspace_urls")),
    path("", include("tandem.home.search_urls")),
    path("chats/", include("tandem.integrations.chats.urls")),
    path("webhooks/", include("tandem.integrations.webhooks.urls")),
    path("<str:product>/", include("tandem.home.urls")),
    path("<str:product>/", include("tandem.delivery.urls")),
    path("<str:product>/", include("tandem.planning.urls")),
    path("<str:product>/", include("tandem.prioritisation.urls")),
]
