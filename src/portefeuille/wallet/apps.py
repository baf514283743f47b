from django.apps import AppConfig


class WalletConfig(AppConfig):
    name = "portefeuille.wallet"
    label = "wallet"
