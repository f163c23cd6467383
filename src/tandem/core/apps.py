from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class CoreConfig(AppConfig):
    name = "tandem.core"
    label = "core"

    def ready(self) -> None:
        from tandem.core import events, search
        from tandem.core.index import tables
        from tandem.core.live.hub import announce

        connection_created.connect(search.teach, dispatch_uid="tandem.core.search")
        pre_migrate.connect(tables.before_migrations, sender=self, dispatch_uid="tandem.core.index")
        post_migrate.connect(tables.after_migrations, sender=self, dispatch_uid="tandem.core.index")
        events.follow(announce)
