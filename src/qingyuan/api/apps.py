from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "qingyuan.api"
    label = "api"
    verbose_name = "程序接口"
