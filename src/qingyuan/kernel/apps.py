from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "qingyuan.kernel"
    label = "kernel"
    verbose_name = "内核"

    def ready(self) -> None:
        from qingyuan.kernel import startup

        startup.register()
