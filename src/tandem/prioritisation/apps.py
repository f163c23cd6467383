from django.apps import AppConfig


class PrioritisationConfig(AppConfig):
    name = "tandem.prioritisation"
    label = "prioritisation"

    def ready(self) -> None:
        from tandem.prioritisation import (  # noqa: F401
            filtering,
            live,
            merging,
            navigation,
            notices,
            own_numbers,
            panels,
            permissions,
            searching,
            sentences,
        )
        from tandem.prioritisation.figures import honest, percent
        from tandem.ui.functions import provide

        provide("honest", honest)
        provide("percent", percent)
