from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "portefeuille.applications"
    label = "applications"
