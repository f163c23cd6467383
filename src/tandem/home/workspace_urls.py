"""Addresses of Home below ``/w/<workspace>/`` that belong to no product."""

from django.urls import path

from tandem.home.views import audit

app_name = "audit"

urlpatterns = [
    path("audit/", audit.log, name="log"),
    path("audit/keeping/", audit.keeping, name="keeping"),
    path("audit/<str:form>/", audit.export, name="export"),
]
