"""Mentions: other records with the removed text, which a redaction does not clean."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from publishing import documents
from publishing.models.edition import Edition


def find_mentions(values: Iterable[str]) -> list[tuple[str, UUID]]:
    """Return the type and id of each record with an Edition that contains one of some texts.

    This reads every document, which takes seconds if there are millions.
    """
    texts = [documents.dump(value.strip()).decode()[1:-1] for value in values if value.strip()]
    contains = reduce(or_, (Q(document__icontains=text) for text in texts), Q(pk=None))
    editions = Edition.objects.filter(contains).order_by("type", "record")
    return list(editions.values_list("type", "record").distinct())
