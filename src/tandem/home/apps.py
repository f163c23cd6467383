from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "tandem.home"
    label = "home"

    def ready(self) -> None:
        from tandem.home import navigation, panels, permissions  # noqa: F401

        panels.register_all()
