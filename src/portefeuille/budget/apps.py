from django.apps import AppConfig


class BudgetConfig(AppConfig):
    name = "portefeuille.budget"
    label = "budget"
