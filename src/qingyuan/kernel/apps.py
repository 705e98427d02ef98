from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "qingyuan.kernel"
    label = "kernel"
    verbose_name = "内核"
