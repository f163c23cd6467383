from django.apps import AppConfig


class BacklogConfig(AppConfig):
    name = "tandem.backlog"
    label = "backlog"

    def ready(self) -> None:
        from tandem.backlog import integrity, live, navigation, permissions  # noqa: F401
