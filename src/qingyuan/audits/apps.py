from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "qingyuan.audits"
    label = "audits"
    verbose_name = "审核"

    def ready(self) -> None:
        from qingyuan.audits import (  # noqa: F401 (they register themselves)
            actions,
            navigation,
            navigation_schemes,
            quoting,
            todos,
            todos_reviews,
            todos_schemes,
        )
