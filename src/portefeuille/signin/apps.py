from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "portefeuille.signin"
    label = "signin"
