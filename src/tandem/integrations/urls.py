"""Addresses of taking in and taking out, of the trash and of feeds."""

from django.urls import URLPattern, URLResolver, include, path

from tandem.integrations.views import (
    connections,
    export,
    feeds,
    imports,
    pasting,
    take_out,
    trash,
)

app_name = "integrations"

#: Below ``/w/<workspace>/<product>/``.
of_product: list[URLPattern | URLResolver] = [
    path("import/", imports.index, name="imports"),
    path("import/files/", imports.upload, name="import-upload"),
    path("import/<int:pk>/", imports.show, name="import"),
    path("import/<int:pk>/dry-run/", imports.dry_run, name="import-dry-run"),
    path("import/<int:pk>/start/", imports.start, name="import-start"),
    path("import/<int:pk>/revert/", imports.revert, name="import-revert"),
    path("import/<int:pk>/discard/", imports.discard, name="import-discard"),
    path("backlog/paste/", pasting.paste, name="paste"),
    path("backlog/copy/", pasting.copy, name="copy"),
    path("connections/", connections.connections, name="connections"),
    path("connections/<int:pk>/", connections.connection, name="connection"),
    path("connections/<int:pk>/map/", connections.settings, name="connection-settings"),
    path("connections/<int:pk>/token/", connections.token, name="connection-token"),
    path("connections/<int:pk>/sync/", connections.sync, name="connection-sync"),
    path("connections/<int:pk>/state/", connections.state, name="connection-state"),
    path("connections/<int:pk>/secret/", connections.secret, name="connection-secret"),
    path("connections/<int:pk>/end/", connections.end, name="connection-end"),
    path(
        "connections/<int:pk>/conflicts/<int:conflict>/",
        connections.decide,
        name="connection-decide",
    ),
    path("export/<str:form>/", export.export, name="export"),
    path("export/lists/<str:file>", export.sheet, name="sheet"),
    path("feeds/", feeds.make, name="feed-make"),
    path("deletion/", trash.product_deletion, name="product-deletion"),
    path("trash/", trash.of_product, name="product-trash"),
]

#: Below ``/w/<workspace>/``.
of_workspace: list[URLPattern | URLResolver] = [
    path("export/lists/<str:file>", export.workspace_sheet, name="workspace-sheet"),
    path("take-out/", take_out.take_out, name="take-out"),
    path("take-out/archives/", take_out.make, name="archive-make"),
    path("take-out/uploads/", take_out.bring, name="archive-bring"),
    path("take-out/archives/<int:pk>/file/", take_out.download, name="archive-download"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/<int:pk>/revocation/", feeds.revoke, name="feed-revoke"),
    path("trash/", trash.of_workspace, name="trash"),
    path("trash/<slug:kind>/<int:pk>/restoration/", trash.restoration, name="trash-restoration"),
    path("trash/<slug:kind>/<int:pk>/erasure/", trash.erasure, name="trash-erasure"),
    path("erasure/", trash.workspace_erasure, name="workspace-erasure"),
]

urlpatterns = [*of_workspace, path("<str:product>/", include(of_product))]
