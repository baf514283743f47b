from django.db import migrations

# What waited for the office before there were cases gets one, with two weeks from its submission.
OPEN = """
INSERT INTO cases_case (kind, subject_id, enterprise_number, opened_at, term_on, outcome, reasons)
SELECT 'application', id, enterprise_number, submitted_at, submitted_at::date + 14, '', ''
FROM applications_application WHERE state = 'submitted'
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0003_project_number"), ("cases", "0001_initial")]

    operations = [migrations.RunSQL(OPEN, migrations.RunSQL.noop)]
