from django.db import migrations, models

# Before there were administrators, whoever acted for an enterprise or a provider was entered by hand. Somebody must be
# able to let others in: the first who was entered, where nobody is an administrator.
_FIRST_ADMINISTRATES = """
UPDATE identity_capacity SET role = role_of_the_first.administrator
FROM (
    SELECT min(id) AS id, CASE role WHEN 'provider' THEN 'provider_admin' ELSE 'enterprise_admin' END AS administrator
    FROM identity_capacity
    WHERE role IN ('entrepreneur', 'provider') AND ended_at IS NULL AND basis = 'office'
    GROUP BY role, enterprise_number, provider_id
    HAVING NOT EXISTS (
        SELECT 1 FROM identity_capacity known
        WHERE known.role IN ('enterprise_admin', 'provider_admin') AND known.ended_at IS NULL
          AND known.enterprise_number = identity_capacity.enterprise_number
          AND known.provider_id IS NOT DISTINCT FROM identity_capacity.provider_id
    )
) AS role_of_the_first
WHERE identity_capacity.id = role_of_the_first.id
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_profile_figures")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="sessions_since",
            field=models.DateTimeField(help_text="every session that began before is over", null=True),
        ),
        migrations.RunSQL(_FIRST_ADMINISTRATES, migrations.RunSQL.noop),
    ]
