from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "qingyuan.site"
    label = "site"
    verbose_name = "首页与公开页"
