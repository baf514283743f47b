from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("history", "0004_looks")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["enterprise_number", "-id"], name="event_of_enterprise"),
        ),
    ]
