"""The groups of coordinators and administrators; what they may do is in editorial/permissions.py."""

from django.db import migrations


def make_groups(apps, schema_editor):
    for name in ("editor", "reviewer", "coordinator", "administrator"):
        apps.get_model("auth", "Group").objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("editorial", "0002_groups"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "permissions": [
                    ("manage_accounts", "Can invite and deactivate people and change groups")
                ],
                "verbose_name": "user",
                "verbose_name_plural": "users",
            },
        ),
        migrations.AlterModelOptions(
            name="submission",
            options={
                "ordering": ["-submitted_at", "-pk"],
                "permissions": [
                    ("review_submission", "Can approve, publish and withdraw"),
                    ("coordinate_submission", "Can assign submissions to others"),
                ],
            },
        ),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
