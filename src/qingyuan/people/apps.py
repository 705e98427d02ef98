from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "qingyuan.people"
    label = "people"
    verbose_name = "单位与人员"

    def ready(self) -> None:
        from qingyuan.people import actions, navigation, todos  # noqa: F401 (they register themselves)
        from qingyuan.people.pool import actions as pool  # noqa: F401
