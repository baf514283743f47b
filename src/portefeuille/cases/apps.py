from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "portefeuille.cases"
    label = "cases"
