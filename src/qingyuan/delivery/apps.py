from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "qingyuan.delivery"
    label = "delivery"
    verbose_name = "实施"

    def ready(self) -> None:
        from qingyuan.delivery import (  # noqa: F401 (they register themselves)
            acceptance_papers,
            acceptance_parts,
            account_quotes,
            actions,
            audit_links,
            checks_acceptance,
            contributions,
            covered,
            doors_acceptance,
            evidence,
            evidence_papers,
            experience,
            involvement,
            navigation,
            progress_own,
            todos,
            todos_acceptance,
            todos_credit,
            todos_deviation,
            todos_output,
            todos_process,
        )
