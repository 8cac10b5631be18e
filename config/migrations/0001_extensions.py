"""The extensions of PostgreSQL that indexes need. All are trusted: no superuser is needed."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    run_before = [
        ("publishing", "0001_initial"),
        ("curation", "0001_initial"),
        ("editorial", "0001_initial"),
        ("sources", "0001_initial"),
        ("places", "0001_initial"),
        ("actors", "0001_initial"),
        ("incidents", "0001_initial"),
    ]
    operations = [BtreeGistExtension(), TrigramExtension()]
