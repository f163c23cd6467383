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
            parent_column,
            permissions,
            searching,
        )
        from tandem.backlog.operations import bulk_places  # noqa: F401
        from tandem.backlog.operations.items import statuses_of_new
        from tandem.backlog.parked import parked_note
        from tandem.core import events
        from tandem.ui.functions import provide

        provide("parked_note", parked_note)
        events.follow(statuses_of_new)
