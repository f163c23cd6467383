from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "tandem.delivery"
    label = "delivery"

    def ready(self) -> None:
        from tandem.delivery import (  # noqa: F401
            columns,
            filtering,
            lanes,
            many,
            merging,
            navigation,
            parking,
            permissions,
            searching,
            sentences,
        )
