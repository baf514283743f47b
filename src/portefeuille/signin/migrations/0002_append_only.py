"""Rows of signin_attempt are never changed, deleted or truncated."""

from django.db import migrations

from portefeuille.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("signin", "0001_initial")]

    operations = [append_only("signin_attempt")]
