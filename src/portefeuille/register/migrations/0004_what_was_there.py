"""A register that was there before there was a search can be searched, and keeps what no extract brought.

Without an extract nobody but ourselves put an enterprise there.
"""

from django.db import migrations

from portefeuille.register import search_entries

OURS = "UPDATE register_enterprise SET from_extract = false WHERE NOT EXISTS (SELECT FROM register_extract)"


def fill_search(apps, schema_editor):
    """Only where there is something to find: on a new database this step must not bind the tables of later."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM register_enterprise)")
        (is_filled,) = cursor.fetchone()
    if is_filled:
        search_entries.fill("register_")


class Migration(migrations.Migration):
    dependencies = [("register", "0003_beside_the_register")]

    operations = [
        migrations.RunSQL(OURS, migrations.RunSQL.noop),
        migrations.RunPython(fill_search, migrations.RunPython.noop),
    ]
