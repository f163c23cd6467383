from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tandem.notices"
    label = "notices"

    def ready(self) -> None:
        from tandem.core import events
        from tandem.notices import navigation, permissions  # noqa: F401
        from tandem.notices.spreading import announce

        events.follow(announce)
