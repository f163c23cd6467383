"""Addresses of teams and sprints, below ``/w/<workspace>/<product>/``."""

from django.urls import path

from tandem.delivery.views import sprints, teams

app_name = "delivery"

urlpatterns = [
    path("teams/", teams.teams, name="teams"),
    path("teams/<int:pk>/", teams.team, name="team"),
    path("teams/<int:pk>/sprints/", sprints.sprints, name="sprints"),
    path("sprints/<int:pk>/", sprints.sprint, name="sprint"),
    path("sprints/<int:pk>/start/", sprints.start, name="sprint-start"),
    path("sprints/<int:pk>/finish/", sprints.finish, name="sprint-finish"),
]
