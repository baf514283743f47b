"""What the ledger needs beneath its tables: one sequence for all sources, room for updates in place, append-only rows."""

from django.db import migrations

from portefeuille.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("wallet", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE ledger_source_id AS bigint", "DROP SEQUENCE ledger_source_id"),
        # A posting updates four columns of a narrow row: room in the page keeps that update off the indexes.
        migrations.RunSQL(
            "ALTER TABLE wallet_wallet SET (fillfactor = 60)", "ALTER TABLE wallet_wallet RESET (fillfactor)"
        ),
        append_only("wallet_transfer"),
    ]
