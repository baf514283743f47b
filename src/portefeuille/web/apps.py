from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "portefeuille.web"
    label = "web"
