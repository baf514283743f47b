"""Rows of history_event are never changed, deleted or truncated."""

from django.db import migrations

from portefeuille.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]

    operations = [append_only("history_event")]
