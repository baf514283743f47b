from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "portefeuille.database"
    label = "database"
