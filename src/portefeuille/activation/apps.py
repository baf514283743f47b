from django.apps import AppConfig


class ActivationConfig(AppConfig):
    name = "portefeuille.activation"
    label = "activation"
