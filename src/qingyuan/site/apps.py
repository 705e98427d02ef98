from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "qingyuan.site"
    label = "site"
    verbose_name = "首页与公开页"

    def ready(self) -> None:
        from qingyuan.site import navigation, places  # noqa: F401 (they register themselves)
