"""The two groups of the desk; what they may do is a rule in editorial/permissions.py."""

from django.db import migrations


def make_groups(apps, schema_editor):
    for name in ("editor", "reviewer"):
        apps.get_model("auth", "Group").objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("editorial", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
