import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("editorial", "0003_more_groups")]
    operations = [
        migrations.AddField(
            model_name="submission",
            name="taken_over_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Who continues it, because the account that submitted it was deactivated.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_over_submissions",
                to=settings.AUTH_USER_MODEL,
            ),
        )
    ]
