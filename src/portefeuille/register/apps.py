from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "portefeuille.register"
    label = "register"
