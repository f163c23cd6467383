from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "tandem.planning"
    label = "planning"

    def ready(self) -> None:
        from tandem.planning import navigation, past_choices, permissions, sentences  # noqa: F401
