from django.urls import path

from tandem.integrations.views import export, imports

app_name = "integrations"

urlpatterns = [
    path("import/", imports.index, name="imports"),
    path("import/files/", imports.upload, name="import-upload"),
    path("import/<int:pk>/", imports.show, name="import"),
    path("import/<int:pk>/dry-run/", imports.dry_run, name="import-dry-run"),
    path("import/<int:pk>/start/", imports.start, name="import-start"),
    path("import/<int:pk>/revert/", imports.revert, name="import-revert"),
    path("import/<int:pk>/discard/", imports.discard, name="import-discard"),
    path("export/<str:form>/", export.export, name="export"),
]
