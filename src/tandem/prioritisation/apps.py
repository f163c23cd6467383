from django.apps import AppConfig


class PrioritisationConfig(AppConfig):
    name = "tandem.prioritisation"
    label = "prioritisation"

    def ready(self) -> None:
        from tandem.prioritisation import permissions  # noqa: F401
