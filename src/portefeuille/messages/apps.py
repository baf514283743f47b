from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "portefeuille.messages"
    label = "messages"
