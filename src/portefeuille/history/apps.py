from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "portefeuille.history"
    label = "history"
