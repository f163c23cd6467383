from django.apps import AppConfig


class BacklogConfig(AppConfig):
    name = "tandem.backlog"
    label = "backlog"

    def ready(self) -> None:
        from tandem.backlog import (  # noqa: F401
            integrity,
            live,
            navigation,
            notices,
            own_columns,
            permissions,
            searching,
        )
