from django.db import migrations, models

# Letters and cards that waited for an address before there were cases for them get one, with a week from today.
OPEN = """
INSERT INTO cases_case (kind, subject_id, enterprise_number, about_person, opened_at, term_on, outcome, reasons)
SELECT 'letter_address', id, enterprise_number, person_id, asked_at, current_date + 7, '', ''
FROM activation_activation WHERE state = 'needs_office'
UNION ALL
SELECT 'card_address', id, '', person_id, ordered_at, current_date + 7, '', ''
FROM signin_codecard WHERE state = 'no_address'
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("activation", "0001_initial"),
        ("cases", "0001_initial"),
        ("signin", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.CharField(
                choices=[
                    ("application", "application"),
                    ("letter_address", "letter_address"),
                    ("card_address", "card_address"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="about_person",
            field=models.BigIntegerField(help_text="whose own request it is", null=True),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(about_person=None)
                | models.Q(proposed_by=None)
                | ~models.Q(proposed_by=models.F("about_person")),
                name="case_proposed_by_another_than_it_is_about",
            ),
        ),
        migrations.RunSQL(OPEN, migrations.RunSQL.noop),
    ]
