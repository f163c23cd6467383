"""All addresses. Each app groups its own by noun."""

from django.urls import include, path

from tandem.config import api

handler400 = "tandem.ui.views.errors.bad_request"
handler403 = "tandem.ui.views.errors.forbidden"
handler404 = "tandem.ui.views.errors.not_found"
handler500 = "tandem.ui.views.errors.server_error"

urlpatterns = [
    path("api/v1/", api.urls()),
    path("", include("tandem.accounts.urls")),
    path("", include("tandem.accounts.allauth_urls")),
    path("mail/", include("tandem.notices.mail_urls")),
    path("", include("tandem.ui.urls")),
    path("feeds/", include("tandem.integrations.feeds.urls")),
    path("calls/", include("tandem.integrations.connections.urls")),
    path("w/<slug:workspace>/", include("tandem.config.workspace_urls")),
]
