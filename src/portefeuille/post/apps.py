from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "portefeuille.post"
    label = "post"
