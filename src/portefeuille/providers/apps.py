from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "portefeuille.providers"
    label = "providers"
