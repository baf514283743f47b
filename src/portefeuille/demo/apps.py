from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "portefeuille.demo"
    label = "demo"
