"""Where project numbers come from."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE application_project_number", "DROP SEQUENCE application_project_number"
        )
    ]
