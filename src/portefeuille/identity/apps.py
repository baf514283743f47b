from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "portefeuille.identity"
    label = "identity"
