from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "qingyuan.delivery"
    label = "delivery"
    verbose_name = "实施"

    def ready(self) -> None:
        from qingyuan.delivery import actions, involvement, navigation, todos  # noqa: F401 (they register themselves)
