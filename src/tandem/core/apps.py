from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CoreConfig(AppConfig):
    name = "tandem.core"
    label = "core"

    def ready(self) -> None:
        from tandem.core import events, search
        from tandem.core.live.hub import announce

        connection_created.connect(search.teach, dispatch_uid="tandem.core.search")
        events.follow(announce)
