"""Addresses of the agenda, below ``/w/<workspace>/<product>/``."""

from django.urls import path

from tandem.planning.views import agenda

urlpatterns = [
    path("prioritise/agenda/", agenda.agenda, name="agenda"),
    path("prioritise/agenda/work/", agenda.work, name="agenda-work"),
]
