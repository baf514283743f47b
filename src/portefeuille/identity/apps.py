from django.apps import AppConfig
from django.core import checks


class IdentityConfig(AppConfig):
    name = "portefeuille.identity"
    label = "identity"

    def ready(self) -> None:
        """Have the settings checked before any command runs."""
        from portefeuille.identity.checks import demo_sign_in_only_in_a_demo

        checks.register(demo_sign_in_only_in_a_demo, checks.Tags.security)
