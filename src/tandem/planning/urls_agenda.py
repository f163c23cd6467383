"""Addresses of the agenda, below ``/w/<workspace>/<product>/``."""

from django.urls import path

from tandem.planning.views import agenda

urlpatterns = [
    path("prioritise/agenda/", agenda.agenda, name="agenda"),
    path("prioritise/agenda/work/", agenda.work, name="agenda-work"),
    path("prioritise/agenda/settlements/", agenda.settle, name="agenda-settle"),
    path("prioritise/agenda/solve/", agenda.solve, name="agenda-solve"),
    path("prioritise/agenda/session/", agenda.hold, name="agenda-session"),
]
