from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "qingyuan.review"
    label = "review"
    verbose_name = "评审"

    def ready(self) -> None:
        from qingyuan.review import (  # noqa: F401 (they register themselves)
            actions,
            archive_formcheck,
            archive_panel,
            archive_visits,
            assessment_doors,
            consultation_desk,
            expert_reminders,
            formcheck_desk,
            navigation,
            panel_draws,
            panel_visits,
            reminders_experts,
            reminders_publicity,
            todos,
            todos_draws,
        )
