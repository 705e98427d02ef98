from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "qingyuan.ui"
    label = "ui"
    verbose_name = "界面"
