from django.apps import AppConfig


class PilotsConfig(AppConfig):
    name = "qingyuan.pilots"
    label = "pilots"
    verbose_name = "试点申报"

    def ready(self) -> None:
        from qingyuan.pilots import (  # noqa: F401 (they register themselves)
            actions,
            checks,
            navigation,
            participants,
            quotes,
            remarks,
            reminders,
            todos,
        )
