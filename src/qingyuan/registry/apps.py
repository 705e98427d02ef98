from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "qingyuan.registry"
    label = "registry"
    verbose_name = "企业库"

    def ready(self) -> None:
        from qingyuan.registry import (  # noqa: F401 (they register themselves)
            actions,
            navigation,
            navigation_reserve,
            todos_reserve,
        )
