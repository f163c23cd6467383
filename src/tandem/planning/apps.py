from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "tandem.planning"
    label = "planning"

    def ready(self) -> None:
        from tandem.planning import (  # noqa: F401
            merging,
            navigation,
            panels,
            parking,
            past_choices,
            permissions,
            searching,
            sentences,
        )
        from tandem.planning.queries_agenda import decisive_numbers
        from tandem.prioritisation import decisive

        decisive.answers(decisive_numbers)
