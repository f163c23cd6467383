"""Addresses of Home, below ``/w/<workspace>/<product>/``."""

from django.urls import path

from tandem.home.views import home, questions

app_name = "home"

urlpatterns = [
    path("", home.home, name="home"),
    path("questions/", questions.ask, name="question-ask"),
    path("questions/<int:pk>/answer/", questions.answer, name="question-answer"),
]
