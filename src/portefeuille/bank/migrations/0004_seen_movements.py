from django.db import migrations, models

# Who reads the books; ``system`` is the worker. The walls of the other tables are in database/walls.py.
VIEW = """
CREATE VIEW bank_movement_seen WITH (security_barrier) AS
SELECT * FROM bank_movement
WHERE (SELECT current_setting('kmo.role', true) IN ('system', 'operator', 'office', 'inspector', 'auditor'))
"""


class Migration(migrations.Migration):
    dependencies = [("bank", "0003_payments_name_project")]

    operations = [
        migrations.AlterField(
            model_name="movement",
            name="statement",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=models.DO_NOTHING,
                related_name="+",
                to="bank.statement",
            ),
        ),
        migrations.CreateModel(
            name="SeenMovement",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("line", models.IntegerField()),
                ("amount_cents", models.BigIntegerField(help_text="signed: positive came in")),
                ("entry_on", models.DateField()),
                ("reference", models.CharField(blank=True, max_length=12)),
                ("end_to_end_id", models.CharField(blank=True, max_length=35)),
                ("kind", models.CharField(max_length=20)),
                ("communication", models.TextField(blank=True)),
                ("counterparty_name", models.CharField(blank=True, max_length=140)),
                ("counterparty_account", models.CharField(blank=True, max_length=37)),
            ],
            options={"db_table": "bank_movement_seen", "managed": False},
        ),
        migrations.RunSQL(VIEW, "DROP VIEW bank_movement_seen"),
    ]
