from django.apps import AppConfig


class BankConfig(AppConfig):
    name = "portefeuille.bank"
    label = "bank"
