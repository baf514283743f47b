"""Rows of bank_movement are never changed, deleted or truncated."""

from django.db import migrations

from portefeuille.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("bank", "0001_initial")]

    operations = [append_only("bank_movement")]
