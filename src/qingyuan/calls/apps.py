from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "qingyuan.calls"
    label = "calls"
    verbose_name = "申报通知"

    def ready(self) -> None:
        from qingyuan.calls import actions, navigation, todos  # noqa: F401 (they register themselves)
