from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "tandem.delivery"
    label = "delivery"

    def ready(self) -> None:
        from tandem.delivery import filtering, navigation, permissions, sentences  # noqa: F401
